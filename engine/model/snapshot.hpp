// The world as a map from Address to Reading, as one run of reads saw it.
#pragma once

#include <compare>
#include <map>
#include <string>
#include <vector>

#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"
#include "engine/model/value.hpp"

namespace fairway {

// The key of everything: a setting of an object. `object` is the host's name as the inventory spells it,
// for its computer account too; the setting's row tells which of the two is meant.
struct Address {
    std::string object;
    const Setting* setting = nullptr;

    Kind kind() const { return setting->kind; }
    friend bool operator==(const Address& a, const Address& b) {
        return a.setting == b.setting && a.object == b.object;
    }
    friend std::strong_ordering operator<=>(const Address& a, const Address& b) {
        if (const auto by_object = a.object <=> b.object; by_object != 0) return by_object;
        return a.setting == b.setting ? std::strong_ordering::equal : a.setting->name <=> b.setting->name;
    }
};

using Readings = std::map<Address, Reading>;

// One of several servers that hold copies of the same things: what is written at one, the others learn later.
struct Replica {
    std::string domain;  // what they hold copies of: the domain's DNS name
    std::string server;  // its DNS name
    std::string id;      // of its copy (a domain controller's invocation id); empty where it is not shown

    friend bool operator==(const Replica&, const Replica&) = default;
};

struct Snapshot {
    Readings readings;
    std::vector<std::string> sources;  // the servers that answered, for people to read

    // An address that nobody asked for is an Error as well: an oversight must not look like a value.
    const Reading& at(const Address& address) const;
};

}  // namespace fairway
