// See cim_datetime.hpp.
#include "providers/wmi/wsman/cim_datetime.hpp"

#include <array>
#include <chrono>
#include <fmt/format.h>
#include <optional>

#include "engine/base/characters.hpp"
#include "engine/base/text.hpp"

namespace fairway::wmi::cim {
namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t most_days = 99'999'999;  // eight digits; in microseconds that fits into 63 bits
constexpr std::size_t cim_length = 25;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads a text from left to right; once something does not fit, it stays wrong.
class Cursor {
public:
    explicit Cursor(std::string_view s) : s_(s) {}

    std::int64_t digits(std::size_t count) {
        std::int64_t out = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (s_.empty() || !is_digit(s_.front())) return wrong();
            out = out * 10 + (s_.front() - '0');
            s_.remove_prefix(1);
        }
        return out;
    }
    // One digit or more, but no more than would count centuries of days.
    std::int64_t number() {
        std::size_t count = 0;
        while (count < s_.size() && is_digit(s_[count])) ++count;
        return count == 0 || count > 15 ? wrong() : digits(count);
    }
    // `.678901` or nothing, in microseconds; what is finer is cut off.
    std::int64_t fraction() {
        if (!take('.') && !take(',')) return 0;
        std::int64_t out = 0, unit = second_us;
        if (s_.empty() || !is_digit(s_.front())) return wrong();
        for (; !s_.empty() && is_digit(s_.front()); s_.remove_prefix(1)) out += (unit /= 10) * (s_.front() - '0');
        return out;
    }
    bool take(char c) {
        if (s_.empty() || s_.front() != c) return false;
        s_.remove_prefix(1);
        return true;
    }
    void want(char c) {
        if (!take(c)) wrong();
    }
    char next() const { return s_.empty() ? '\0' : s_.front(); }
    bool good() const { return good_; }
    bool ended() const { return good_ && s_.empty(); }

private:
    std::int64_t wrong() {
        good_ = false;
        return 0;
    }

    std::string_view s_;
    bool good_ = true;
};

struct Clockface {
    std::int64_t hour = 0, minute = 0, second = 0, us = 0;

    bool exists() const { return hour < 24 && minute < 60 && second < 60; }
    std::int64_t in_us() const { return ((hour * 60 + minute) * 60 + second) * second_us + us; }
};

std::optional<DateTime> moment(std::int64_t year, std::int64_t month, std::int64_t day, Clockface at,
                               std::int64_t zone_minutes) {
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || !at.exists()) return std::nullopt;
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    return DateTime{days * day_s * second_us + at.in_us() - zone_minutes * 60 * second_us, false};
}

std::optional<DateTime> span(std::int64_t days, std::int64_t seconds, std::int64_t us) {
    if (days > most_days || seconds / day_s > most_days - days) return std::nullopt;
    return DateTime{(days * day_s + seconds) * second_us + us, true};
}

// yyyymmddHHMMSS.mmmmmm±zzz in minutes, or ddddddddHHMMSS.mmmmmm:000.
std::optional<DateTime> read_cim(std::string_view text) {
    Cursor in(text);
    const bool interval = text[21] == ':';
    const std::int64_t front = in.digits(8);
    Clockface at;
    at.hour = in.digits(2), at.minute = in.digits(2), at.second = in.digits(2);
    in.want('.');
    at.us = in.digits(6);
    const bool west = in.take('-');
    if (!west && !in.take('+')) in.want(':');
    const std::int64_t zone = in.digits(3);
    if (!in.ended() || !at.exists()) return std::nullopt;
    if (interval) return zone == 0 ? span(front, (at.hour * 60 + at.minute) * 60 + at.second, at.us) : std::nullopt;
    return moment(front / 10000, front / 100 % 100, front % 100, at, west ? -zone : zone);
}

