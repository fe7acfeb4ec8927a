// What is asked of whom: what is wanted, what decides about it, and what paths rest on; nothing twice.
#include "engine/plan/scope.hpp"

#include <algorithm>
#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/paths/conditions.hpp"
#include "tests/sample.hpp"

namespace fairway::scope_test {

using sample::want;

namespace {

bool asks(const std::vector<Address>& all, const char* object, const Setting& row) {
    return std::count(all.begin(), all.end(), Address{object, &row}) == 1;
}

// A host that is in no migration domain: of it, paths ask nothing.
Inventory alone() {
    Inventory out = sample::inventory();
    out.domains.clear();
    out.hosts.resize(1);
    out.hosts[0].domain.clear();
    return out;
}

}  // namespace

TEST_CASE("each host of a migration domain is asked what paths rest on, once, in order") {
    const auto all = scope({}, sample::inventory());
    CHECK(std::is_sorted(all.begin(), all.end()));
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
    for (const char* host : {"HV01", "HV02", "HV03"}) {
        for (const Setting* row : path_settings()) CHECK(asks(all, host, *row));
        CHECK_FALSE(asks(all, host, setting::host_credential_guard));  // it may not matter there
        CHECK(asks(all, host, setting::account_sid));
        CHECK_FALSE(asks(all, host, setting::host_running_migrations));
    }
    CHECK(scope({}, alone()).empty());
}

TEST_CASE("with what is wanted is asked what decides about it") {
    struct Row {
        const Setting& wanted;
        Want want;
        std::vector<const Setting*> also;
    };
    const std::vector<Row> rows = {
        {setting::migration_performance, want(Comparator::equals, std::string("smb")), {}},
        {setting::migration_authentication,
         want(Comparator::equals, std::string("kerberos")),
         {&setting::host_running_migrations}},
        {setting::migration_authentication,
         want(Comparator::equals, std::string("credssp")),
         {&setting::host_running_migrations, &setting::host_credential_guard}},
        {setting::migration_max_live, want(Comparator::at_least, std::int64_t{2}), {&setting::host_cluster}},
        {setting::delegation_services,
         want(Comparator::vanished, Set()),
         {&setting::delegation_vanished, &setting::account_sid, &setting::account_dns_name, &setting::account_flags}},
    };
    for (const Row& row : rows) {
        const auto all = scope({{{"HV01", &row.wanted}, {row.want}}}, alone());
        CAPTURE(row.wanted.name);
        CHECK(all.size() == row.also.size() + 1);
        CHECK(asks(all, "HV01", row.wanted));
        for (const Setting* also : row.also) CHECK(asks(all, "HV01", *also));
    }
}

TEST_CASE("of a found computer is asked whether it is a host at all") {
    Inventory inventory = alone();
    inventory.hosts[0].found = true;
    CHECK(scope({}, inventory) == std::vector<Address>{{"HV01", &setting::migration_enabled}});
}

}  // namespace fairway::scope_test
