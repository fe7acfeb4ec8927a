// See window.hpp.
#include "engine/model/window.hpp"

#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/base/timestamp.hpp"
#include "engine/base/zone.hpp"

namespace fairway {
namespace {

constexpr std::array<std::string_view, 7> day_names = {"monday", "tuesday",  "wednesday", "thursday",
                                                       "friday", "saturday", "sunday"};
constexpr std::int64_t week = 7, minutes_a_day = 24 * 60;

// A place in the week.
struct WeekTime {
    int day = 0;  // 0 Monday
    std::int64_t minute = 0;

    std::int64_t in_week() const { return day * minutes_a_day + minute; }
};

// "saturday 22:00", or "sat 22:00".
std::optional<WeekTime> week_time(std::string_view text) {
    constexpr std::size_t time_size = 5, shortest_day = 3;
    const std::string folded = text::fold(text);
    const std::size_t blank = folded.find(' ');
    if (blank == std::string::npos || folded.size() != blank + 1 + time_size) return std::nullopt;
    const std::string_view word(folded.data(), blank), time(folded.data() + blank + 1, time_size);
    const auto digits = [&](std::size_t at) -> std::optional<std::int64_t> {
        if (time[at] < '0' || time[at] > '9' || time[at + 1] < '0' || time[at + 1] > '9') return std::nullopt;
        return (time[at] - '0') * 10 + (time[at + 1] - '0');
    };
    const auto hour = digits(0), minute = digits(3);
    if (!hour || !minute || time[2] != ':' || *hour > 23 || *minute > 59) return std::nullopt;
    for (std::size_t day = 0; day < day_names.size(); ++day)
        if (word == day_names[day] || (word.size() == shortest_day && day_names[day].starts_with(word)))
            return WeekTime{static_cast<int>(day), *hour * 60 + *minute};
    return std::nullopt;
}

std::optional<Span> fixed_span(const Window& window, std::int64_t moment) {
    const auto from = parse_timestamp(window.from), until = parse_timestamp(window.until);
    if (!from || !until || moment >= *until) return std::nullopt;
    return Span{*from, *until};
}

// Of the week whose first day is that one.
std::optional<Span> span_of_week(const Window& window, std::int64_t monday) {
    const auto from = week_time(window.from), until = week_time(window.until);
    if (!from || !until) return std::nullopt;
    const std::int64_t later = until->in_week() <= from->in_week() ? week : 0;
    const auto begin = moments(window.zone, {monday + from->day, from->minute});
    const auto end = moments(window.zone, {monday + until->day + later, until->minute});
    if (!begin || !end || begin->last >= end->first) return std::nullopt;
    return Span{begin->last, end->first};
}

std::optional<Span> weekly_span(const Window& window, std::int64_t moment) {
    const auto now = wall_time(window.zone, moment);
    if (!now) return std::nullopt;
    const std::int64_t monday = now->day - weekday(now->day);
    for (const std::int64_t weeks : {-1, 0, 1, 2})
        if (const auto span = span_of_week(window, monday + weeks * week); span && moment < span->until) return span;
    return std::nullopt;
}

Error bad(std::string text) { return {Code::bad_input, std::move(text)}; }

}  // namespace

std::string window_end_oddity(std::string_view text) {
    if (week_time(text)) return {};
    const auto moment = parse_timestamp(text);
    if (moment) return {};
    // Who begins with a year means a moment.
    if (!text.empty() && text.front() >= '0' && text.front() <= '9') return moment.error().text;
    return "is no time of the form 2026-12-15T22:00:00+01:00 (RFC 3339) or `saturday 22:00`";
}

Result<Window> window_from(std::string from, std::string until, std::string zone) {
    for (const std::string* end : {&from, &until})
        if (const std::string odd = window_end_oddity(*end); !odd.empty())
            return tl::unexpected(bad(fmt::format("`{}` {}", text::printable(*end), odd)));
    const auto first = week_time(from), last = week_time(until);
    if (first.has_value() != last.has_value())
        return tl::unexpected(bad("one end of the window is a moment and the other a time of every week"));
    if (!first) {
        if (!zone.empty())
            return tl::unexpected(bad("a window between two moments has no `zone`: they have their own"));
        if (*parse_timestamp(from) >= *parse_timestamp(until))
            return tl::unexpected(bad(fmt::format("the window ends at {}, which is not after {}", until, from)));
        return Window{std::move(from), std::move(until), {}};
    }
    if (first->in_week() == last->in_week())
        return tl::unexpected(bad("the window begins and ends at the same time of the week"));
    if (zone.empty()) return tl::unexpected(bad("a weekly window needs the zone of its clock, such as Europe/Berlin"));
    if (auto known = is_zone(zone); !known)
        return tl::unexpected(bad(fmt::format("`{}` {}", text::printable(zone), known.error().text)));
    return Window{text::fold(from), text::fold(until), std::move(zone)};
}

Result<Window> window_from(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos)
        return tl::unexpected(
            bad(fmt::format("`{}` is no window: write FROM/UNTIL, as in "
                            "2026-12-05T22:00:00+01:00/2026-12-06T04:00:00+01:00 or "
                            "\"saturday 22:00/sunday 04:00 Europe/Berlin\"",
                            text::printable(text))));
    std::string from(text.substr(0, slash)), until(text.substr(slash + 1)), zone;
    if (const std::size_t blank = until.find(' '); week_time(from) && blank != std::string::npos)
        if (const std::size_t next = until.find(' ', blank + 1); next != std::string::npos) {
            zone = until.substr(next + 1);
            until.resize(next);
        }
    return window_from(std::move(from), std::move(until), std::move(zone));
}

std::string show(const Window& window) {
    return window.zone.empty() ? fmt::format("{}/{}", window.from, window.until)
                               : fmt::format("{}/{} {}", window.from, window.until, window.zone);
}

std::optional<Span> span_at(const Window& window, std::int64_t moment) {
    return window.zone.empty() ? fixed_span(window, moment) : weekly_span(window, moment);
}

}  // namespace fairway
