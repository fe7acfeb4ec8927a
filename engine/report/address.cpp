// See address.hpp.
#include "engine/report/address.hpp"

namespace fairway::report {

Json address_json(const Address& address, const Json& more) {
    Json out = {{"object", address.object}, {"kind", name(address.kind())}, {"setting", address.setting->name}};
    out.update(more);
    return out;
}

}  // namespace fairway::report
