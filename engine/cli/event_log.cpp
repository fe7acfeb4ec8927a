// See event_log.hpp. POSIX.
#include "engine/cli/event_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/posix.hpp"
#include "engine/base/screen.hpp"
#include "engine/base/text.hpp"
#include "engine/report/event_lines.hpp"

namespace fairway::cli {

Result<std::shared_ptr<EventLog>> EventLog::open(const Request& request) {
    if (!request.command || !request.command->tells_events || !request.has("events")) return nullptr;
    const std::vector<std::string> paths = request.all("events");
    if (paths.size() > 1) return fail(Code::bad_input, "--events is given more than once; a run is told to one file");
    if (paths[0] == events_to_stdout) return std::shared_ptr<EventLog>(new EventLog(-1, paths[0]));
    constexpr mode_t ours_alone = 0600;
    const int fd = ::open(paths[0].c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, ours_alone);
    if (fd < 0) return os_error(Code::storage, "write", paths[0]);
    return std::shared_ptr<EventLog>(new EventLog(fd, paths[0]));
}

EventLog::~EventLog() {
    if (fd_ >= 0) ::close(fd_);
}

void EventLog::tell(Json event) {
    if (lost_) return;
    event["time"] = show_time(system_now());
    const std::string line = print_json(event, -1) + "\n";
    if (fd_ < 0) {  // who does not listen to standard output any more stops nothing
        lost_ = !screen::out_exact(line);
    } else if (const auto written = write_all(fd_, path_, line); !written) {
        lost_ = true;
        screen::err(fmt::format("warning: {}; the run goes on, and no more events are written\n",
                                text::printable(written.error().text)));
    }
}

void EventLog::waiting(std::string_view what, std::int64_t deadline) {
    constexpr std::int64_t pause_ms = 10'000;
    const std::int64_t now = steady_now_ms();
    if (what == last_what_ && now - last_ms_ < pause_ms) return;
    last_what_ = what;
    last_ms_ = now;
    tell(report::waiting_json(what, deadline));
}

}  // namespace fairway::cli
