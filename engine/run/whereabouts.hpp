// Where is the VM of a trial move that failed, and is anything left of that move? Looks until both ends agree, or long
// enough; takes away nothing but a planned VM that the move itself left.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "engine/provider.hpp"

namespace fairway {

using Sleep = std::function<void(std::chrono::milliseconds)>;

struct Seat {
    std::string host;
    Result<Sighting> seen;
};

struct Account {
    std::vector<Seat> seats;        // both ends; every host of the domain, where neither end has the VM
    std::vector<std::string> done;  // what was done, in sentences
};

// The only host that has it; empty: none that answered, or several.
std::string host_of(const Account& account);
bool runs(const Account& account);
// "HV01 has it, running; HV02 does not have it"
std::string in_words(const Account& account);

// `others`: the hosts of the domain beside both ends.
Account account_for(Mover& mover, const TrialMove& move, const MoveProof& proof, const std::vector<std::string>& others,
                    const Sleep& sleep);

}  // namespace fairway
