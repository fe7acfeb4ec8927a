// What a rollback would do now: which of the run's changes are still its own, what is there, and the plan that follows.
#pragma once

#include <string>
#include <vector>

#include "engine/cli/documents.hpp"
#include "engine/cli/ground.hpp"
#include "engine/run/settling.hpp"

namespace fairway::cli {

// --host and --setting: which of the run's addresses are meant. Empty lists mean all.
struct Scope {
    std::vector<std::string> hosts, settings;
    bool covers(const Address& address) const;
};
Result<Scope> scope_of(const Request& request, const Inventory& inventory);

// The run and what came after it. A dry run settles nothing.
struct Past {
    Run run;
    std::vector<Run> later;
    std::vector<LeftOut> in_doubt;
};
Result<Past> past_of(Ground& ground, const std::string& run, bool dry);

// Refuses a run of which nothing is left to put back; names the runs that did.
Result<void> still_there(const Past& past, const Scope& scope);

struct WayBack {
    Plan plan;
    std::vector<Finding> findings;  // of what could be read
    std::vector<LeftOut> left_out;  // what could not, and what is in doubt
    bool blind = false;             // there is something to put back, and nothing of it could be read
};
// `without`: objects at which an attempt failed; they are not tried again.
WayBack way_back(Ground& ground, const Past& past, const Scope& scope, const std::string& ticket,
                 const std::vector<LeftOut>& without, const Progress& progress);

}  // namespace fairway::cli
