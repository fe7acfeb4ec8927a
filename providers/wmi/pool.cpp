// See pool.hpp.
#include "providers/wmi/pool.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace fairway::wmi {

void each_in_parallel(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    const auto run = [&] {
        for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) work(i);
    };
    std::vector<std::jthread> crew;
    for (std::size_t i = 1; i < std::min(count, threads); ++i) crew.emplace_back(run);
    run();
}

}  // namespace fairway::wmi
