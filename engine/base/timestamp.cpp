// See timestamp.hpp. Grammar: RFC 3339 section 5.6, without its leave to write a blank for the T.
#include "engine/base/timestamp.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>

namespace fairway {
namespace {

constexpr const char* form = "is no time of the form 2026-12-15T22:00:00+01:00 (RFC 3339)";

// Takes characters from the front as long as they are what is expected.
class Scan {
public:
    explicit Scan(std::string_view text) : rest_(text) {}

    std::optional<int> digits(std::size_t count) {
        int value = 0;
        if (rest_.size() < count) return std::nullopt;
        for (char c : rest_.substr(0, count)) {
            if (c < '0' || c > '9') return std::nullopt;
            value = 10 * value + (c - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }
    // The one of `wanted` that stands here, or 0.
    char one_of(std::string_view wanted) {
        if (rest_.empty() || wanted.find(rest_.front()) == std::string_view::npos) return 0;
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }
    bool done() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

bool leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in(int year, int month) {
    constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days.at(static_cast<std::size_t>(month - 1));
}

// Days since 1970-01-01 in the Gregorian calendar; years begin in March, so that a leap day is the last.
std::int64_t days_since_1970(int year, int month, int day) {
    const std::int64_t y = month <= 2 ? year - 1 : year;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const std::int64_t year_of_era = y - era * 400;
    const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

struct Zone {
    std::int64_t seconds = 0;  // to subtract
};

Result<Zone> zone(Scan& scan) {
    if (scan.one_of("Zz")) return scan.done() ? Result<Zone>(Zone{}) : fail(Code::bad_input, form);
    const char sign = scan.one_of("+-");
    if (!sign)
        return fail(Code::bad_input,
                    scan.done() ? "has no zone: put Z (UTC) or an offset like +01:00 behind it" : form);
    const auto hours = scan.digits(2);
    if (!hours || !scan.one_of(":")) return fail(Code::bad_input, form);
    const auto minutes = scan.digits(2);
    if (!minutes || !scan.done()) return fail(Code::bad_input, form);
    if (*hours > 23 || *minutes > 59) return fail(Code::bad_input, "has an offset that no zone can have");
    const std::int64_t seconds = *hours * 3600 + *minutes * 60;
    return Zone{sign == '-' ? -seconds : seconds};
}

}  // namespace

Result<std::int64_t> parse_timestamp(std::string_view text) {
    Scan scan(text);
    const auto year = scan.digits(4);
    if (!year || !scan.one_of("-")) return fail(Code::bad_input, form);
    const auto month = scan.digits(2);
    if (!month || !scan.one_of("-")) return fail(Code::bad_input, form);
    const auto day = scan.digits(2);
    if (!day) return fail(Code::bad_input, form);
    if (scan.done())
        return fail(Code::bad_input, "is a day without a time: write it as 2026-12-15T22:00:00+01:00 (RFC 3339)");
    if (!scan.one_of("Tt")) return fail(Code::bad_input, form);
    const auto hour = scan.digits(2);
    if (!hour || !scan.one_of(":")) return fail(Code::bad_input, form);
    const auto minute = scan.digits(2);
    if (!minute || !scan.one_of(":")) return fail(Code::bad_input, form);
    const auto second = scan.digits(2);
    if (!second) return fail(Code::bad_input, form);
    if (scan.one_of(".")) {
        if (!scan.digits(1)) return fail(Code::bad_input, form);
        while (scan.digits(1)) {
        }
    }
    const auto offset = zone(scan);
    if (!offset) return tl::unexpected(offset.error());
    if (*month < 1 || *month > 12 || *day < 1 || *day > days_in(*year, *month))
        return fail(Code::bad_input, "is a day that does not exist");
    if (*second == 60) return fail(Code::bad_input, "is a leap second: write the second before or after it");
    if (*hour > 23 || *minute > 59 || *second > 59)
        return fail(Code::bad_input, "is an hour that does not exist: a day ends at 23:59:59");
    return days_since_1970(*year, *month, *day) * 86'400 + *hour * 3600 + *minute * 60 + *second - offset->seconds;
}

}  // namespace fairway
