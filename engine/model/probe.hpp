// What somebody saw who tried to reach a host, step by step: which work, which does not and why, which were not tried.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway {

enum class StepState { good, bad, untried };
std::string_view name(StepState state);  // good, bad, untried

struct ProbeStep {
    std::string name;  // in field terms: name resolution, port, TLS, …
    StepState state = StepState::untried;
    std::string saw;             // good: what was seen; bad: the cause and what to do
    Code code = Code::protocol;  // of a bad one
};

struct Probe {
    std::string host;
    std::vector<ProbeStep> steps;  // always the same names in the same order

    const ProbeStep* first_bad() const;  // null: all is well
};

}  // namespace fairway
