// Do VMs really move? Walks small VMs through their migration domains by trial moves, several at once, never two of one
// VM, within what the hosts allow. What fails ends the VM's tour: then it is looked for, and taken home.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/policy.hpp"
#include "engine/provider.hpp"
#include "engine/run/whereabouts.hpp"

namespace fairway {

// One move that was tried, and what came of it. Of a tour that was refused: between a domain's name and itself.
struct Trial {
    TrialMove move;
    MoveProof proof;
    std::optional<Error> failed = {};
    std::optional<Account> account = {};  // of a move that failed
    bool home = false;                    // it takes the VM back to where its tour began
    std::size_t number = 0, of = 0;       // among the moves of its tour
    std::int64_t began = 0, ended = 0;    // by the clock here
};

// Where a VM was at the beginning, and where it is now.
struct Toured {
    std::string vm, id, home;
    std::string at;  // empty: nobody knows, see the last Trial
};

struct Trials {
    std::vector<Trial> trials;
    std::vector<Toured> vms;
};

struct TrialWatch {
    std::function<bool(const Trial&)> ended;  // false: begin no other move but home
    std::function<void(const Trial& under_way)> moving = {};
    Sleep sleep;
    Clock clock;
};

// `seed` draws the pairs of TrialMoves::Pairs::sample. A domain in which none of the VMs is, one that has a host that
// drains or is busy, and a VM that is not as the policy says yield one failed Trial, and nothing of theirs is moved.
Trials try_moves(const Inventory& inventory, const TrialMoves& wanted, std::uint64_t seed, Mover& mover,
                 const TrialWatch& watch);

}  // namespace fairway
