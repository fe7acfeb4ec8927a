// See address.hpp.
#include "engine/report/address.hpp"

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"

namespace fairway::report {

Json address_json(const Address& address) { return address_json(address, Json::object()); }

Json address_json(const Address& address, const Json& more) {
    Json out = {{"object", address.object}, {"kind", name(address.kind())}, {"setting", address.setting->name}};
    out.update(more);
    return out;
}

Json addresses_json(const std::vector<std::pair<Address, Json>>& entries) {
    Json out = Json::array();
    for (const auto& alike :
         by_key(entries, [](const auto& entry) { return std::pair(entry.first.setting, entry.second.dump()); })) {
        const auto& [address, more] = *alike.front();
        Json one = {{"objects", Json::array()}, {"kind", name(address.kind())}, {"setting", address.setting->name}};
        for (const auto* entry : alike) one["objects"].push_back(entry->first.object);
        one.update(more);
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace fairway::report
