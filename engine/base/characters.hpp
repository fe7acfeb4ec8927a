// One character of UTF-8 after the other: its number, how many columns of a terminal it takes, and how it is written
// where only ASCII is understood.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairway::text {

struct Decoded {
    std::uint32_t point = 0;
    std::size_t bytes = 0;  // 0: not well-formed UTF-8
};

// The first character of a text that is not empty.
Decoded decode(std::string_view s);

struct Range {
    std::uint32_t first, last;
};

// Columns of a terminal: wide characters of East Asia are two, combining marks none. Colours are not counted.
std::size_t columns(std::string_view s);

// The longest beginning, of whole characters, that takes no more than so many columns. If something is left out, it
// ends with `mark`, and a colour ends.
std::string cut(std::string_view s, std::size_t columns, std::string_view mark = "…");

// The longest beginning, of whole characters, that has no more than so many bytes.
std::string_view whole(std::string_view s, std::size_t bytes);

// The text in ASCII: our marks by a table, every other character by its number, as \u{fc}.
std::string ascii(std::string_view s);

}  // namespace fairway::text
