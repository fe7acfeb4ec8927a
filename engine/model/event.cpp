// See event.hpp.
#include "engine/model/event.hpp"

namespace fairway {

std::string_view LogEvent::value(std::string_view name) const {
    for (const Datum& datum : data)
        if (datum.name == name) return datum.value;
    return {};
}

}  // namespace fairway
