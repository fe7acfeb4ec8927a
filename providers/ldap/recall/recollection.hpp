// What a controller said of accounts when it was last asked, and up to which of its changes that holds, so that an
// audit needs to read only what changed since. Pure: changes in, the newer recollection out, or the word that
// everything must be read again. A USN means something for one controller and one incarnation of its database only
// (MS-ADTS 3.1.1.1.9).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/model/setting.hpp"
#include "engine/model/value.hpp"

namespace fairway::ldap {

struct Recollection {
    // As the values of an account: in the order of `settings`.
    struct Known {
        std::string guid;  // objectGUID, its bytes; empty: there is no such account
        std::vector<Held> values;
    };

    std::string viewer;       // who looked, as a digest: others may be shown other things
    std::string invocation;   // of the controller's database
    std::int64_t usn = 0;     // all changes up to this one are in
    std::int64_t full_s = 0;  // when everything was read, seconds since 1970
    std::vector<const Setting*> settings;
    std::unordered_map<std::string, Known> accounts;  // by account name in lower case
};

// One account that changed since, as it is now.
struct AccountChange {
    std::string guid;
    std::string name;  // account name in lower case
    bool deleted = false;
    Result<std::vector<Held>> values = std::vector<Held>();
};

// The names of which something new is known; empty optional: two accounts bear one name, so that everything must be
// read again. What could not be decoded is forgotten, so that whoever asks reads it anew.
std::optional<std::vector<std::string>> absorb(Recollection& known, std::span<const AccountChange> changes);

}  // namespace fairway::ldap
