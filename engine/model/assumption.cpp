// See assumption.hpp.
#include "engine/model/assumption.hpp"

#include <algorithm>

namespace fairway {

std::string_view name(Tried state) {
    switch (state) {
        case Tried::holds: return "holds";
        case Tried::refuted: return "refuted";
        case Tried::untried: break;
    }
    return "untried";
}

Judgement holds(std::string saw) { return {Tried::holds, saw, saw}; }
Judgement refuted(std::string saw) { return {Tried::refuted, saw, saw}; }
Judgement untried(std::string why) { return {Tried::untried, why, why}; }
Judgement untried(const Error& why) { return {Tried::untried, why.text, std::string(name(why.code))}; }

std::size_t count(std::span<const Assumption> all, Tried state) {
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const Assumption& one) { return one.state == state; }));
}

}  // namespace fairway
