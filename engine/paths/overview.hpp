// The paths of each migration domain in a few figures, for a domain too large to draw: which hosts have the most closed
// paths, and which condition closes the most. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/paths/simulate.hpp"

namespace fairway {

struct HostPaths {
    std::string host;
    std::int64_t out = 0, in = 0;  // closed paths that begin there, that end there
};

struct DomainPaths {
    std::string domain;
    std::size_t hosts = 0;
    PathCount paths;
    std::vector<HostPaths> closed;  // of hosts with closed paths, those with the most first
    std::string_view condition;     // that closes most of them, alone or with others; empty: none does
    std::int64_t by_condition = 0;  // how many
};

// One for each mesh. `matrices` are those of the meshes.
std::vector<DomainPaths> overview(const std::vector<Mesh>& meshes, const std::vector<Matrix>& matrices);

}  // namespace fairway
