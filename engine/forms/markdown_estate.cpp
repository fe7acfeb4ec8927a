// See markdown_estate.hpp.
#include "engine/forms/markdown_estate.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/estate_tables.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/plan_tables.hpp"
#include "engine/forms/ticket.hpp"
#include "engine/report/style.hpp"

namespace fairway::forms {

std::string ticket_of_audit(const Json& result) {
    Ticket out("Audit of Hyper-V live migration");
    for (const std::string& one : audit_sentences(result)) out.say(one);
    tell_findings(out, result);
    tell_estate(out, result);
    tell_domains(out, result);
    tell_uncovered(out, result);
    tell_facts(out, result, "Provenance",
               {{"estate", text_of(result, "estate")},
                {"policy", text_of(result, "policy")},
                {"policy sha256", text_of(result, "policy_sha256")},
                {"inventory sha256", text_of(result, "inventory_sha256")},
                {"read from", value_words(part_of(result, "sources"))}});
    return out.print("`fairway audit --full`.");
}

std::string ticket_of_names(const Json& result) {
    const Json& names = part_of(result, "service_names");
    const Json& findings = part_of(names, "findings");
    Ticket out("Service principal names of Hyper-V hosts");
    out.say(fmt::format("{} about the names of {}.",
                        findings.empty() ? "No finding" : report::count(findings.size(), "finding"),
                        report::count(part_of(names, "hosts").size(), "host")));
    if (const std::string caveat = text_of(names, "caveat"); !caveat.empty()) out.say(plain(caveat));
    Ticket::Rows rows;
    for (const Json& one : findings) {
        std::vector<std::string> holders;
        for (const Json& holder : part_of(one, "holders")) holders.push_back(text_of(holder, "account"));
        rows.push_back({text_of(one, "severity"), text_of(one, "fault"), text_of(one, "host"),
                        value_words(part_of(one, "names")), text::join(holders, ", "), text_of(one, "because"),
                        text_of(one, "advice")});
    }
    out.table("Findings", {"severity", "fault", "host", "names", "held by", "why", "what to do"}, std::move(rows));
    tell_facts(out, result, "Provenance", {{"read from", text_of(names, "source")}});
    return out.print("`fairway spn`.");
}

std::string ticket_of_diagnosis(const Json& result) {
    Ticket out("Why live migrations fail");
    out.say(diagnosis_sentence(result));
    tell_diagnosis(out, result);
    tell_facts(out, result, "Provenance", {});
    return out.print("the same `fairway diagnose` as text.");
}

std::string ticket_of_blame(const Json& result) {
    Ticket out("Who changed an account last");
    out.say(fmt::format("The account of {}, as the directory and the journal say it.", plain(text_of(result, "host"))));
    Ticket::Rows rows;
    for (const Json& one : part_of(result, "blame")) {
        const Json* held = find(one, "held");
        rows.push_back({text_of(one, "setting"), held ? value_words(*held) : text_of(one, "error"),
                        text_of(one, "changed"), text_of(one, "whose"),
                        text::join(std::vector{text_of(one, "run"), text_of(one, "who"), text_of(one, "ticket")}, " "),
                        text_of(one, "because")});
    }
    out.table("Settings", {"setting", "now", "changed", "by", "run", "because"}, std::move(rows));
    tell_facts(out, result, "Provenance", {{"read from", value_words(part_of(result, "sources"))}});
    return out.print("`fairway blame HOST`.");
}

}  // namespace fairway::forms
