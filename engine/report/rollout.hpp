// The waves of a plan in words.
#pragma once

#include <string>

#include "engine/model/plan.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

// "Rollout: a canary of 1 host, 25%, the rest; …"; empty: the plan has no waves.
std::string rollout_line(const Plan& plan);

// "Window: …" and what follows failures, a line each; empty: the plan says nothing of them.
std::string run_rules_text(const RunRules& rules);

// The phase's title; of a wave with its hosts: "wave 2: 12 hosts".
std::string title_line(const Phase& phase);

// "wait until …, and at least 30 minutes".
std::string words(const Then& then);
std::string then_text(const Then& then, const Style& style);

}  // namespace fairway::report
