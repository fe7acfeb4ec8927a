// See object_readings.hpp.
#include "engine/model/object_readings.hpp"

#include <algorithm>

namespace fairway {

ObjectReadings::ObjectReadings(const Snapshot& snapshot, const std::string& object) {
    static const Setting before_all{};  // its name is empty
    auto it = snapshot.readings.lower_bound({object, &before_all});
    for (; it != snapshot.readings.end() && it->first.object == object; ++it)
        read_.emplace_back(it->first.setting, &it->second);
}

const Reading* ObjectReadings::find(const Setting& setting) const {
    const auto it = std::find_if(read_.begin(), read_.end(), [&](const auto& one) { return one.first == &setting; });
    return it == read_.end() ? nullptr : it->second;
}

const Reading& ObjectReadings::at(const Setting& setting) const {
    static const Reading not_asked = Snapshot().at({});
    const Reading* reading = find(setting);
    return reading ? *reading : not_asked;
}

}  // namespace fairway
