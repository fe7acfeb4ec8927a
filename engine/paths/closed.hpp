// Which conditions keep paths closed? Told by cause: one bad host among sixty-four is one answer, not 126. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/paths/simulate.hpp"

namespace fairway {

struct ClosedPaths {
    std::string domain;  // the migration domain
    std::string host;    // which is an end of all of them; empty: there is no such host
    std::string_view condition;
    std::int64_t paths = 0;
    std::string from, to, evidence;  // of one of them
};

// Of the paths that `matrices` has as closed, by the conditions that are closed at the ends as `meshes` has them. Not
// where `told` says of the address that would open it that something else speaks of it.
std::vector<ClosedPaths> closed_by_cause(const std::vector<Mesh>& meshes, const std::vector<Matrix>& matrices,
                                         const std::function<bool(const Address&)>& told);

}  // namespace fairway
