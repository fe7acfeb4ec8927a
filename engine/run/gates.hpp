// What must be so behind a wave before the next phase begins: one row for each gate. A gate that cannot be asked is not
// passed. GATES.md says what each looks at.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/run.hpp"
#include "engine/provider.hpp"
#include "engine/run/converge.hpp"
#include "engine/run/stop.hpp"
#include "engine/run/trials.hpp"

namespace fairway {

// Between which phases of which run, and what is looked at with. A handle that may be missing says why.
struct Between {
    const Run& run;
    const Phase &done, &next;
    const Inventory& inventory;  // covered like the plan
    Reader& reader;
    std::function<Result<std::unique_ptr<Replicas>>()> replicas;
    std::function<Result<std::unique_ptr<HostLogs>>()> logs;
    std::function<Result<std::unique_ptr<Mover>>()> mover;
    Patience patience = {};  // with replicas that lag
    Latest latest = any_time;
    TrialWatch watch = {};  // of trial moves
    Progress progress = {};
};

// The gates of `done`, in their order, each told as soon as it is known. After one that was not passed no VM is moved.
std::vector<GateSeen> ask_gates(const Between& between, const std::function<void(const GateSeen&)>& seen);

}  // namespace fairway
