// Which changes follow from the findings, and in which order are they made? Pure.
// Order: additions to the directory, then host switches, then removals from the directory, so that
// nothing is taken away before its replacement is in place. A rollback has the same phases (what it puts
// back are additions, what it takes away are removals) and walks each of them backwards.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/want.hpp"

namespace fairway {

struct PlanHeading {
    Purpose purpose = Purpose::apply;
    std::string source;         // policy name or run id
    std::string source_digest;  // of the policy document
    std::string ticket;
    std::optional<Limits> limits = {};    // of the policy; a rollback has none
    std::optional<Rollout> rollout = {};  // empty: all hosts in one phase
    RunRules run_rules = {};
    std::optional<FoundSince> since = {};
    std::vector<EstateFinding> estate_findings = {};  // so far; those of paths follow
    const Plan* undone = nullptr;                     // of a rollback: whose waves it goes through, last one first
    bool partial = false;  // of some findings only: what they leave closed says nothing about the rules
};

// What the findings ask for: one change of an address at most.
std::vector<Change> changes(const std::vector<Finding>& findings);

// Paths are predicted from the snapshot as well: before the plan and after each phase.
Plan plan(const PlanHeading& heading, const std::vector<Finding>& findings, const Snapshot& snapshot,
          const Inventory& inventory);

}  // namespace fairway
