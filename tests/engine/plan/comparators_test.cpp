// What satisfies a want, what remedies it, and which wants agree.
#include "engine/plan/comparators.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::comparators_test {

using sample::want;

namespace {

const Setting& services = setting::delegation_services;

struct Row {
    const Setting& setting;
    Want want;
    Value held;
    std::optional<Value> remedied;  // empty: it is satisfied
};

}  // namespace

TEST_CASE("a remedy is the smallest change that satisfies") {
    const Row rows[] = {
        {setting::migration_enabled, want(Comparator::equals, true), false, true},
        {setting::migration_enabled, want(Comparator::equals, true), true, {}},
        {setting::migration_max_live, want(Comparator::at_least, std::int64_t{2}), std::int64_t{1}, std::int64_t{2}},
        {setting::migration_max_live, want(Comparator::at_least, std::int64_t{2}), std::int64_t{9}, {}},
        {setting::migration_max_live, want(Comparator::at_most, std::int64_t{4}), std::int64_t{9}, std::int64_t{4}},
        {services, want(Comparator::includes, Set({"a", "b"})), Set({"A", "x"}), Set({"A", "b", "x"})},
        {services, want(Comparator::includes, Set({"a"})), Set({"A", "x"}), {}},
        {services, want(Comparator::within, Set({"a", "b"})), Set({"A", "x"}), Set({"A"})},
        {services, want(Comparator::within, Set({"a", "b"})), Set(), {}},
        {services, want(Comparator::without, Set({"ldap/*", "gc/*"})), Set({"LDAP/dc1", "cifs/ldap", "gc/dc1/corp"}),
         Set({"cifs/ldap"})},
        {services, want(Comparator::without, Set({"ldap/*"})), Set({"cifs/HV02", "ldapx/dc1"}), {}},
        {services, want(Comparator::without, Set({"*/dc?"})), Set({"cifs/DC1", "cifs/DC11"}), Set({"cifs/DC11"})},
        {services, want(Comparator::without, Set({"*"})), Set(), {}},
        {services, want(Comparator::vanished, Set({"cifs/gone", "x*"})), Set({"CIFS/Gone", "xy"}), Set({"xy"})},
        {services, want(Comparator::vanished, Set({"cifs/gone"})), Set({"cifs/gone1"}), {}},
        {services, want(Comparator::vanished, Set()), Set({"a"}), {}},
        {services, want(Comparator::equals, Set({"a", "b"})), Set({"A", "x"}), Set({"A", "b"})},
        {setting::migration_networks,
         want(Comparator::equals, Set({"10.9.0.0/16"})),
         Set({"10.9.0.0/16 metric 5"}),
         {}},
        {setting::migration_networks, want(Comparator::equals, Set({"any"})), Set({"10.9.0.0/16"}), Set({"any"})},
    };
    for (const Row& row : rows) {
        INFO(show(row.setting, row.want), " of ", show(row.setting, row.held));
        CHECK(satisfied(row.setting, row.want, row.held) == !row.remedied);
        if (row.remedied) CHECK(remedy(row.setting, row.want, row.held) == row.remedied);
    }
}

TEST_CASE("restoring puts back our own and leaves what others did") {
    Want back = want(Comparator::restore, Set({"a", "old"}));
    back.from = Set({"a", "new"});
    CHECK(remedy(services, back, Set({"a", "new", "theirs"})) == Value(Set({"a", "old", "theirs"})));
    CHECK(satisfied(services, back, Set({"old", "theirs"})));  // somebody took `a`: not ours to put back

    Want word = want(Comparator::restore, std::string("tcpip"));
    word.from = std::string("compression");
    CHECK(remedy(setting::migration_performance, word, std::string("compression")) == Value(std::string("tcpip")));
    CHECK(remedy(setting::migration_performance, word, std::string("smb")) == std::nullopt);
    CHECK(satisfied(setting::migration_performance, word, std::string("tcpip")));

    back.from = std::nullopt;  // the write is in doubt
    CHECK(remedy(services, back, Set({"a"})) == std::nullopt);
}

TEST_CASE("wants agree when one value can be both") {
    struct Pair {
        const Setting& setting;
        Want a, b;
        bool together;
    };
    const std::int64_t two = 2, three = 3;
    const Pair pairs[] = {
        {services, want(Comparator::includes, Set({"a"})), want(Comparator::within, Set({"A", "b"})), true},
        {services, want(Comparator::includes, Set({"c"})), want(Comparator::within, Set({"a", "b"})), false},
        {services, want(Comparator::includes, Set({"a"})), want(Comparator::equals, Set({"b"})), false},
        {services, want(Comparator::includes, Set({"a"})), want(Comparator::includes, Set({"b"})), true},
        {services, want(Comparator::includes, Set({"a/1"})), want(Comparator::without, Set({"b/*"})), true},
        {services, want(Comparator::includes, Set({"a/1"})), want(Comparator::without, Set({"A/?"})), false},
        {services, want(Comparator::equals, Set({"a/1"})), want(Comparator::without, Set({"*/1"})), false},
        {services, want(Comparator::equals, Set()), want(Comparator::without, Set({"*"})), true},
        {services, want(Comparator::within, Set({"a/1"})), want(Comparator::without, Set({"a/1"})), true},
        {services, want(Comparator::without, Set({"a/*"})), want(Comparator::without, Set({"b/*"})), true},
        {services, want(Comparator::includes, Set({"a/1"})), want(Comparator::vanished, Set()), true},
        {services, want(Comparator::without, Set({"a/1"})), want(Comparator::vanished, Set()), true},
        {setting::migration_max_live, want(Comparator::at_least, three), want(Comparator::at_most, two), false},
        {setting::migration_max_live, want(Comparator::at_least, two), want(Comparator::equals, three), true},
        {setting::migration_enabled, want(Comparator::equals, true), want(Comparator::equals, false), false},
    };
    for (const Pair& pair : pairs) {
        INFO(show(pair.setting, pair.a), " / ", show(pair.setting, pair.b));
        CHECK(agree(pair.setting, pair.a, pair.b) == pair.together);
        CHECK(agree(pair.setting, pair.b, pair.a) == pair.together);
    }
}

}  // namespace fairway::comparators_test
