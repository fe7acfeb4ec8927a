// See logs.hpp.
#include "providers/wmi/sights/logs.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "engine/base/text.hpp"
#include "providers/wmi/events/events.hpp"

namespace fairway::wmi {
namespace {

constexpr std::array move_logs = {"Microsoft-Windows-Hyper-V-VMMS-Admin", "Microsoft-Windows-Hyper-V-Worker-Admin",
                                  "Microsoft-Windows-Hyper-V-High-Availability-Admin"};
constexpr std::size_t most_of_log = most_events_of_host / move_logs.size();
// The end of a log is seen by a Pull that brings nothing in this time; these logs have 1 MB each.
constexpr std::chrono::seconds log_wait{3};

class Logs {
public:
    // Empty: it was read, if only its beginning.
    std::optional<Error> read(Channel& channel, const char* log, std::int64_t since) {
        auto page = read_events(channel, {.channels = {log}, .since = since, .most = most_of_log, .wait = log_wait});
        if (!page) {
            lacks(log, page.error().text);
            return page.error();
        }
        if (page->broken) lacks(log, "the reading broke off: " + page->broken->text);
        else if (page->more || page->events.size() > most_of_log)
            lacks(log, fmt::format("it holds more than {} events of that time, and the later ones were not read",
                                   most_of_log));
        if (page->unreadable > 0)
            lacks(log, fmt::format("{} entries cannot be read: {}", page->unreadable, page->why_unreadable));
        if (page->dropped > 0) lacks(log, fmt::format("the host lost {} events", page->dropped));
        if (page->events.size() > most_of_log) page->events.resize(most_of_log);
        out_.cut |= page->broken || page->more;
        out_.unreadable += page->unreadable;
        std::move(page->events.begin(), page->events.end(), std::back_inserter(out_.events));
        return std::nullopt;
    }

    EventFile together() && {
        std::stable_sort(out_.events.begin(), out_.events.end(),
                         [](const LogEvent& a, const LogEvent& b) { return a.time_us < b.time_us; });
        out_.why = text::join(lacking_, "; ");
        return std::move(out_);
    }

private:
    void lacks(const char* log, std::string_view why) { lacking_.push_back(fmt::format("{}: {}", log, why)); }

    EventFile out_;
    std::vector<std::string> lacking_;
};

}  // namespace

Result<EventFile> read_move_logs(Channel& channel, std::int64_t since) {
    Logs logs;
    std::optional<Error> first;
    std::size_t refused = 0;
    for (const char* log : move_logs) {
        const auto error = logs.read(channel, log, since);
        if (!error) continue;
        ++refused;
        if (!first) first = error;
        // Nobody answers: asking for another log is no use, and with a wrong password harmful.
        if (error->code == Code::unreachable) break;
    }
    auto out = std::move(logs).together();
    const bool nothing =
        refused == move_logs.size() || (out.events.empty() && first && first->code == Code::unreachable);
    if (nothing) return tl::unexpected(*first);
    return out;
}

}  // namespace fairway::wmi
