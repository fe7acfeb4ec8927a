// Which change an address was last given, as replication keeps it: as which version, when, at which replica. It says
// where a change was made, never by whom.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "engine/model/snapshot.hpp"

namespace fairway {

struct ChangeStamp {
    std::int64_t version = 0;
    std::int64_t time = 0;  // by the clock of the replica where it was made: seconds since 1970
    std::string origin;     // the id of that replica's copy (Replica::id)
    std::int64_t usn = 0;   // its number there

    // Which of two changes wins when they meet (LDAP-20): version, then time, then origin.
    friend std::strong_ordering operator<=>(const ChangeStamp&, const ChangeStamp&) = default;
};

// Empty: no change is known there. An Error is of that one address.
using ChangeStamps = std::map<Address, Result<std::optional<ChangeStamp>>>;

// A replica, and whether it is the one at which values are read and written now.
struct Holder {
    Replica replica;
    bool own = false;
};

}  // namespace fairway
