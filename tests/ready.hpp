// What an apply of the plan would find before its first write.
#pragma once

#include "engine/model/run.hpp"
#include "engine/run/preflight.hpp"

namespace fairway::sample {

inline Result<void> ready(const Plan& plan, Reader& reader) {
    std::vector<ToMake> all;
    for (const Change* change : numbered(plan)) all.push_back({change, false});
    return together(preflight(all, reader));
}

}  // namespace fairway::sample
