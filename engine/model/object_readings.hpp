// The readings of one object of a snapshot, looked for once: planning asks each of thousands of hosts a dozen times.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/model/snapshot.hpp"

namespace fairway {

// Points into the snapshot.
class ObjectReadings {
public:
    ObjectReadings(const Snapshot& snapshot, const std::string& object);

    const Reading* find(const Setting& setting) const;  // null: nobody asked for it
    const Reading& at(const Setting& setting) const;    // an Error then, as in Snapshot

    // Null: it was not read, nothing is there, or something else is.
    template <class T>
    const T* value(const Setting& setting) const {
        const Reading* reading = find(setting);
        return reading && *reading && **reading ? std::get_if<T>(&***reading) : nullptr;
    }

private:
    std::vector<std::pair<const Setting*, const Reading*>> read_;
};

}  // namespace fairway
