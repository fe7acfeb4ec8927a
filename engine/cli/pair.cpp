// See pair.hpp.
#include "engine/cli/pair.hpp"

#include <algorithm>
#include <fmt/format.h>

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
    auto read = read_paths({pair}, inventory, Connections(inventory, recording));
    if (!read) return tl::unexpected(read.error());
    return PathRead{std::move(read->paths.front()), std::move(read->snapshot)};
}

Result<PathsRead> read_paths(const std::vector<Pair>& pairs, const Inventory& inventory, const Connections& connections,
                             const std::vector<const Setting*>& also) {
    const auto reader = connections.reader({.folder = {}, .full = false, .without_directory = true});
    if (!reader) return tl::unexpected(reader.error());
    Inventory those = inventory;
    MigrationDomain& domain = those.domains.emplace_back();
    domain.name = pairs.front().from->domain;
    std::vector<Address> questions;
    for (const Pair& pair : pairs)
        for (const Host* host : {pair.from, pair.to})
            if (std::find(domain.hosts.begin(), domain.hosts.end(), host->name) == domain.hosts.end()) {
                domain.hosts.push_back(host->name);
                for (const Setting* row : path_settings()) questions.push_back({host->name, row});
                for (const Setting* row : also) questions.push_back({host->name, row});
            }
    those.domains = {domain};
    PathsRead out{{}, observe(**reader, questions)};
    those = read_further(std::move(those), out.snapshot, **reader);
    const std::vector<Mesh> mesh = meshes(those, out.snapshot);
    const auto end_of = [&](const Host& host) -> const End& {
        return *std::find_if(mesh[0].ends.begin(), mesh[0].ends.end(),
                             [&](const End& end) { return end.host->name == host.name; });
    };
    for (const Pair& pair : pairs)
        out.paths.push_back(fairway::explain(end_of(*pair.from), end_of(*pair.to), out.snapshot));
    return out;
}

}  // namespace fairway::cli
