// The command that looks after service principal names. It reads the directory, and writes nothing anywhere.
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/report/spn.hpp"
#include "engine/run/names.hpp"

namespace fairway::cli {

Answer spn(const Request& request, const Stage& stage) {
    const auto inventory = load_inventory(request);
    if (!inventory) return inventory.error();
    std::vector<Host> hosts;
    for (const std::string& name : request.arguments) {
        const Host* host = inventory->find(name);
        if (!host) return trouble(Exit::usage, "not_found", fmt::format("{} has no host {}", inventory->file, name));
        const auto same = [&](const Host& one) { return one.name == host->name; };
        if (std::none_of(hosts.begin(), hosts.end(), same)) hosts.push_back(*host);
    }
    const bool wide = hosts.empty();
    if (wide) hosts = inventory->hosts;
    const Connections connections(*inventory, request.recording);
    const auto reader = connections.names();
    if (!reader) return trouble(reader.error());
    const auto lists = connections.reader();
    if (!lists) return trouble(lists.error());
    const auto names = observe_names(**reader, **lists, hosts, wide);
    if (!names) return trouble(names.error());
    NameHealth health = judge_names(hosts, *names);
    // Who asks about one host is not shown others' names that happened to come along.
    if (!wide) std::erase_if(health.findings, [](const NameFinding& finding) { return finding.host.empty(); });
    const report::Spn all{.health = health, .names = *names};
    return {.exit = health.findings.empty() ? Exit::fine : Exit::changes,
            .text = stage.text([&] { return report::text(all, stage.style); }),
            .json = stage.json([&] {
                return Json{{"service_names", report::json(all)}};
            }),
            .trouble = {}};
}

}  // namespace fairway::cli
