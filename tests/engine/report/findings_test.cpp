// What could not be read is said once for each cause, and equal findings once with the first hosts.
#include "engine/report/findings.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/engine/report/findings_sample.hpp"

namespace fairway::findings_test {

using report_sample::finding;
using report_sample::unread;

namespace {

report::Style wide() {
    report::Style out;
    out.columns = 200;
    return out;
}

Policy of_two_files() {
    Policy out;
    out.file = "p.yaml";
    out.included = {{"rules/common.yaml", {}}};
    return out;
}
const Policy policy = of_two_files();

std::vector<Finding> dead(int hosts) {
    std::vector<Finding> out;
    for (int i = 1; i <= hosts; ++i) {
        const std::string host = fmt::format("HV{:03}", i);
        for (const Setting* row :
             {&setting::migration_enabled, &setting::migration_authentication, &setting::migration_networks})
            out.push_back(unread(host, *row, fmt::format("{}: the name hv{:03}.x has no address", host, i)));
    }
    return out;
}

}  // namespace

TEST_CASE("a hundred hosts without an address are one line, and drift comes before it") {
    std::vector<Finding> findings = dead(128);
    findings.push_back(finding("HV200", setting::migration_enabled, false, true, "is off, wanted on"));
    CHECK(report::findings_text(findings, &policy, wide()) ==
          "  high  HV200  migration.enabled  standard  p.yaml:7  is off, wanted on\n"
          "  unreadable  128 hosts  the host  HV001: the name hv001.x has no address; likewise HV002, HV003, HV004, "
          "HV005 and "
          "123 more\n");
    const Json json = report::unread_json(findings);
    REQUIRE(json.size() == 1);
    CHECK(json[0]["objects"].size() == 128);
    CHECK(json[0]["because"] == "HV001: the name hv001.x has no address");
    CHECK_FALSE(json[0].contains("settings"));
}

TEST_CASE("one cause of many hosts in the same words names them behind it; a part of what was asked is named") {
    std::vector<Finding> findings;
    for (const char* host : {"HV01", "HV02"}) {
        findings.push_back(unread(host, setting::delegation_services, "dc01 does not answer"));
        findings.push_back(unread(host, setting::spn_migration, "dc01 does not answer"));
    }
    CHECK(report::unread_text(findings, wide()) ==
          "  unreadable  2 accounts  the account  dc01 does not answer: HV01, HV02\n");
    findings.push_back(finding("HV02", setting::delegation_unconstrained, true, false, "is yes, wanted no"));
    CHECK(report::unread_text(findings, wide()) ==
          "  unreadable  HV01  the account                         dc01 does not answer\n"
          "  unreadable  HV02  delegation.services, spn.migration  dc01 does not answer\n");
    CHECK(report::unread_json(findings)[1]["settings"] == Json({"delegation.services", "spn.migration"}));
    report::Detail full;
    full.full = true;
    CHECK(report::unread_text(findings, wide(), full) ==
          "  unreadable  HV01  delegation.services  standard    dc01 does not answer\n"
          "  unreadable  HV01  spn.migration        standard    dc01 does not answer\n"
          "  unreadable  HV02  delegation.services  standard    dc01 does not answer\n"
          "  unreadable  HV02  spn.migration        standard    dc01 does not answer\n");
}

TEST_CASE("what is unknown for one cause is one line as well") {
    std::vector<Finding> findings;
    for (const char* host : {"HV01", "HV02", "HV03"}) {
        Finding one = unread(host, setting::delegation_services, "FILES was not seen to be a Hyper-V host");
        one.verdict = Verdict::unknown;
        findings.push_back(std::move(one));
    }
    CHECK(report::findings_text(findings, &policy, wide()) ==
          "  unknown  3 accounts  the account  FILES was not seen to be a Hyper-V host: HV01, HV02, HV03\n");
}

TEST_CASE("equal drift says what changes and who it is; the worst and the most frequent come first") {
    std::vector<Finding> findings;
    for (int i = 1; i <= 7; ++i)
        findings.push_back(finding(fmt::format("HV{:02}", i), setting::migration_authentication, std::string("credssp"),
                                   std::string("kerberos"), "is credssp, wanted kerberos"));
    for (int i = 1; i <= 9; ++i)
        findings.push_back(
            finding(fmt::format("HV{:02}", i), setting::migration_enabled, false, true, "is off, wanted on"));
    findings.push_back(finding("HV09", setting::delegation_unconstrained, true, false, "is yes, wanted no"));
    findings.back().severity = Severity::critical;
    findings.push_back(
        finding("HV09", setting::migration_performance, std::string("smb"), std::string("smb"), "is smb"));
    findings.back().verdict = Verdict::compliant;
    CHECK(report::findings_text(findings, &policy, wide()) ==
          "  critical  HV09     delegation.unconstrained  standard  p.yaml:7  is yes, wanted no\n"
          "  high      9 hosts  migration.enabled         standard  p.yaml:7  off → on: HV01, HV02, HV03, HV04, HV05 "
          "and 4 more\n"
          "  high      7 hosts  migration.authentication  standard  p.yaml:7  credssp → kerberos: HV01, HV02, HV03, "
          "HV04, HV05 "
          "and 2 more\n");
    report::Detail full;
    full.full = true;
    const std::string each = report::findings_text(findings, &policy, wide(), full);
    CHECK(std::count(each.begin(), each.end(), '\n') == 17);
    report::Detail all;
    all.all = true;
    CHECK(report::findings_text(findings, &policy, wide(), all)
              .ends_with("compliant  HV09     migration.performance     standard  p.yaml:7  is smb\n"));
}

TEST_CASE("in JSON a small set is whole, a large one is counted with the first of what is missing or too many") {
    const auto names = [](int first, int last) {
        std::vector<std::string> out;
        for (int i = first; i <= last; ++i) out.push_back(fmt::format("cifs/HV{:03}", i));
        return Set(out);
    };
    const Json small = report::to_json(finding("HV01", setting::delegation_services, names(1, 2), names(1, 32), "x"));
    CHECK(small["held"].size() == 2);
    CHECK(small["remedy"].size() == 32);
    CHECK_FALSE(small.contains("missing"));
    const Json large = report::to_json(finding("HV01", setting::delegation_services, names(0, 2), names(1, 124), "x"));
    CHECK(large["held"].size() == 3);
    CHECK(large["remedy_count"] == 124);
    CHECK(large["missing_count"] == 122);
    CHECK(large["missing"].size() == 8);
    CHECK(large["missing"][0] == "cifs/HV003");
    CHECK(large["excess"] == Json({"cifs/HV000"}));
    CHECK_FALSE(large.contains("remedy"));
}

TEST_CASE("a finding of a rule that was included names the file that was included") {
    std::vector<Finding> findings = {finding("HV01", setting::migration_enabled, false, true, "is off, wanted on")};
    CHECK_FALSE(report::to_json(findings[0], &policy).contains("file"));
    findings[0].where.file = 1;
    CHECK(report::findings_text(findings, &policy, wide()) ==
          "  high  HV01  migration.enabled  standard  rules/common.yaml:7  is off, wanted on\n");
    CHECK(report::to_json(findings[0], &policy)["file"] == "rules/common.yaml");
    CHECK(report::equal_findings_json(findings, policy)[0]["file"] == "rules/common.yaml");
}

}  // namespace fairway::findings_test
