// What is looked at before the first write of a run: is every place still as the plan saw it, does everything hold that
// the changes rest on, may the caller write? Everything that is not so is named, and nothing is written.
#pragma once

#include <vector>

#include "engine/model/plan.hpp"
#include "engine/provider.hpp"

namespace fairway {

// A change that is still to be made; `torn`: part of it was written by an earlier stretch of the run.
struct ToMake {
    const Change* change = nullptr;
    bool torn = false;
};

// A sentence for each place that is no longer as the plan saw it or cannot be read, and for each host that a change could
// disturb at its work. Code::stale, Code::refused or Code::unreachable. Reading ends early when `progress` says so.
Result<void> preflight(const std::vector<ToMake>& changes, Reader& reader, const Progress& progress = {});

Result<void> preflight(const Plan& plan, Reader& reader, const Progress& progress = {});  // of all its changes

// Code::denied where it is known that a write would be refused. What is not known refuses nothing.
Result<void> permitted(const std::vector<ToMake>& changes, RightsReader& rights, const Progress& progress = {});

}  // namespace fairway
