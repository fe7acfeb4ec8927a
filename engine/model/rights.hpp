// May the caller make a write? What can be known of it before anything is written. Rights are of the caller and of the
// moment, so a plan, which somebody else may apply tomorrow, holds none of them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/model/snapshot.hpp"

namespace fairway {

enum class May {
    yes,
    by_default,  // yes, unless a privilege was taken from where it is at first
    no,
    unknown,  // never folded into another one: whoever writes finds out
};
std::string_view name(May may);

struct Right {
    May may = May::unknown;
    std::string words;  // what the yes hangs on, what to grant, or where to look; empty for a plain yes

    friend bool operator==(const Right&, const Right&) = default;
};

using Rights = std::map<Address, Right>;

}  // namespace fairway
