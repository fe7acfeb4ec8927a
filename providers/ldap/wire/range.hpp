// Long attributes come in slices: "member;range=0-1499", and the last one "member;range=1500-*"
// (MS-ADTS 3.1.1.3.1.3.3). This file reads such names and holds a server to what it said. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::ldap {

struct Range {
    std::string_view attribute;  // without the option
    std::size_t first = 0;
    std::optional<std::size_t> last;  // inclusive; empty: to the end
};

// Empty when the name carries no range; an Error when it carries one that makes no sense.
Result<std::optional<Range>> parse_range(std::string_view name);

// What to ask for after `have` values: "member;range=1500-*".
std::string ask_from(std::string_view attribute, std::size_t have);

// The slice starts where the last one ended, holds as many values as it says, and is not empty unless it
// is the last: otherwise we would miss values or ask for ever.
Result<void> check_slice(const Range& range, std::size_t have, std::size_t count);

}  // namespace fairway::ldap
