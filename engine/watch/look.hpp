// What an audit means for `watch`: which findings there are, and what became of those that it knew. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/model/estate_finding.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/run.hpp"
#include "engine/plan/blame.hpp"
#include "engine/watch/state.hpp"

namespace fairway::watch {

struct Look {
    const Inventory& inventory;
    const Snapshot& snapshot;
    const std::vector<Finding>& findings;
    const std::vector<EstateFinding>& estate_findings;
    std::int64_t unknown_paths = 0;
    bool journal_read = true;  // false: it is not known which break-glass runs there are
    // Whose values are; one that is missing here is of a host, or nobody was asked.
    std::map<Address, Wrote> wrote = {};
};

// `known`: the episodes that are there; those that are open get a fate where the findings do not have them.
Seen seen_by(const Look& look, std::span<const Episode> known);

// The addresses of which it should be known whose they are: what drifted.
std::vector<Address> drifted(const std::vector<Finding>& findings);

Wrote wrote(const Blamed& blamed);
// Of a host's setting: hosts do not say when a setting changed, so the journal alone can tell.
Wrote wrote(const Address& address, const Held& held, const Result<std::vector<Run>>& runs);

}  // namespace fairway::watch
