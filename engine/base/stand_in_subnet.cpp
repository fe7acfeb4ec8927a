// See stand_in_subnet.hpp.
#include "engine/base/stand_in_subnet.hpp"

#include <cstdint>

#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"

namespace fairway {

// The stand-in of the address counts them. That number, made odd, before those zeros: no two are alike, and the ranges
// 240.0.0.0/4 and 4000::/3 are nobody's.
std::string subnet_stand_in(std::string_view base, StandIns& names) {
    const std::string usual = names.by_form_or(base, StandIns::Kind::text);
    const auto real = parse_address(text::trim(base)), counted = parse_address(text::trim(usual));
    if (!real || !counted || usual == base) return usual;
    const std::size_t size = real->v6 ? 16 : 4;
    const std::uint64_t number = std::uint64_t{counted->bytes.at(size - 2)} << 8 | counted->bytes.at(size - 1);
    std::size_t zeros = 0;
    while ((real->bytes.at(size - 1 - zeros / 8) >> zeros % 8 & 1) == 0) ++zeros;
    IpAddress out{.v6 = real->v6};
    out.bytes.front() = real->v6 ? 0x40 : 0xF0;
    const std::size_t most = 8 * size - (real->v6 ? 3 : 4);
    std::size_t bit = zeros;
    for (std::uint64_t odd = 2 * number + 1; odd != 0; ++bit, odd >>= 1) {
        if (bit >= most) return usual;
        const auto one = static_cast<unsigned>(odd & 1) << bit % 8;
        auto& byte = out.bytes.at(size - 1 - bit / 8);
        byte = static_cast<std::uint8_t>(byte | one);
    }
    return show(out);
}

}  // namespace fairway
