// Ninety hosts with one wrong setting are one answer; what differs stays apart until there is too much of it.
#include "engine/report/groups.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/report/findings.hpp"
#include "tests/engine/report/findings_sample.hpp"

namespace fairway::groups_test {

using report_sample::finding;

namespace {

bool any(const Finding&) { return true; }

std::vector<std::size_t> sizes(const std::vector<report::Group>& groups) {
    std::vector<std::size_t> out;
    for (const report::Group& group : groups) out.push_back(group.findings.size());
    return out;
}

}  // namespace

TEST_CASE("a cause is what is said of many hosts in the same words") {
    CHECK(report::cause_of("hv01.corp.example port 1 refuses", "HV01") == "….corp.example port 1 refuses");
    CHECK(report::cause_of("HV01: HV010 and xHV01 and HV01-b", "HV01") == "…: HV010 and xHV01 and HV01-b");
    CHECK(report::cause_of("the address 10.20.0.17 (fd00:20::b) of HV01.", "HV01") == "the address … (…) of ….");
    CHECK(report::cause_of("version 1.2.3 of it", "") == "version 1.2.3 of it");
    CHECK(report::cause_of("", "HV01").empty());
}

TEST_CASE("equal findings are one group, whatever the order") {
    std::vector<Finding> findings;
    for (int i = 1; i <= 91; ++i) {
        findings.push_back(finding(fmt::format("HV{:03}", i), setting::migration_authentication, std::string("credssp"),
                                   std::string("kerberos"), "is credssp, wanted kerberos"));
        if (i == 50) findings.push_back(finding("HV050", setting::migration_enabled, false, true, "is off, wanted on"));
    }
    CHECK(sizes(report::grouped(findings, any)) == std::vector<std::size_t>{91, 1});
    CHECK(report::ungrouped(findings, any).size() == 92);
    CHECK(report::grouped(findings, [](const Finding& one) { return one.address.object == "HV050"; }).size() == 2);
    findings[0].rule = "another";
    findings[1].severity = Severity::low;
    findings[2].verdict = Verdict::excepted;
    CHECK(sizes(report::grouped(findings, any)) == std::vector<std::size_t>{1, 1, 1, 88, 1});
}

TEST_CASE("up to three reasons of one setting stay apart, more become one group with what they have in common") {
    const auto lists = [](std::size_t many) {
        std::vector<Finding> out;
        for (std::size_t i = 1; i <= many; ++i) {
            std::vector<std::string> wanted = {"cifs/A"};
            for (std::size_t k = 0; k < i; ++k) wanted.push_back(fmt::format("cifs/B{}", k));
            out.push_back(finding(fmt::format("HV{}", i), setting::delegation_services, Set({"cifs/A"}), Set(wanted),
                                  fmt::format("{} missing", i)));
        }
        return out;
    };
    const auto apart = lists(3), together = lists(4);
    CHECK(report::grouped(apart, any).size() == 3);
    const auto groups = report::grouped(together, any);
    REQUIRE(groups.size() == 1);
    CHECK(groups[0].because == "1 to 4 values missing");
    auto both = together;
    both[2].held = Value(Set({"cifs/A", "cifs/old"}));
    CHECK(report::grouped(both, any)[0].because == "1 to 4 values missing, 1 value too many");
    auto words = together;
    for (Finding& one : words) one.address.setting = &setting::migration_networks, one.remedy.reset();
    CHECK(report::grouped(words, any)[0].because == "HV1: 1 missing; the others differ in that");
}

TEST_CASE("hostile words of a host stay on their line") {
    const std::vector<Finding> findings = {
        finding("HV01", setting::migration_authentication, std::string("x"), std::string("kerberos"), "is \x1b[2J\nx")};
    CHECK(report::grouped(findings, any)[0].because == "is \\x1b[2J\\x0ax");
}

}  // namespace fairway::groups_test
