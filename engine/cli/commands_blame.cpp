// The command that asks who changed a host's account last. It reads the directory and the journal, and writes nothing.
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/stamps.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/report/blame.hpp"
#include "engine/run/verify.hpp"

namespace fairway::cli {
Answer blame(const Request& request, const Stage& stage) {
    const auto inventory = load_inventory(request);
    if (!inventory) return inventory.error();
    const Host* host = inventory->find(request.arguments[0]);
    if (!host)
        return trouble(Exit::usage, "not_found",
                       fmt::format("{} has no host {}", inventory->file, text::printable(request.arguments[0])));
    const std::string only = request.arguments.size() > 1 ? request.arguments[1] : std::string();
    std::vector<Address> all;
    for (const Setting* row : catalogue())
        if (row_of(row->kind).in_directory && !row->worked_out && !row->of_caller) all.push_back({host->name, row});
    const auto meant = [&](const Address& address) { return only.empty() || address.setting->name == only; };
    if (std::none_of(all.begin(), all.end(), meant))
        return trouble(Exit::usage, "not_found",
                       fmt::format("`{}` is no setting of an account in the directory; `fairway settings` lists them",
                                   text::printable(only)));
    const Connections connections(*inventory, request.recording);
    const auto replicas = connections.replicas();
    if (!replicas) return trouble(replicas.error());
    const auto holders = (*replicas)->all();
    if (!holders) return trouble(holders.error());
    const auto reader = connections.reader();
    if (!reader) return trouble(reader.error());
    const Snapshot snapshot = observe(**reader, all);
    const auto stamps = own_stamps(**replicas, *holders, all);
    if (!stamps) return trouble(stamps.error());
    std::vector<Blamed> blamed = fairway::blame(all, snapshot, *stamps, *holders, own_runs(request, *inventory));
    std::erase_if(blamed, [&](const Blamed& one) { return !meant(one.address); });
    return {
        .exit = Exit::fine,
        .text = stage.text([&] { return report::text(host->name, blamed, snapshot, stage.style); }),
        .json = stage.json([&] {
            return Json{{"host", host->name}, {"sources", snapshot.sources}, {"blame", report::json(blamed, snapshot)}};
        }),
        .trouble = {}};
}

}  // namespace fairway::cli
