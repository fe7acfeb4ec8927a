// What `watch` was asked for: how often, whom it tells, and which files it keeps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/cli/options.hpp"
#include "engine/watch/ways.hpp"

namespace fairway::cli {

inline constexpr std::string_view usual_sendmail = "/usr/sbin/sendmail";

struct WatchWish {
    bool once = false;
    std::int64_t every_s = 0, remind_s = 0;  // 0: no reminders
    std::vector<watch::Way> ways;
    std::string secret;            // the file of a webhook's secret; empty: messages are not signed
    std::string sendmail;          // the program
    std::string textfile, listen;  // empty: none
};
Result<WatchWish> watch_wish(const Request& request);  // Code::bad_input

}  // namespace fairway::cli
