// Paths between hosts of an inventory, read now.
#pragma once

#include <vector>

#include "engine/base/recording.hpp"
#include "engine/cli/connect.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/paths/explain.hpp"

namespace fairway::cli {

struct Pair {
    const Host *from, *to;
};

// Code::not_found: a host that the inventory does not have; Code::bad_input: no path is asked of the two.
Result<Pair> find_pair(const Inventory& inventory, const std::string& from, const std::string& to);

struct PathRead {
    Path path;
    Snapshot snapshot;
};
// Error: neither of their providers can be opened; what cannot be read of a host is unknown in the path.
Result<PathRead> read_path(const Pair& pair, const Inventory& inventory, const SharedRecording& recording);

struct PathsRead {
    std::vector<Path> paths;
    Snapshot snapshot;
};
// All of `pairs`, which are of one migration domain, with one reading of their hosts; and `also` of each of these.
Result<PathsRead> read_paths(const std::vector<Pair>& pairs, const Inventory& inventory, const Connections& connections,
                             const std::vector<const Setting*>& also = {});

}  // namespace fairway::cli
