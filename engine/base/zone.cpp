// See zone.hpp.
#include "engine/base/zone.hpp"

#include <chrono>
#include <date/tz.h>
#include <fmt/format.h>
#include <stdexcept>

namespace fairway {
namespace {

using Seconds = std::chrono::seconds;

// The library throws where the zone, or the system's zone data, is missing.
Result<const date::time_zone*> zone_of(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return fail(Code::bad_input, "is no time zone that this system knows; write it as Europe/Berlin or Etc/UTC");
    }
}

std::int64_t seconds_of(date::sys_seconds moment) { return moment.time_since_epoch().count(); }

}  // namespace

Result<void> is_zone(const std::string& name) {
    const auto zone = zone_of(name);
    if (!zone) return tl::unexpected(zone.error());
    return {};
}

Result<WallTime> wall_time(const std::string& zone, std::int64_t moment) {
    const auto known = zone_of(zone);
    if (!known) return tl::unexpected(known.error());
    const date::local_seconds local = (*known)->to_local(date::sys_seconds(Seconds(moment)));
    const auto day = date::floor<date::days>(local);
    return WallTime{day.time_since_epoch().count(),
                    std::chrono::duration_cast<std::chrono::minutes>(local - day).count()};
}

Result<Moments> moments(const std::string& zone, const WallTime& shown) {
    const auto known = zone_of(zone);
    if (!known) return tl::unexpected(known.error());
    const date::local_seconds local =
        date::local_days(date::days(static_cast<int>(shown.day))) + std::chrono::minutes(shown.minute);
    const date::local_info info = (*known)->get_info(local);
    const date::sys_seconds by_first(local.time_since_epoch() - info.first.offset);
    if (info.result == date::local_info::nonexistent)
        return Moments{seconds_of(info.first.end), seconds_of(info.first.end)};
    if (info.result == date::local_info::unique) return Moments{seconds_of(by_first), seconds_of(by_first)};
    const date::sys_seconds by_second(local.time_since_epoch() - info.second.offset);
    return Moments{seconds_of(by_first), seconds_of(by_second)};
}

int weekday(std::int64_t day) {
    constexpr std::int64_t days = 7, thursday = 3;  // 1970-01-01 was one
    return static_cast<int>(((day + thursday) % days + days) % days);
}

}  // namespace fairway