// 2026-01-02T03:04:05.678Z and with +08:00 (RFC 3339; a blank for the T is not taken).
std::optional<DateTime> read_iso(std::string_view text) {
    Cursor in(text);
    const std::int64_t year = in.digits(4);
    in.want('-');
    const std::int64_t month = in.digits(2);
    in.want('-');
    const std::int64_t day = in.digits(2);
    in.want('T');
    Clockface at;
    at.hour = in.digits(2);
    in.want(':');
    at.minute = in.digits(2);
    in.want(':');
    at.second = in.digits(2);
    at.us = in.fraction();
    std::int64_t zone = 0;
    if (!in.take('Z')) {
        const bool west = in.take('-');
        if (!west) in.want('+');
        const std::int64_t hours = in.digits(2);
        in.want(':');
        const std::int64_t minutes = in.digits(2);
        if (hours > 23 || minutes > 59) return std::nullopt;
        zone = (hours * 60 + minutes) * (west ? -1 : 1);
    }
    return in.ended() ? moment(year, month, day, at, zone) : std::nullopt;
}

struct Counts {
    std::array<std::int64_t, 3> of = {};
    std::int64_t us = 0;
    bool any = false, good = true;
};

// What stands before each of three units, in their order and each at most once: `1H40S` of HMS is 1, 0, 40.
Counts counts(Cursor& in, std::string_view units) {
    Counts out;
    std::size_t at = 0;
    while (is_digit(in.next())) {
        const std::int64_t count = in.number(), us = in.fraction();
        at = in.good() ? units.find(in.next(), at) : std::string_view::npos;
        out.good = at != std::string_view::npos && (us == 0 || units[at] == 'S');
        if (!out.good) return out;
        in.take(units[at]);
        out.of[at++] = count;
        out.us += us;
        out.any = true;
    }
    return out;
}

// xs:duration, P0DT0H1M40S. Years and months have no length of their own, so only none of them can be read.
std::optional<DateTime> read_duration(std::string_view text) {
    Cursor in(text);
    in.want('P');
    const Counts date = counts(in, "YMD");
    const bool timed = in.take('T');
    const Counts time = timed ? counts(in, "HMS") : Counts{};
    if (!date.good || !time.good || timed != time.any || !(date.any || time.any) || !in.ended()) return std::nullopt;
    if (date.of[0] != 0 || date.of[1] != 0) return std::nullopt;
    constexpr std::int64_t most_s = (most_days + 1) * day_s;
    for (const std::int64_t count : time.of)
        if (count > most_s) return std::nullopt;
    return span(date.of[2], (time.of[0] * 60 + time.of[1]) * 60 + time.of[2], time.us);
}

}  // namespace

Result<DateTime> parse_datetime(std::string_view text) {
    text = text::trim(text);
    std::optional<DateTime> out;
    if (text.starts_with('P')) out = read_duration(text);
    else if (text.size() == cim_length && text[14] == '.') out = read_cim(text);
    else out = read_iso(text);
    if (!out)
        return fail(Code::protocol, fmt::format("`{}` is no complete date with a zone, and no span of time",
                                                text::printable(text::whole(text, 60))));
    return *out;
}

Result<std::string> cim_text(DateTime time) {
    // Years 0 to 9999, or eight digits of days; looked at first, for the calendar below overflows far outside.
    constexpr std::int64_t first_day = -719'528, last_day = 2'932'896;
    constexpr std::int64_t day_us = day_s * second_us;
    const std::int64_t least = time.interval ? 0 : first_day * day_us;
    const std::int64_t most = (time.interval ? most_days : last_day) * day_us + (day_us - 1);
    if (time.us < least || time.us > most)
        return fail(Code::bad_input, "a time to be sent has more digits than CIM can write");
    const std::chrono::sys_time<std::chrono::microseconds> at{std::chrono::microseconds(time.us)};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::hh_mm_ss clock(at - day);
    const auto face = fmt::format("{:02}{:02}{:02}.{:06}", clock.hours().count(), clock.minutes().count(),
                                  clock.seconds().count(), clock.subseconds().count());
    if (time.interval) return fmt::format("{:08}{}:000", day.time_since_epoch().count(), face);
    const std::chrono::year_month_day date(day);
    return fmt::format("{:04}{:02}{:02}{}+000", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), face);
}

}  // namespace fairway::wmi::cim
