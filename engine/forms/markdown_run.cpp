// See markdown_run.hpp.
#include "engine/forms/markdown_run.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/markdown_plan.hpp"
#include "engine/forms/plan_tables.hpp"
#include "engine/forms/run_tables.hpp"
#include "engine/report/style.hpp"

namespace fairway::forms {

std::string ticket_of_run(const Json& result) {
    const Json& applied = part_of(result, "applied");
    Ticket out("Change of Hyper-V live migration, as it was made");
    out.say(applied_sentence(applied, plain));
    tell_left_out(out, part_of(applied, "left_out"));
    tell_hosts(out, applied);
    tell_remarks(out, applied);
    tell_facts(out, result, "Provenance",
               {{"plan", text_of(result, "plan_id")},
                {"highest risk", text_of(result, "risk")},
                {"policy sha256", text_of(result, "policy_sha256")},
                {"inventory sha256", text_of(result, "inventory_sha256")}});
    return out.print("`fairway show RUN --full`, RUN being the run.");
}

std::string ticket_of_record(const Json& result) {
    const Json& record = part_of(result, "record");
    Ticket out("Change of Hyper-V live migration, from the journal");
    out.say(record_sentence(record, plain));
    if (const std::string by = rolled_back_sentence(record, plain); !by.empty()) out.say(by);
    tell_recorded(out, record);
    tell_gates(out, record);
    tell_facts(out, result, "Provenance",
               {{"ticket", text_of(record, "ticket")},
                {"plan", text_of(record, "plan_id")},
                {"applied by", text_of(record, "who") + "@" + text_of(record, "host")},
                {"from", text_of(record, "started")},
                {"until", text_of(record, "ended")}});
    return out.print("`fairway show RUN --full`, RUN being the run.");
}

std::string ticket_of_rollback(const Json& result) {
    const Json &plan = part_of(result, "plan"), &applied = part_of(result, "applied");
    Ticket out("Rollback of a change of Hyper-V live migration");
    if (applied.empty()) out.say("Nothing was changed: this is what a rollback would do.");
    else out.say(applied_sentence(applied, plain));
    tell_plan(out, result, plan);
    tell_left_out(out, part_of(result, "left_out"));
    tell_kept(out, result);
    tell_changes(out, result, plan);
    tell_hosts(out, applied);
    tell_remarks(out, applied);
    return out.print("`fairway rollback RUN --dry-run --full`, or `fairway show RUN` of the rollback's own run.");
}

std::string ticket_of_verify(const Json& result) {
    Ticket out("Verification of a change of Hyper-V live migration");
    for (const std::string& one : verify_sentences(result, plain)) out.say(one);
    tell_not_kept(out, result);
    tell_trials(out, result);
    tell_facts(out, result, "Provenance",
               {{"changes done", fmt::format("{} of {}", number_of(result, "done"), number_of(result, "changes"))},
                {"policy sha256", text_of(result, "policy_sha256")},
                {"inventory sha256", text_of(result, "inventory_sha256")}});
    return out.print("`fairway verify RUN`, and the run itself: `fairway show RUN --full`.");
}

std::string ticket_of_history(const Json& result) {
    if (!part_of(result, "record").empty()) return ticket_of_record(result);
    Ticket out("Runs of the journal");
    out.say(history_sentence(result));
    for (const std::string& one : glass_sentences(result, plain)) out.say(one);
    tell_runs(out, result);
    tell_facts(out, result, "Provenance", {});
    return out.print("`fairway history`.");
}

}  // namespace fairway::forms
