// May this VM be moved, and may these hosts take part now? Asked before anything moves, so that nobody's database is
// moved by its name, and no host is disturbed that drains or is busy.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/policy.hpp"
#include "engine/plan/tour.hpp"
#include "engine/provider.hpp"

namespace fairway {

struct AdmittedVm {
    std::string host;
    Machine vm;
};

// Each VM of the policy that is in the domain, by the policy's name, or why it is not moved; one Error where none is
// there.
std::vector<std::pair<std::string, Result<AdmittedVm>>> admit(const MigrationDomain& domain, const TrialMoves& wanted,
                                                              Mover& mover);

// How many more migrations each host takes.
class Rooms {
public:
    // Asks each host once. Error: one drains or has no room left.
    Result<void> open(const std::vector<std::string>& hosts, const std::vector<Leg>& legs, Mover& mover);
    bool take(const Leg& leg);  // false: not now
    void give_back(const Leg& leg);

private:
    struct Free {
        std::int64_t live = 0, storage = 0;
    };
    std::map<std::string, Free> free_;
};

}  // namespace fairway
