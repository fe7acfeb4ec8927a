// See vanished.hpp.
#include "engine/names/vanished.hpp"

#include <algorithm>
#include <iterator>

#include "engine/base/text.hpp"
#include "engine/model/name_form.hpp"

namespace fairway {

bool is_vanished(const NameIndex& index, std::string_view service) {
    return !index.has_somebody_for(service) && oddities_of(service).empty();
}

Set of_classes(const Set& services, const Set& classes) {
    if (classes.empty()) return services;
    Set::Elements out;
    for (const std::string_view service : services)
        if (std::any_of(classes.begin(), classes.end(),
                        [of = parts_of(service).service_class](auto one) { return text::same_folded(one, of); }))
            out.push_back(service);
    return Set::of(std::move(out));
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
