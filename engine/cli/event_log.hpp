// Where --events writes what happens to a run: a line for each event, as it happens.
#pragma once

#include <memory>
#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/cli/options.hpp"

namespace fairway::cli {

inline constexpr std::string_view events_to_stdout = "-";

class EventLog {
public:
    // Appends to the file, or makes it for its owner alone. Code::storage: it cannot be written, or is a FIFO that
    // nobody reads. Null: the command tells no events, or nobody asked for them.
    static Result<std::shared_ptr<EventLog>> open(const Request& request);
    ~EventLog();
    EventLog(const EventLog&) = delete;
    EventLog& operator=(const EventLog&) = delete;

    // A line that cannot be written is not worth a run: the first failure is told on standard error, and then no more
    // are written. A reader may be slow; one that takes nothing for two seconds is a failure.
    void tell(Json event);
    // The same, at most every ten seconds for one reason.
    void waiting(std::string_view what, std::int64_t deadline);

private:
    EventLog(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

    int fd_;  // -1: standard output
    std::string path_;
    bool lost_ = false;
    std::string run_;
    std::string last_what_;
    std::int64_t last_ms_ = 0;  // by the steady clock
};

}  // namespace fairway::cli
