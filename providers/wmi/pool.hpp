// Does one thing for each of many, some at a time. A stand-in: the fleet client to come drives all hosts
// from one loop, and this file goes.
#pragma once

#include <cstddef>
#include <functional>

namespace fairway::wmi {

void each_in_parallel(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work);

}  // namespace fairway::wmi
