// Names of slices of long attributes, one a line, as a server might answer one after the other.
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/ldap/wire/range.hpp"
#include "tests/fuzz/law.hpp"

using namespace fairway;
using fairway::fuzz::law;

namespace {

void check_range(std::string_view name, const ldap::Range& range) {
    law(range.attribute.find(';') == std::string_view::npos && name.starts_with(range.attribute),
        "the attribute is what stands before the option");
    law(!range.last || *range.last >= range.first, "a slice does not end before it begins");
    const std::string again = range.last ? fmt::format("{};range={}-{}", range.attribute, range.first, *range.last)
                                         : ldap::ask_from(range.attribute, range.first);
    const auto read = ldap::parse_range(again);
    law(read && *read && (*read)->attribute == range.attribute && (*read)->first == range.first &&
            (*read)->last == range.last,
        "a slice that is named again is the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    std::size_t have = 0;
    for (const std::string_view name : text::split(fuzz::text_of(data, size), '\n')) {
        const auto read = ldap::parse_range(name);
        if (!read) {
            law(!read.error().text.empty() && name.find(';') != std::string_view::npos, "a plain name is no error");
            continue;
        }
        law(read->has_value() == (name.find(';') != std::string_view::npos), "an option is never overlooked");
        if (!*read) continue;
        const ldap::Range& range = **read;
        check_range(name, range);
        // As many values as it says, and a wrong number of them.
        const std::size_t count = range.last ? *range.last - range.first + 1 : 3;
        const bool fits = ldap::check_slice(range, have, count).has_value();
        law(fits == (range.first == have), "a slice fits where the last one ended, and only there");
        law(!range.last || (!ldap::check_slice(range, have, count - 1) && !ldap::check_slice(range, have, count + 1)),
            "a slice holds as many values as it says");
        if (fits) have += count;
    }
    return 0;
}
