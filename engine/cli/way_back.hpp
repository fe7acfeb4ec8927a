// What a rollback would do now: which of the run's changes are still its own, what is there, and the plan that follows.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/cli/documents.hpp"
#include "engine/cli/ground.hpp"
#include "engine/run/settling.hpp"

namespace fairway::cli {

// --host, --except and --setting: which of the run's addresses are meant.
struct Scope {
    std::optional<std::set<std::string>> only;  // hosts; empty: all, those too that the inventory has no more
    std::set<std::string> except;
    std::vector<std::string> settings;  // none: all
    bool covers(const Address& address) const;
};
Result<Scope> scope_of(const Request& request, const Inventory& inventory);

// The run and what came after it. A dry run settles nothing.
struct Past {
    Run run;
    std::vector<Run> later;
    std::vector<LeftOut> in_doubt;
    bool news = false;  // only now it is known what became of a later run's writes
};
Result<Past> past_of(Ground& ground, const std::string& run, bool dry);
// The same after an attempt of this command, whose own writes are not settled at once.
Result<void> look_again(Ground& ground, Past& past);

// Refuses a run of which nothing is left to put back; names the runs that did. Not where that is news: whoever repeats
// a rollback that failed hears that there is nothing more to do.
Result<void> still_there(const Past& past, const Scope& scope);

struct WayBack {
    Plan plan;
    std::vector<Finding> findings;  // of what could be read
    std::vector<LeftOut> left_out;  // what could not, and what is in doubt
    bool blind = false;             // there is something to put back, and nothing of it could be read
};
// `allowed`: now, beside what the run itself was allowed. `without`: objects at which an attempt failed; they are not
// tried again.
WayBack way_back(Ground& ground, const Past& past, const Scope& scope, const std::string& ticket,
                 const std::vector<Allowance>& allowed, const std::vector<LeftOut>& without, const Progress& progress);

}  // namespace fairway::cli
