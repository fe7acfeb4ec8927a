// One entry of a Windows event log, whichever way it came: from a host, or from a file of any of the usual forms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairway {

struct LogEvent {
    // A parameter of the event. Values that have no name in the log have none here; nested ones are `outer/inner`.
    struct Datum {
        std::string name, value;
    };

    std::string channel, provider, computer;
    std::uint32_t id = 0;
    std::uint32_t level = 0;   // 1 critical, 2 error, 3 warning, 4 information, 5 verbose, 0 always
    std::uint64_t record = 0;  // counts up within its channel
    std::string time;          // as it came
    std::int64_t time_us =
        0;  // the same moment: microseconds since 1970, UTC; without a zone: of a clock in a zone nobody knows
    bool zoneless = false;
    std::vector<Datum> data = {};
    std::string message = {};  // the host's text in the host's language; empty where it did not come along

    std::string_view value(std::string_view name) const;  // of the first datum of that name, or empty
};

// What a file of events holds, or the logs of a host.
struct EventFile {
    std::vector<LogEvent> events = {};  // in the file's order
    std::size_t unreadable = 0;         // entries that are there and cannot be read
    std::string why = {};               // of the first of those; of a host, all that it lacks, log by log
    bool cut = false;                   // the file ends in the middle of an entry; of a host, there is more
    bool whole = true;                  // of a host: nothing is lacking but logs that not every host has
    bool without_parameters = false;    // JSON of too small a depth, or CSV: only the messages have what happened
};

inline constexpr std::size_t largest_event_file = 64u << 20;
inline constexpr std::size_t most_events = 200'000;
inline constexpr std::size_t most_events_of_host = 5'000;

}  // namespace fairway
