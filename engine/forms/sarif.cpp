// See sarif.hpp. Sections are those of SARIF 2.1.0.
#include "engine/forms/sarif.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/fields.hpp"
#include "engine/model/catalogue.hpp"

namespace fairway::forms {
namespace {

// Braces and brackets have a meaning in messages (3.11.5, 3.11.6).
Json message(std::string_view raw) {
    std::string out;
    for (const char c : text::printable(raw)) {
        if (c == '{' || c == '}') out += c;
        if (c == '[' || c == ']' || c == '\\') out += '\\';
        out += c;
    }
    return {{"text", out}};
}

// A file's name as a relative URI reference (RFC 3986).
std::string uri(std::string_view path) {
    std::string out;
    for (const char c : path) {
        const bool stands = text::is_alnum(c) || std::string_view("-._~/").find(c) != std::string_view::npos;
        out += stands ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string_view level_of(std::string_view severity) {
    if (severity == "critical" || severity == "high") return "error";
    return severity == "medium" ? "warning" : "note";
}

struct Found {
    std::string rule, title, help;
    std::string kind = "fail", severity;
    std::string says;
    std::vector<std::string> place;  // host, setting
    std::string file;                // and the line in it, where the finding has one
    std::int64_t line = 0;
    std::string policy_rule = "";
    std::string mark = "";  // what tells it from others of the same rule and place
};

class Log {
public:
    void add(const Found& one) {
        const auto [it, fresh] = places_.try_emplace(one.rule, rules_.size());
        if (fresh)
            rules_.push_back({{"id", one.rule},
                              {"shortDescription", message(one.title)},
                              {"fullDescription", message(one.help)},
                              {"help", message(one.help)}});
        const std::string where = text::join(one.place, "/");
        Json location = {{"logicalLocations",
                          {{{"name", text::printable(one.place.empty() ? "estate" : one.place.back())},
                            {"fullyQualifiedName", text::printable(where)},
                            {"kind", "resource"}}}}};
        if (!one.file.empty() && one.line > 0)
            location["physicalLocation"] = {{"artifactLocation", {{"uri", uri(one.file)}}},
                                            {"region", {{"startLine", one.line}}}};
        Json out = {
            {"ruleId", one.rule},
            {"ruleIndex", it->second},
            {"kind", one.kind},
            {"level", one.kind == "fail" ? level_of(one.severity) : "none"},
            {"message", message(one.says)},
            {"locations", {std::move(location)}},
            {"partialFingerprints",
             {{"fairway/v1", text::printable(fmt::format("{}|{}|{}{}", one.rule, where, one.policy_rule, one.mark))}}}};
        Json properties = Json::object();
        if (!one.severity.empty()) properties["severity"] = one.severity;
        if (!one.policy_rule.empty()) properties["policyRule"] = one.policy_rule;
        if (!properties.empty()) out["properties"] = std::move(properties);
        results_.push_back(std::move(out));
    }

    std::string print(const Json& result) {
        const Json& error = part_of(result, "error");
        Json invocation = {{"executionSuccessful", error.empty()},
                           {"exitCode", number_of(result, "exit")},
                           {"endTimeUtc", text_of(result, "time")}};
        if (!error.empty())
            invocation["toolExecutionNotifications"] = {
                {{"level", "error"}, {"message", message(text_of(error, "text"))}}};
        Json run = {
            {"tool",
             {{"driver",
               {{"name", "fairway"}, {"semanticVersion", text_of(result, "version")}, {"rules", std::move(rules_)}}}}},
            {"automationDetails",
             {{"id", fmt::format("fairway/{}/{}/", text_of(result, "command"), text_of(result, "estate"))}}},
            {"invocations", {std::move(invocation)}},
            {"results", std::move(results_)}};
        return print_json({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                           {"version", "2.1.0"},
                           {"runs", {std::move(run)}}});
    }

private:
    std::map<std::string, std::size_t> places_;
    Json rules_ = Json::array(), results_ = Json::array();
};

std::string kind_of(const std::string& verdict) {
    if (verdict == "drifted") return "fail";
    if (verdict == "compliant") return "pass";
    if (verdict == "absent") return "notApplicable";
    return verdict == "unreadable" || verdict == "unknown" ? "open" : "review";
}

void of_audit(Log& to, const Json& result) {
    for (const Json& one : part_of(result, "findings")) {
        const std::string setting = text_of(one, "setting"), host = text_of(one, "object");
        const Setting* row = find_setting(setting);
        to.add({.rule = setting,
                .title = setting + " differs from the policy",
                .help = row ? std::string(row->doc) : setting,
                .kind = kind_of(text_of(one, "verdict")),
                .severity = text_of(one, "severity"),
                .says = fmt::format("{}: {} {}", host, setting, text_of(one, "because")),
                .place = {host, setting},
                .file = file_of(result, one),
                .line = number_of(one, "line"),
                .policy_rule = text_of(one, "rule")});
    }
    for (const Json& one : part_of(result, "estate_findings")) {
        const std::string fault = text_of(one, "fault"), object = text_of(one, "object");
        to.add({.rule = "estate." + fault,
                .title = words_of(fault),
                .help = "A finding about the estate as a whole, which no value of a host is.",
                .severity = text_of(one, "severity"),
                .says = fmt::format("{}: {}", object, text_of(one, "because")),
                .place = {object},
                .file = "",
                .mark = find(one, "condition") ? text_of(one, "condition") : text_of(one, "because")});
    }
}

void of_names(Log& to, const Json& result) {
    for (const Json& one : part_of(part_of(result, "service_names"), "findings")) {
        const std::string fault = text_of(one, "fault"), names = value_words(part_of(one, "names"));
        to.add({.rule = "spn." + fault,
                .title = "service principal name: " + words_of(fault),
                .help = "A service principal name must be there, at the right account, and at no other one.",
                .severity = text_of(one, "severity"),
                .says = fmt::format("{}: {}; {}", names, text_of(one, "because"), text_of(one, "advice")),
                .place = {text_of(one, "host"), names},
                .file = ""});
    }
}

void of_diagnosis(Log& to, const Json& result) {
    for (const Json& one : part_of(result, "causes")) {
        const Json& evidence = part_of(one, "evidence");
        to.add({.rule = "cause." + text_of(one, "id"),
                .title = text_of(one, "says"),
                .help = text_of(one, "says"),
                .severity = text_of(one, "proof") == "strong" ? "high" : "medium",
                .says = fmt::format("{}: {} ({}). {}", text_of(one, "pair"), text_of(one, "says"),
                                    evidence.empty() ? "no evidence" : value_words(evidence), text_of(one, "fix")),
                .place = {text_of(one, "pair")},
                .file = ""});
    }
    for (const Json& one : part_of(result, "checks"))
        if (text_of(one, "state") == "bad")
            to.add({.rule = "check",
                    .title = "a check failed",
                    .help = "What a move between hosts needs beside their settings: ports, clocks, names, tickets.",
                    .severity = "medium",
                    .says = fmt::format("{}: {}", text_of(one, "about"), text_of(one, "saw")),
                    .place = {text_of(one, "about")},
                    .file = ""});
}

}  // namespace

std::string sarif(const Json& result) {
    Log log;
    if (part_of(result, "error").empty()) {
        of_audit(log, result);
        of_names(log, result);
        of_diagnosis(log, result);
    }
    return log.print(result);
}

}  // namespace fairway::forms
