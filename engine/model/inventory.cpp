// See inventory.hpp.
#include "engine/model/inventory.hpp"

#include "engine/base/text.hpp"

namespace fairway {

const Host* Inventory::find(std::string_view name) const {
    for (const Host& host : hosts)
        if (text::same_folded(host.name, name)) return &host;
    return nullptr;
}

}  // namespace fairway
