// See snapshot.hpp.
#include "engine/model/snapshot.hpp"

namespace fairway {

const Reading& Snapshot::at(const Address& address) const {
    static const Reading not_asked = fail(Code::not_found, "was not read");
    const auto it = readings.find(address);
    return it == readings.end() ? not_asked : it->second;
}

}  // namespace fairway
