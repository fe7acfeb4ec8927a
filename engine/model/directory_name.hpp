// A distinguished name that a person wrote (RFC 4514), as its steps. A provider writes it anew from here. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway {

struct NameStep {
    std::string type;   // "OU"
    std::string value;  // without escapes

    bool operator==(const NameStep&) const = default;
};
using DirectoryName = std::vector<NameStep>;  // nearest first

// The error says what is wrong, as words behind the text itself.
Result<DirectoryName> parse_directory_name(std::string_view text);

// "corp.example", of the DC steps at its end (RFC 2247), in lower case; empty: there are none.
std::string domain_of(const DirectoryName& name);

}  // namespace fairway
