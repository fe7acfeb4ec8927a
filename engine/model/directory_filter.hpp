// A search filter that a person wrote (RFC 4515), as a value: what it compares, and nothing that only looks like it.
// A provider writes the question anew from here, so no byte of the person's text is ever sent. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway {

struct DirectoryFilter {
    enum class Kind {
        all_of,    // parts
        any_of,    // parts
        not_of,    // one part
        present,   // (attribute=*)
        equal,     // (attribute=value)
        at_least,  // (attribute>=value)
        at_most,   // (attribute<=value)
        like,      // (attribute=a*b*c): two pieces at least; the first and the last may be empty
        rule,      // (attribute:rule:=value), with one of the rules that Active Directory has (MS-ADTS 3.1.1.3.4.4)
    };
    Kind kind = Kind::present;
    std::string attribute = {};
    std::string rule = {};                 // an OID
    std::vector<std::string> pieces = {};  // the value's bytes, without escapes: one of them, but for `like`
    std::vector<DirectoryFilter> parts = {};

    bool operator==(const DirectoryFilter&) const = default;
};

inline constexpr std::size_t longest_filter = 4096, deepest_filter = 16, most_filter_parts = 200;

// The error says what is wrong, as words behind the text itself.
Result<DirectoryFilter> parse_directory_filter(std::string_view text);

// A value as it stands in a filter's text.
std::string escaped_for_filter(std::string_view value);

}  // namespace fairway
