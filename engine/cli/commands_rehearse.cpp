// `probe --rehearse-write`: a write that changes nothing, to see that writes work. It is a write all the same, so it is
// confirmed, holds the locks of store and estate, and stands in the journal before it is sent.
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/confirm.hpp"
#include "engine/cli/contacts.hpp"
#include "engine/cli/ground.hpp"
#include "engine/report/probe.hpp"

namespace fairway::cli {
namespace {

std::string outcome_of(const Probe& seen) {
    const ProbeStep* bad = seen.first_bad();
    return bad ? fmt::format("stopped at {}: {}", bad->name, bad->saw) : std::string("done, and read back equal");
}

// Code::stale after the write: another value is there than was sent.
Exit exit_of(const ProbeStep& bad, const Probe& seen) {
    if (&bad == &seen.steps.back() && bad.code == Code::stale) return Exit::not_verified;
    const bool sent = seen.steps[seen.steps.size() - 2].state != StepState::untried;
    return sent && (bad.code == Code::unreachable || bad.code == Code::protocol) ? Exit::in_doubt : exit_for(bad.code);
}

Result<Probe> rehearse_one(Ground& held, const Host& host) {
    const auto begun = held.journal.note(contact_with(host.name, held.inventory, Contact::What::rehearsal_begins));
    if (!begun) return tl::unexpected(begun.error());
    auto seen = held.connections.rehearse(host);
    if (!seen) return seen;
    Contact ended = contact_with(host.name, held.inventory, Contact::What::rehearsal);
    ended.outcome = outcome_of(*seen);
    if (const auto noted = held.journal.note(ended); !noted) return tl::unexpected(noted.error());
    return seen;
}

}  // namespace

Answer rehearse(const Request& request, const Stage& stage) {
    auto held = ground(request, "rehearsing a write", Store::may_be_new);
    if (!held) return held.error();
    std::vector<const Host*> hosts;
    for (const std::string& name : request.arguments) {
        const Host* host = held->inventory.find(name);
        if (!host)
            return trouble(Exit::usage, "not_found", fmt::format("{} has no host {}", held->inventory.file, name));
        hosts.push_back(host);
    }
    const std::string question =
        fmt::format("Send the migration settings of {} back as they are read?", text::join(request.arguments, ", "));
    if (!confirmed(request, stage, question))
        return trouble(Exit::refused, "refused", "not confirmed; nothing was written");
    Answer out;
    out.json = {{"probes", Json::array()}};
    for (const Host* host : hosts) {
        const auto seen = rehearse_one(*held, *host);
        if (!seen) return trouble(seen.error());
        stage.say(report::text(*seen, stage.style));
        out.json["probes"].push_back(report::json(*seen));
        if (const ProbeStep* bad = seen->first_bad(); bad && out.exit == Exit::fine) out.exit = exit_of(*bad, *seen);
    }
    return out;
}

}  // namespace fairway::cli
