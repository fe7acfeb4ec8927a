// See catalogue.hpp.
#include "engine/model/catalogue.hpp"

#include <algorithm>
#include <vector>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/model/trial_vms.hpp"

namespace fairway {

std::span<const Setting* const> catalogue() {
    static const std::vector<const Setting*> all = [] {
        std::vector<const Setting*> out;
        for (const auto rows : {setting::migration_settings(), setting::trial_settings(),
                                setting::delegation_settings(), setting::host_facts(), setting::account_facts()})
            out.insert(out.end(), rows.begin(), rows.end());
        return out;
    }();
    return all;
}

const Setting* find_setting(std::string_view wanted) {
    const auto all = catalogue();
    const auto it = std::find_if(all.begin(), all.end(), [&](const Setting* row) { return row->name == wanted; });
    return it == all.end() ? nullptr : *it;
}

}  // namespace fairway
