// A computer account as a first look at the directory finds it, for an inventory that is yet to be written. All of it
// is what the account says of itself, but for the SID.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "engine/model/inventory.hpp"

namespace fairway {

struct SeenComputer {
    FoundHost is;
    std::string sid;  // empty: hidden from us
    bool disabled = false;
    bool controller = false;                     // it is a domain controller's
    std::optional<std::int64_t> signed_on = {};  // about when, seconds since 1970 (LDAP-44); empty: nobody says
    std::string system = {};                     // operating system
    std::set<std::string> classes = {};          // of its service principal names, in lower case
};

}  // namespace fairway
