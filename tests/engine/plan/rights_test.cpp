// Which writes a plan needs rights for, which verdicts stop it, and how that is put into words.
#include "engine/plan/rights.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/report/rights.hpp"
#include "tests/sample.hpp"

namespace fairway::rights_test {

namespace {

const Address services{"HV01", &setting::delegation_services},
    transition{"HV02", &setting::delegation_protocol_transition};
const Address enabled{"HV01", &setting::migration_enabled};

Plan three_changes() {
    return sample::plan_with({{services, Set({"a"}), Set({"a", "b"}), {"r"}, {}},
                              {transition, false, true, {"r"}, {}},
                              {enabled, false, true, {"r"}, {}},
                              {services, Set({"a", "b"}), Set({"b"}), {"r"}, {}}});
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("rights: every address of a plan is asked for once") {
    CHECK(writes_of(three_changes()) == std::vector<Address>{services, enabled, transition});
    CHECK(writes_of(Plan{}).empty());
}

TEST_CASE("rights: only a known no refuses, and every one of them is named") {
    CHECK(check_rights({}).has_value());
    CHECK(check_rights({{services, {May::yes, {}}}, {transition, {May::by_default, "if"}}, {enabled, {}}}).has_value());
    const auto refused = check_rights(
        {{services, {May::no, "grant this"}}, {transition, {May::no, "grant that"}}, {enabled, {May::unknown, "?"}}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::denied);
    CHECK(refused.error().text ==
          "computer HV01 delegation.services: the caller may not write it; grant this\n"
          "computer HV02 delegation.protocol_transition: the caller may not write it; grant that");
}

TEST_CASE("rights: a report counts changes, names what is refused, and groups what is not known") {
    const report::Style plain;
    const Plan plan = three_changes();
    const Right fine{May::yes, {}};
    CHECK(report::text(plan, {{services, fine}, {transition, fine}, {enabled, fine}}, plain) ==
          "The caller may make all 3 directory changes.\n");
    CHECK(report::text(plan, {{services, {May::by_default, "if X"}}, {transition, fine}, {enabled, fine}}, plain) ==
          "The caller may make all 3 directory changes (2 of them if X).\n");
    const std::string mixed =
        report::text(plan, {{services, {May::no, "grant it"}}, {transition, {May::unknown, "look there"}}}, plain);
    CHECK(has(mixed,
              "! The caller may not make 2 of 3 directory changes; an apply by it is refused:\n"
              "  ✗ computer HV01 delegation.services: grant it\n"));
    CHECK(has(mixed, "? Whether the caller may make 1 of 3 directory changes is not known: look there\n"));
    CHECK(has(mixed, "? Whether the caller may make 1 host change is not known: "));  // an oversight is no yes
    CHECK_FALSE(has(mixed, "The caller may make"));
    CHECK_FALSE(has(report::text(plan, {{services, {May::no, "\x1b[2J"}}}, plain), "\x1b"));
    CHECK(report::text(Plan{}, {}, plain).empty());
}

}  // namespace fairway::rights_test
