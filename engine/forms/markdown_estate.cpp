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
    tell_conflicts(out, result);
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
    Ticket out("Service principal names of Hyper-V hosts");
    for (const std::string& one : names_sentences(names)) out.say(plain(one));
    tell_names(out, names);
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
    out.say(blame_sentence(result, plain));
    tell_blame(out, result);
    tell_facts(out, result, "Provenance", {{"read from", value_words(part_of(result, "sources"))}});
    return out.print("`fairway blame HOST`.");
}

}  // namespace fairway::forms
