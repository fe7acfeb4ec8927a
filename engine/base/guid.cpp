// See guid.hpp.
#include "engine/base/guid.hpp"

#include <algorithm>

#include "engine/base/text.hpp"

namespace fairway {

bool is_guid(std::string_view text) {
    constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    return std::equal(text.begin(), text.end(), form.begin(), form.end(),
                      [](char c, char wanted) { return wanted == 'x' ? text::hex_digit(c) >= 0 : c == wanted; });
}

}  // namespace fairway
