// See vanished.hpp.
#include "engine/plan/vanished.hpp"

#include <algorithm>
#include <iterator>

#include "engine/model/name_form.hpp"

namespace fairway {

bool is_vanished(const NameIndex& index, std::string_view service) {
    return !index.has_somebody_for(service) && oddities_of(service).empty();
}

std::map<std::string, Set> vanished(const RegisteredNames& names) {
    const NameIndex index(names);
    std::map<std::string, Set> out;
    for (const auto& [host, services] : names.delegations) {
        Set::Elements gone;
        std::copy_if(services.begin(), services.end(), std::back_inserter(gone),
                     [&](std::string_view service) { return is_vanished(index, service); });
        if (!gone.empty()) out.emplace(host, Set::of(std::move(gone)));
    }
    return out;
}

}  // namespace fairway
