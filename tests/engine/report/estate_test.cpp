// What a person is told of the estate stays readable however large it is, and however odd the names are.
#include "engine/report/estate.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/json.hpp"

namespace fairway::estate_test {

namespace {

std::vector<std::string> hosts_named(std::size_t many) {
    std::vector<std::string> out;
    for (std::size_t i = 1; i <= many; ++i) out.push_back(fmt::format("HV{:03}", i));
    return out;
}

}  // namespace

TEST_CASE("found hosts are counted, and new ones named") {
    Plan plan;
    CHECK(report::found_text(plan, {}).empty());
    plan.found = hosts_named(600);
    CHECK(report::found_text(plan, {}) ==
          "Searches found 600 hosts: HV001, HV002, HV003, HV004, HV005 and 595 more.\n");
    plan.since = FoundSince{};
    CHECK(report::found_text(plan, {}) ==
          "Searches found 600 hosts: HV001, HV002, HV003, HV004, HV005 and 595 more. The store has no run of this "
          "estate, so it is not known which of them are new.\n");
    plan.found = {"HV01"};
    plan.since->run = "2026-11-22-03";
    CHECK(report::found_text(plan, {}) == "Searches found 1 host: HV01. None is new since run 2026-11-22-03.\n");
    plan.since->fresh = {"HV\x1b[1m"};
    CHECK(report::found_text(plan, {}) ==
          "Searches found 1 host: HV01.\n! 1 host new since run 2026-11-22-03: HV\\x1b[1m\n");
    plan.since->fresh = hosts_named(50);
    CHECK(report::found_text(plan, {}).ends_with(", HV049, HV050\n"));
    plan.since->fresh = hosts_named(51);
    CHECK(report::found_text(plan, {}).ends_with(", HV050 and 1 more\n"));
}

TEST_CASE("findings about the estate: worst first, with the account's name, and not without end") {
    std::vector<EstateFinding> all = {
        {.fault = EstateFault::left_out, .object = "x$", .dn = "CN=x\n", .condition = {}, .because = "is odd"},
        {.fault = EstateFault::name_claimed, .object = "y$", .dn = "CN=y", .condition = {}, .because = "claims"}};
    CHECK(report::text(all, {}) ==
          "  high    y$  claims a name  claims (CN=y)\n"
          "  medium  x$  left out       is odd (CN=x\\x0a)\n");
    all.resize(1'000, all[0]);
    const std::string text = report::text(all, {});
    CHECK(std::count(text.begin(), text.end(), '\n') == 41);
    CHECK(text.ends_with("  and 960 more findings about the estate; --output json has all.\n"));
    CHECK(report::json(all).size() == 1'000);
}

}  // namespace fairway::estate_test
