// See tally.hpp.
#include "tests/bench/wsman_stub/tally.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

namespace fairway::stub {
namespace {

double cpu_s() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

std::string Tally::json() const {
    std::uint64_t all = 0, asked = 0;
    std::uint32_t least = std::numeric_limits<std::uint32_t>::max(), most = 0;
    for (const auto count : hosts) {
        if (count == 0) continue;
        ++asked;
        all += count;
        least = std::min(least, count);
        most = std::max(most, count);
    }
    return nlohmann::json{{"connections", connections}, {"sign_ons", sign_ons},
                          {"refused", refused},         {"sealed", sealed},
                          {"bytes_in", bytes_in},       {"bytes_out", bytes_out},
                          {"requests", requests},       {"all_requests", all},
                          {"hosts_asked", asked},       {"least_of_a_host", asked > 0 ? least : 0},
                          {"most_of_a_host", most},     {"cpu_s", cpu_s()}}
        .dump();
}

std::string Tally::texts_json() const { return nlohmann::json(first_texts).dump(); }

}  // namespace fairway::stub
