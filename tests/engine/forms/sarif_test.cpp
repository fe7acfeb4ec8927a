// Are findings results with the right rule and level, and their words no links and no placeholders?
#include "engine/forms/sarif.hpp"
#include "engine/base/json.hpp"

#include <tuple>

#include <doctest/doctest.h>

namespace fairway::sarif_test {

namespace {

Json run_of(const std::string& verdict, const std::string& severity, const std::string& because) {
    const Json finding = {{"object", "HV01"},   {"setting", "migration.enabled"}, {"rule", "r"},
                          {"verdict", verdict}, {"severity", severity},           {"because", because},
                          {"line", 7}};
    const auto log = parse_json(
        forms::sarif({{"command", "audit"}, {"policy_file", "my policy.yaml"}, {"findings", Json::array({finding})}}));
    REQUIRE(log);
    return (*log)["runs"][0];
}

}  // namespace

TEST_CASE("sarif: a severity is a level, and only a failure has one") {
    for (const auto& [verdict, severity, kind, level] :
         {std::tuple("drifted", "critical", "fail", "error"), std::tuple("drifted", "medium", "fail", "warning"),
          std::tuple("drifted", "low", "fail", "note"), std::tuple("compliant", "high", "pass", "none"),
          std::tuple("unreadable", "high", "open", "none"), std::tuple("absent", "high", "notApplicable", "none"),
          std::tuple("conflict", "high", "review", "none")}) {
        const Json one = run_of(verdict, severity, "why")["results"][0];
        CHECK(one["kind"] == kind);
        CHECK(one["level"] == level);
        CHECK(one["ruleId"] == "migration.enabled");
    }
}

TEST_CASE("sarif: a finding of an included rule is in the file that was included") {
    const auto log =
        parse_json(forms::sarif({{"command", "audit"},
                                 {"policy_file", "policy.yaml"},
                                 {"findings",
                                  {{{"object", "HV01"}, {"setting", "s"}, {"line", 7}, {"file", "rules/a.yaml"}},
                                   {{"object", "HV02"}, {"setting", "s"}, {"line", 9}}}}}));
    REQUIRE(log);
    const auto place = [&](std::size_t i) -> const Json& {
        return (*log)["runs"][0]["results"][i]["locations"][0]["physicalLocation"];
    };
    CHECK(place(0)["artifactLocation"]["uri"] == "rules/a.yaml");
    CHECK(place(0)["region"]["startLine"] == 7);
    CHECK(place(1)["artifactLocation"]["uri"] == "policy.yaml");
}

TEST_CASE("sarif: words are no links and no placeholders; a file is a URI") {
    const Json run = run_of("drifted", "high", "[a](b) {0} \\ \x1b");
    CHECK(run["results"][0]["message"]["text"] == "HV01: migration.enabled \\[a\\](b) {{0}} \\\\ \\\\x1b");
    const Json& place = run["results"][0]["locations"][0]["physicalLocation"];
    CHECK(place["artifactLocation"]["uri"] == "my%20policy.yaml");
    CHECK(place["region"]["startLine"] == 7);
}

}  // namespace fairway::sarif_test
