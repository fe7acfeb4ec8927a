// For how long a break-glass run stands, and why: --for and --reason.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/error.hpp"
#include "engine/cli/options.hpp"

namespace fairway::cli {

struct Lasting {
    std::int64_t lasts = 0;  // seconds
    std::string reason;
};
Result<Lasting> lasting_wish(const Request& request);  // Code::bad_input

}  // namespace fairway::cli
