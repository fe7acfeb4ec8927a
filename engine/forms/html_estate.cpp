// See html_estate.hpp.
#include "engine/forms/html_estate.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/estate_tables.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/html_paths.hpp"
#include "engine/forms/markup.hpp"
#include "engine/forms/plan_tables.hpp"

namespace fairway::forms {
namespace {

bool is_drift(const Json& group) { return text_of(group, "verdict") == "drifted"; }

std::string mark_of_group(const Json& group) {
    return is_drift(group) ? badge("sev", text_of(group, "severity"))
                           : fmt::format(R"(<span class="badge">{}</span>)", escaped(text_of(group, "verdict")));
}

std::string place_of(const Json& group, const std::string& file) {
    const std::int64_t line = number_of(group, "line");
    const std::string rule = code_tag(text_of(group, "rule"));
    if (line == 0) return rule;
    return fmt::format(R"({} <span class="more">{} line {}</span>)", rule, escaped(file), line);
}

// The hosts that have the same groups of findings, in the order of the worst of these.
std::map<std::vector<std::size_t>, std::vector<std::string>> by_findings(const Json& groups) {
    std::map<std::string, std::vector<std::size_t>> of_host;
    for (std::size_t i = 0; i < groups.size(); ++i)
        for (const std::string& host : texts_of(part_of(groups[i], "objects"))) of_host[host].push_back(i);
    std::map<std::vector<std::size_t>, std::vector<std::string>> out;
    for (auto& [host, findings] : of_host) {
        findings.erase(std::unique(findings.begin(), findings.end()), findings.end());
        out[findings].push_back(host);
    }
    return out;
}

std::string list_of_findings(const Json& groups, const std::vector<std::size_t>& places) {
    std::string out = R"(<ul class="odd">)";
    for (const std::size_t i : places)
        out += fmt::format(R"(<li>{} {} <span class="bec">{}</span></li>)", mark_of_group(groups[i]),
                           code_tag(text_of(groups[i], "setting")), escaped(text_of(groups[i], "because")));
    return out + "</ul>";
}

void tell_unread(Part& to, const Json& result) {
    Tables::Rows rows;
    for (const Json& one : part_of(result, "unread"))
        rows.push_back({escaped(text_of(one, "verdict")), name_tags(texts_of(part_of(one, "objects"))),
                        escaped(text::join(texts_of(part_of(one, "settings")), ", ")),
                        escaped(text_of(one, "because"))});
    to.html_table("What could not be read or judged", "plain", {"what", "hosts", "settings", "why"}, rows);
}

Tile severities_tile(const Json& result) {
    std::map<std::string, std::size_t> counts;
    std::size_t all = 0;
    const auto add = [&](const Json& one, std::size_t n) {
        counts[text_of(one, "severity")] += n;
        all += n;
    };
    for (const Json& group : part_of(result, "equal_findings"))
        if (is_drift(group)) add(group, part_of(group, "objects").size());
    for (const Json& one : part_of(result, "estate_findings")) add(one, 1);
    Tile out{"Findings", std::to_string(all), "", {}};
    for (const char* severity : {"critical", "high", "medium", "low"})
        out.rows.push_back({badge("sev", severity), std::to_string(counts[severity])});
    return out;
}

Tile hosts_tile(const Json& result) {
    std::set<std::string> odd;
    std::map<std::string, std::size_t> settings;
    for (const Json& group : part_of(result, "equal_findings")) {
        if (!is_drift(group)) continue;
        const auto hosts = texts_of(part_of(group, "objects"));
        odd.insert(hosts.begin(), hosts.end());
        settings[text_of(group, "setting")] += hosts.size();
    }
    const std::size_t all = part_of(result, "hosts").size();
    Tile out{"Hosts that differ from the policy", std::to_string(odd.size()), fmt::format("of {}", all), {}};
    for (const auto& [setting, n] : settings)
        out.rows.push_back({code_tag(setting), std::to_string(n),
                            static_cast<double>(n) / static_cast<double>(std::max<std::size_t>(all, 1))});
    return out;
}

}  // namespace

void show_findings(Page& to, const Json& result) {
    Tables::Rows rows;
    std::size_t all = 0;
    for (const Json& group : part_of(result, "equal_findings")) {
        const auto hosts = texts_of(part_of(group, "objects"));
        all += hosts.size();
        rows.push_back({mark_of_group(group), code_tag(text_of(group, "setting")), escaped(text_of(group, "because")),
                        name_tags(hosts), place_of(group, file_of(result, group))});
    }
    Part part;
    part.html_table("Findings, worst first, equal ones in one row", "find",
                    {"Severity", "Setting", "Finding", "Hosts", "Rule"}, rows);
    tell_unread(part, result);
    to.section("findings", "What is wrong now",
               fmt::format("{} in {}", counted(static_cast<std::int64_t>(all), "finding"),
                           counted(static_cast<std::int64_t>(rows.size()), "row")),
               std::to_string(all), part);
}

void show_hosts(Page& to, const Json& result) {
    const Json& groups = part_of(result, "equal_findings");
    std::vector<std::string> hosts = texts_of(part_of(result, "hosts"));
    Tables::Rows rows;
    std::set<std::string> odd;
    for (const auto& [findings, names] : by_findings(groups)) {
        odd.insert(names.begin(), names.end());
        rows.push_back({name_tags(names), list_of_findings(groups, findings)});
    }
    std::erase_if(hosts, [&](const std::string& host) { return odd.contains(host); });
    if (!hosts.empty()) rows.push_back({name_tags(hosts), R"(<span class="okc">✓</span> as the policy wants)"});
    Part part;
    part.html_table("Hosts, those that differ first, equal ones in one row", "side", {"Hosts", "What differs"}, rows);
    to.section("hosts", "Hosts side by side",
               fmt::format("{} of {} differ from the policy, or are excepted", odd.size(),
                           counted(static_cast<std::int64_t>(odd.size() + hosts.size()), "host")),
               std::to_string(odd.size() + hosts.size()), part);
}

Part facts_part(const Json& result, Tables::Rows rows) {
    Part out;
    tell_facts(out, result, "Provenance", std::move(rows));
    return out;
}

std::string page_of_audit(const Json& result) {
    Page out("Audit", text_of(result, "estate"));
    out.fact("Policy", name_tag(text_of(result, "policy")));
    out.fact("Read", escaped(text_of(result, "time")));
    out.state("Nothing was changed");
    for (const std::string& one : audit_sentences(result)) out.say(escaped(one));
    const PathPictures paths(result);
    paths.tile(out);
    out.tile(severities_tile(result));
    out.tile(hosts_tile(result));
    out.tile(paths.closed_tile());
    show_findings(out, result);
    paths.show(out, result);
    show_hosts(out, result);
    Part notes;
    tell_estate(notes, result);
    tell_conflicts(notes, result);
    tell_uncovered(notes, result);
    out.section("notes", "About the estate", "What no change of a plan fixes, and what this audit does not cover", "",
                notes);
    out.footer(facts_part(result, {{"estate", text_of(result, "estate")},
                                   {"policy", text_of(result, "policy")},
                                   {"policy sha256", text_of(result, "policy_sha256")},
                                   {"inventory sha256", text_of(result, "inventory_sha256")},
                                   {"read from", text::join(texts_of(part_of(result, "sources")), ", ")}}));
    return out.print(paths.data());
}

std::string page_of_diagnosis(const Json& result) {
    Page out("Diagnosis", "Why live migrations fail");
    out.fact("Read", escaped(text_of(result, "time")));
    out.state("Nothing was changed");
    out.say(escaped(diagnosis_sentence(result)));
    Part causes;
    tell_diagnosis(causes, result);
    out.section("causes", "Causes", "What the evidence shows, the surest first",
                std::to_string(part_of(result, "causes").size()), causes);
    out.footer(facts_part(result, {}));
    return out.print(Json());
}

}  // namespace fairway::forms
