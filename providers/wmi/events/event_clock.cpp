// See event_clock.hpp.
#include "providers/wmi/events/event_clock.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "engine/base/text.hpp"

namespace fairway::wmi {
namespace {

enum class DateOrder { year_first, day_first, month_first };

// "11/28/2026 03:30:00 AM", "28.11.2026 03:30:00", "2026-11-28 03.30.00": the numbers in their order.
struct Written {
    std::array<int, 6> parts{};
    std::optional<bool> afternoon = {};  // where it says AM or PM
};

// Chinese, Japanese, Korean.
constexpr std::pair<std::string_view, bool> half_days[] = {
    {"\u4e0a\u5348", false}, {"\u4e0b\u5348", true},  {"\u5348\u524d", false},
    {"\u5348\u5f8c", true},  {"\uc624\uc804", false}, {"\uc624\ud6c4", true},
};

std::optional<bool> half_of_day(std::string_view text) {
    for (const auto& [words, afternoon] : half_days)
        if (text.find(words) != std::string_view::npos) return afternoon;
    std::string letters;  // "AM", "am", "a. m."
    std::copy_if(text.begin(), text.end(), std::back_inserter(letters), text::is_letter);
    if (text::same_folded(letters, "am")) return false;
    if (text::same_folded(letters, "pm")) return true;
    return std::nullopt;
}

std::optional<Written> written(std::string_view text) {
    Written out;
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size() && count < out.parts.size(); ++at) {
        if (!text::is_digit(text[at])) continue;
        const std::string_view rest = text.substr(at);
        const auto digits =
            static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), text::is_digit) - rest.begin());
        const auto number = text::number<int>(rest.substr(0, digits));
        if (!number) return std::nullopt;
        out.parts[count++] = *number;
        at += digits;
    }
    if (count < 5) return std::nullopt;
    out.afternoon = half_of_day(text);
    return out;
}

// What the numbers of this one leave possible.
std::optional<DateOrder> order_of(const Written& one) {
    if (one.parts[0] > 31) return DateOrder::year_first;
    if (one.parts[0] > 12) return DateOrder::day_first;
    if (one.parts[1] > 12) return DateOrder::month_first;
    return std::nullopt;
}

std::int64_t moment_of(const Written& one, DateOrder order) {
    auto [day, month, year, hour, minute, second] = one.parts;
    if (order == DateOrder::month_first) std::swap(day, month);
    if (order == DateOrder::year_first) std::swap(day, year);
    if (one.afternoon) hour = hour % 12 + (*one.afternoon ? 12 : 0);
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (year < 1970 || year > 9999 || !date.ok() || hour > 23 || minute > 59 || second > 60) return 0;
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return (((days * 24 + hour) * 60LL + minute) * 60 + second) * 1'000'000;
}

}  // namespace

void read_local_times(std::vector<LogEvent>& events) {
    std::optional<DateOrder> known;
    bool halves = false;
    for (const LogEvent& event : events) {
        const auto one = event.zoneless ? written(event.time) : std::nullopt;
        if (!one) continue;
        halves = halves || one->afternoon;
        const auto order = order_of(*one);
        if (!known && order != DateOrder::year_first) known = order;
    }
    // Nothing decides: where hours are counted to twelve with digits and two letters, that is mostly the United States.
    const DateOrder usual = known.value_or(halves ? DateOrder::month_first : DateOrder::day_first);
    for (LogEvent& event : events) {
        if (!event.zoneless) continue;
        const auto one = written(event.time);
        event.time_us = one ? moment_of(*one, order_of(*one).value_or(usual)) : 0;
    }
}

}  // namespace fairway::wmi
