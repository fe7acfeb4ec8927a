// Why is a path as it is? Each condition of conditions.hpp with its evidence; of one that is unknown, what was read all
// the same and what is missing. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/paths/conditions.hpp"
#include "engine/paths/start_points.hpp"

namespace fairway {

struct Condition {
    std::string_view name;
    PathState state{};
    std::string evidence;
    Address fix;  // only when closed
    // Of one that is unknown:
    std::string known = {};            // what was read all the same, and what it means
    std::vector<Address> unread = {};  // what could not be read; each error is in the snapshot
};

struct Path {
    std::string from, to;
    PathState state{};
    std::vector<Condition> conditions;                         // all of them, in the table's order
    std::vector<std::pair<Address, std::string>> unread = {};  // what conditions could not be judged without, and why
    std::vector<StartPoint> starts = {};                       // the same for moves that are started here or there
};

Path explain(const End& from, const End& to, const Snapshot& snapshot);

}  // namespace fairway
