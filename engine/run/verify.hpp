// Is what a run wrote still there, are the paths open, and do VMs really move? Reads, judges with the run's
// own results as wants, and drives the trial moves that the policy asks for.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/provider.hpp"

namespace fairway {

// The readings of every address that a question is about.
Snapshot observe(Reader& reader, const std::vector<Address>& questions, const Progress& progress = {});

// One move that was tried, and what came of it.
struct Trial {
    TrialMove move;
    Result<MoveProof> proof;
};

// Trial moves through every migration domain, from where its VM is now and back to there. A move that fails
// ends its domain's tour: the VM is no longer where the next move would start. A domain without the VM
// yields one failed Trial that says so.
std::vector<Trial> try_moves(const Inventory& inventory, const TrialMoves& wanted, Reader& reader, Mover& mover,
                             const std::function<bool(const Trial&)>& go_on,
                             const std::function<void(const TrialMove&, int percent)>& moving = {});

}  // namespace fairway
