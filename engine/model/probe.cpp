// See probe.hpp.
#include "engine/model/probe.hpp"

#include <algorithm>
#include <array>

namespace fairway {

std::string_view name(StepState state) {
    constexpr std::array<std::string_view, 3> words = {"good", "bad", "untried"};
    return words.at(static_cast<std::size_t>(state));
}

const ProbeStep* Probe::first_bad() const {
    const auto it =
        std::find_if(steps.begin(), steps.end(), [](const ProbeStep& step) { return step.state == StepState::bad; });
    return it == steps.end() ? nullptr : &*it;
}

}  // namespace fairway
