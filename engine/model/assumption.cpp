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

std::size_t FirstContact::count(Tried state) const {
    return static_cast<std::size_t>(std::count_if(assumptions.begin(), assumptions.end(),
                                                  [&](const Assumption& one) { return one.state == state; }));
}

}  // namespace fairway
