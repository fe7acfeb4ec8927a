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

// Why a change cannot be made now, and the host that this is about: the change's own, or one that the change rests on.
struct Complaint {
    const Change* change = nullptr;
    std::string host;
    Error why;
};

// One for each place that is no longer as the plan saw it or cannot be read, and for each host that a change could
// disturb at its work. Reading ends early when `progress` says so.
std::vector<Complaint> preflight(const std::vector<ToMake>& changes, Reader& reader, const Progress& progress = {});

// All of them in one, host by host, each sentence once: Code::stale, Code::refused or Code::unreachable, by the
// gravest. No complaint: no error.
Result<void> together(const std::vector<Complaint>& complaints);

// Code::denied where it is known that a write would be refused. What is not known refuses nothing.
Result<void> permitted(const std::vector<ToMake>& changes, RightsReader& rights, const Progress& progress = {});

}  // namespace fairway
