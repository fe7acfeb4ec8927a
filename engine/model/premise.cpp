// See premise.hpp.
#include "engine/model/premise.hpp"

#include <algorithm>

namespace fairway {

void Premises::add(Shared premise) {
    const bool there =
        std::any_of(all_.begin(), all_.end(), [&](const Shared& one) { return one == premise || *one == *premise; });
    if (!there) all_.push_back(std::move(premise));
}

const Premise* Premises::about(const Address& address) const {
    const auto it = std::find_if(all_.begin(), all_.end(), [&](const Shared& one) { return one->address == address; });
    return it == all_.end() ? nullptr : it->get();
}

bool operator==(const Premises& a, const Premises& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& x, const auto& y) { return x == y || *x == *y; });
}

}  // namespace fairway
