// The command that tries to reach hosts and says what it saw. It writes nothing on them.
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/report/probe.hpp"

namespace fairway::cli {

Answer probe(const Request& request, const Stage& stage) {
    const auto inventory = load_inventory(request);
    if (!inventory) return inventory.error();
    std::vector<const Host*> hosts;
    for (const std::string& name : request.arguments) {
        const Host* host = inventory->find(name);
        if (!host) return trouble(Exit::usage, "not_found", fmt::format("{} has no host {}", inventory->file, name));
        hosts.push_back(host);
    }
    const Connections connections(*inventory, request.recording);
    Answer out;
    out.json = {{"probes", Json::array()}};
    for (const Host* host : hosts) {
        const auto seen = connections.probe(*host);
        if (!seen) return trouble(Exit::usage, std::string(name(seen.error().code)), seen.error().text);
        stage.say(report::text(*seen, stage.style));
        out.json["probes"].push_back(report::json(*seen));
        if (const ProbeStep* bad = seen->first_bad(); bad && out.exit == Exit::fine) out.exit = exit_for(bad->code);
    }
    return out;
}

}  // namespace fairway::cli
