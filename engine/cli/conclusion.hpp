// What an audit or a plan found, in two answers that neither hides: is there drift, and was everything read?
#pragma once

#include <optional>
#include <vector>

#include "engine/cli/exit_code.hpp"
#include "engine/model/plan.hpp"

namespace fairway::cli {

struct Conclusion {
    bool drift = false;          // or a fault of the estate
    std::optional<Exit> unread;  // what kept something from being read; empty: everything was read

    Exit exit() const;
};

Conclusion conclude(const std::vector<Finding>& findings, const Snapshot& snapshot);

// Why something is unknown: a server that says no is distinguished from one that is away.
Exit unread_in(const Snapshot& snapshot);

}  // namespace fairway::cli
