// See clock.hpp.
#include "engine/base/clock.hpp"

#include <chrono>
#include <fmt/chrono.h>

namespace fairway {
namespace {

std::tm utc(std::int64_t seconds) { return fmt::gmtime(static_cast<std::time_t>(seconds)); }

}  // namespace

std::int64_t system_now() { return system_now_ms() / 1000; }

std::int64_t system_now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t steady_now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string show_time(std::int64_t seconds) { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", utc(seconds)); }
std::string show_date(std::int64_t seconds) { return fmt::format("{:%Y-%m-%d}", utc(seconds)); }

}  // namespace fairway
