// See html_names.hpp.
#include "engine/forms/html_names.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/estate_tables.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/html_estate.hpp"
#include "engine/forms/markup.hpp"

namespace fairway::forms {
namespace {

bool is_good(const Json& name) {
    const std::string state = text_of(name, "state");
    return state == "registered" || state == "aliased";
}

Tile findings_tile(const Json& findings) {
    std::map<std::string, std::size_t> counts;
    for (const Json& one : findings) ++counts[text_of(one, "severity")];
    Tile out{"Findings", std::to_string(findings.size()), "", {}};
    for (const char* severity : {"critical", "high", "medium", "low"})
        if (counts[severity] > 0) out.rows.push_back({badge("sev", severity), std::to_string(counts[severity])});
    return out;
}

Tile names_tile(const Json& hosts) {
    std::map<std::string, std::size_t> states;
    std::size_t good = 0, all = 0;
    for (const Json& host : hosts)
        for (const Json& name : part_of(host, "names")) {
            ++states[words_of(text_of(name, "state"))];
            good += is_good(name) ? 1 : 0;
            ++all;
        }
    Tile out{"Names that work", std::to_string(good), fmt::format("of {}", all), {}};
    for (const auto& [state, n] : states) out.rows.push_back({escaped(state), std::to_string(n)});
    return out;
}

void show_name_findings(Page& to, const Json& findings) {
    Tables::Rows rows;
    for (const Json& one : findings) {
        std::vector<std::string> holders;
        for (const Json& holder : part_of(one, "holders")) holders.push_back(text_of(holder, "account"));
        std::string names, advice = with_code(text_of(one, "advice"));
        for (const std::string& name : texts_of(part_of(one, "names"))) names += code_tag(name) + "<br>";
        if (const auto commands = texts_of(part_of(one, "commands")); !commands.empty())
            advice += command_box(text::join(commands, "\n"), fmt::format("commands, row {}", rows.size() + 1));
        rows.push_back({badge("sev", text_of(one, "severity")), escaped(words_of(text_of(one, "fault"))),
                        name_tag(text_of(one, "host")), names, name_tags(holders), escaped(text_of(one, "because")),
                        advice});
    }
    Part part;
    part.html_table("Findings about names", "find",
                    {"Severity", "Fault", "Host", "Names", "Held by", "Why", "What to do"}, rows);
    to.section("findings", "What is wrong now", counted(static_cast<std::int64_t>(rows.size()), "finding"),
               std::to_string(rows.size()), part);
}

// Hosts whose names all work are one row, the last.
void show_names_of_hosts(Page& to, const Json& hosts) {
    Tables::Rows rows;
    std::vector<std::string> good;
    for (const Json& host : hosts) {
        const Json& names = part_of(host, "names");
        if (std::all_of(names.begin(), names.end(), is_good)) {
            good.push_back(text_of(host, "host"));
            continue;
        }
        std::string list = R"(<ul class="odd">)";
        for (const Json& name : names) {
            const std::string by = text_of(name, "by");
            list += fmt::format(R"(<li>{} {} <span class="bec">{}{}</span></li>)",
                                is_good(name) ? R"(<span class="okc">✓</span>)" : R"(<span class="warn">✗</span>)",
                                code_tag(text_of(name, "name")), escaped(words_of(text_of(name, "state"))),
                                by.empty() ? "" : ": " + escaped(by));
        }
        rows.push_back({name_tag(text_of(host, "host")), list + "</ul>"});
    }
    if (!good.empty()) rows.push_back({name_tags(good), R"(<span class="okc">✓</span> all names work)"});
    Part part;
    part.html_table("Hosts, those with names that do not work first", "side", {"Hosts", "Names"}, rows);
    to.section("hosts", "Names of the hosts", "Those that live migration and remote management need",
               std::to_string(hosts.size()), part);
}

}  // namespace

std::string page_of_names(const Json& result) {
    const Json& names = part_of(result, "service_names");
    const Json &findings = part_of(names, "findings"), &hosts = part_of(names, "hosts");
    Page out("Service principal names", "");
    out.fact("Read", escaped(text_of(result, "time")));
    out.state("Nothing was changed");
    for (const std::string& one : names_sentences(names)) out.say(escaped(one));
    out.tile(findings_tile(findings));
    out.tile(names_tile(hosts));
    show_name_findings(out, findings);
    show_names_of_hosts(out, hosts);
    out.footer(facts_part(result, {{"read from", text_of(names, "source")}}));
    return out.print(Json());
}

std::string page_of_blame(const Json& result) {
    Page out("Last changes of an account", text_of(result, "host"));
    out.fact("Read", escaped(text_of(result, "time")));
    out.state("Nothing was changed");
    out.say(escaped(blame_sentence(result, [](std::string_view text) { return std::string(text); })));
    Part part;
    tell_blame(part, result);
    out.section("settings", "Settings", "What each holds now, and who changed it last",
                std::to_string(part_of(result, "blame").size()), part);
    out.footer(facts_part(result, {{"read from", text::join(texts_of(part_of(result, "sources")), ", ")}}));
    return out.print(Json());
}

}  // namespace fairway::forms
