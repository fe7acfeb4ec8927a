// See event_log.hpp. POSIX.
#include "engine/cli/event_log.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/posix.hpp"
#include "engine/base/screen.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/output.hpp"
#include "engine/cli/room.hpp"
#include "engine/report/event_lines.hpp"

namespace fairway::cli {

namespace {

constexpr int retry_ms = 50;

// Without waiting for a FIFO's reader, but for one that is started at the same moment.
int open_to_append(const std::string& path) {
    constexpr std::int64_t just_started_ms = 500;
    constexpr mode_t ours_alone = 0600;
    constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    const std::int64_t until = steady_now_ms() + just_started_ms;
    while (true) {
        const int fd = ::open(path.c_str(), flags, ours_alone);
        if (fd >= 0 || errno != ENXIO || steady_now_ms() >= until) return fd;
        ::poll(nullptr, 0, retry_ms);
    }
}

auto stalled(const std::string& where) {
    return fail(Code::storage,
                fmt::format("cannot write {}: its reader has taken nothing for {} s", where, room_patience_ms / 1000));
}

// By parts for which any room of a pipe is enough, because standard output cannot be told not to wait. An Error without
// a text: the end of the command says it, where somebody is there to hear it.
Result<void> write_to_stdout(std::string_view line) {
    for (; !line.empty(); line.remove_prefix(std::min<std::size_t>(line.size(), PIPE_BUF))) {
        if (!output_has_room()) return stalled("standard output");
        if (!screen::out_exact(line.substr(0, PIPE_BUF))) return fail(Code::storage, "");
    }
    return {};
}

// `fd` does not wait.
Result<void> write_line(int fd, const std::string& path, std::string_view line) {
    const std::int64_t until = steady_now_ms() + room_patience_ms;
    while (!line.empty()) {
        if (!has_room(fd)) return stalled(path);
        const ssize_t n = ::write(fd, line.data(), line.size());
        if (n < 0 && errno == EAGAIN && steady_now_ms() >= until) return stalled(path);  // a stopped terminal has room
        if (n < 0 && errno == EAGAIN) ::poll(nullptr, 0, retry_ms);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n < 0) return os_error(Code::storage, "write", path);
        line.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

}  // namespace

Result<std::shared_ptr<EventLog>> EventLog::open(const Request& request) {
    if (!request.command || !request.command->tells_events || !request.has("events")) return nullptr;
    const std::vector<std::string> paths = request.all("events");
    if (paths.size() > 1) return fail(Code::bad_input, "--events is given more than once; a run is told to one file");
    if (paths[0] == events_to_stdout) return std::shared_ptr<EventLog>(new EventLog(-1, paths[0]));
    const int fd = open_to_append(paths[0]);
    if (fd < 0 && errno == ENXIO)
        return fail(Code::storage, fmt::format("cannot write {}: nobody reads this pipe; start its reader first, or "
                                               "name a file",
                                               paths[0]));
    if (fd < 0) return os_error(Code::storage, "write", paths[0]);
    return std::shared_ptr<EventLog>(new EventLog(fd, paths[0]));
}

EventLog::~EventLog() {
    if (fd_ >= 0) ::close(fd_);
}

void EventLog::tell(Json event) {
    if (lost_) return;
    // What has no run of its own is of the one that was told of last.
    if (const auto run = event.find("run"); run != event.end()) run_ = run->get<std::string>();
    else if (!run_.empty()) event["run"] = run_;
    event["time"] = show_time(system_now());
    const std::string line = print_json(event, -1) + "\n";
    const auto written = fd_ < 0 ? write_to_stdout(line) : write_line(fd_, path_, line);
    if (written) return;
    lost_ = true;
    if (!written.error().text.empty())
        screen::err(fmt::format("warning: {}; the run goes on, and no more events are written\n",
                                text::printable(written.error().text)));
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
