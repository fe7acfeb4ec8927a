// See duration.hpp.
#include "engine/base/duration.hpp"

#include <algorithm>
#include <array>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

struct Unit {
    char letter;
    std::int64_t seconds;
};
constexpr std::array units = {Unit{'h', 3600}, Unit{'m', 60}, Unit{'s', 1}};
constexpr std::int64_t most = 1'000'000;  // of each unit

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
    std::int64_t out = 0;
    if (text.empty()) return std::nullopt;
    for (const Unit& unit : units) {
        const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (digits == text.size() || text[digits] != unit.letter) continue;
        const auto number = text::number<std::int64_t>(text.substr(0, digits));
        if (!number || *number > most) return std::nullopt;
        out += *number * unit.seconds;
        text.remove_prefix(digits + 1);
    }
    if (!text.empty()) return std::nullopt;
    return out;
}

std::string show_duration(std::int64_t seconds) {
    std::string out;
    for (const Unit& unit : units) {
        if (const std::int64_t number = seconds / unit.seconds; number > 0) out += std::to_string(number) + unit.letter;
        seconds %= unit.seconds;
    }
    return out.empty() ? "0s" : out;
}

std::string show_estimate(std::int64_t ms) {
    const std::int64_t seconds = (std::max<std::int64_t>(ms, 0) + 999) / 1000;
    return show_duration(seconds < 120 ? seconds : (seconds + 59) / 60 * 60);
}

}  // namespace fairway
