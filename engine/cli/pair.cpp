// See pair.hpp.
#include "engine/cli/pair.hpp"

#include <fmt/format.h>

#include "engine/cli/connect.hpp"
#include "engine/cli/found.hpp"
#include "engine/cli/ground.hpp"
#include "engine/run/survey.hpp"
#include "engine/run/verify.hpp"

namespace fairway::cli {

Result<Pair> find_pair(const Inventory& inventory, const std::string& from, const std::string& to) {
    const Pair out{inventory.find(from), inventory.find(to)};
    if (!out.from || !out.to)
        return fail(Code::not_found, fmt::format("{} has no host {}", inventory.file, out.from ? to : from));
    if (out.from == out.to) return fail(Code::bad_input, "a path is between two different hosts");
    if (out.from->domain.empty() || out.from->domain != out.to->domain)
        return fail(Code::bad_input,
                    fmt::format("{} and {} are in no common migration domain of {}: nothing is asked of that path",
                                out.from->name, out.to->name, inventory.file));
    return out;
}

Result<PathRead> read_path(const Pair& pair, const Inventory& inventory, const SharedRecording& recording) {
    const auto reader =
        Connections(inventory, recording).reader({.folder = {}, .full = false, .without_directory = true});
    if (!reader) return tl::unexpected(reader.error());
    Inventory both = inventory;
    both.domains = {{.name = pair.from->domain, .hosts = {pair.from->name, pair.to->name}, .where = {}}};
    std::vector<Address> questions;
    for (const Host* host : {pair.from, pair.to})
        for (const Setting* row : path_settings()) questions.push_back({host->name, row});
    Snapshot snapshot = observe(**reader, questions);
    both = read_further(std::move(both), snapshot, **reader);
    const std::vector<Mesh> mesh = meshes(both, snapshot);
    return PathRead{fairway::explain(mesh[0].ends[0], mesh[0].ends[1], snapshot), std::move(snapshot)};
}

}  // namespace fairway::cli
