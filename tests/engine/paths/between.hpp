// The path between two hosts of the sample estate, by their places, and one of its conditions.
#pragma once

#include <doctest/doctest.h>
#include <string_view>

#include "engine/paths/explain.hpp"
#include "tests/sample.hpp"

namespace fairway {

inline Path path(const Snapshot& snapshot, std::size_t from, std::size_t to) {
    const Inventory estate = sample::inventory();
    const std::vector<Mesh> mesh = meshes(estate, snapshot);
    return explain(mesh[0].ends[from], mesh[0].ends[to], snapshot);
}

inline const Condition& condition(const Path& path, std::string_view name) {
    for (const Condition& one : path.conditions)
        if (one.name == name) return one;
    FAIL("no such condition");
    return path.conditions[0];
}

}  // namespace fairway
