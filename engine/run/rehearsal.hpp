// Would a plan be put back exactly? It is applied and rolled back in memory, by the same code and on what was read of
// the estate, so nobody is asked and nothing is written. What others do until then it cannot know.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/provider.hpp"
#include "engine/run/names.hpp"
#include "engine/run/pace.hpp"

namespace fairway {

enum class PutBack { exactly, conflict, stays };
std::string_view name(PutBack how);

struct Rehearsal {
    struct Part {
        const Change* change = nullptr;  // of the plan
        PutBack how{};
        std::string because = {};  // where it is not exact
    };
    // What is asked of hosts and of accounts, each object once for each reading. A host may need several requests for
    // one of them.
    struct Work {
        std::size_t readings = 0, writes = 0;
    };
    std::vector<Part> parts = {};  // of each change, in the order of the plan
    Work there = {}, back = {};
    std::optional<Error> refused = {};  // why nothing is put back
    Plan way_back = {};                 // with the paths that are open after each of its phases
    std::size_t exact() const;
};

// What the plan's changes are of and rest on, and what paths look at. `inventory` gets the full names that the
// directory confirms.
Snapshot seen_for(const Plan& plan, Inventory& inventory, Reader& reader, const Progress& progress = {});

// `seen`: as above. `allowed`: for the rollback, beside what the plan has. Hosts are taken to be idle. An Error: the
// plan could not be applied to what was seen; as apply says it.
Result<Rehearsal> rehearse(const PlanFile& plan, const Snapshot& seen, const Inventory& inventory,
                           const OpenNames& open_names, const std::vector<Allowance>& allowed = {});

// For the plan's file.
Rehearsed outcome(const Rehearsal& rehearsal);

}  // namespace fairway
