// See logs.hpp.
#include "providers/wmi/sights/logs.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/text.hpp"
#include "providers/wmi/events/events.hpp"

namespace fairway::wmi {
namespace {

using Names = std::vector<std::string>;

// Those that every Hyper-V host has are asked for together, since the end of each answer costs its wait.
const Names of_clusters = {"Microsoft-Windows-Hyper-V-High-Availability-Admin"};
const std::array<Names, 2> move_logs = {
    Names{"Microsoft-Windows-Hyper-V-VMMS-Admin", "Microsoft-Windows-Hyper-V-Worker-Admin"}, of_clusters};
constexpr std::size_t most_of_log = most_events_of_host / 3;
// The end of a log is seen by a Pull that brings nothing in this time; these logs have 1 MB each.
constexpr std::chrono::seconds log_wait{3};

class Logs {
public:
    Logs(Channel& channel, std::int64_t since) : channel_(channel), since_(since) {}

    Result<EventFile> read() && {
        std::deque<Names> left(move_logs.begin(), move_logs.end());
        while (!left.empty()) {
            const Names logs = std::move(left.front());
            left.pop_front();
            auto page = read_events(
                channel_, {.channels = logs, .since = since_, .most = most_of_log * logs.size(), .wait = log_wait});
            if (page) {
                take(logs, std::move(*page));
                continue;
            }
            // One of them may be what is refused.
            const bool down = page.error().code == Code::unreachable;
            if (!down && logs.size() > 1) {
                for (const std::string& log : logs) left.push_front({log});
                continue;
            }
            const bool whole = out_.whole;
            lacks(logs, page.error().text);
            if (page.error().code == Code::not_found && logs == of_clusters) out_.whole = whole;
            if (!first_) first_ = page.error();
            // Nobody answers: asking for another log is no use, and with a wrong password harmful.
            if (down) break;
        }
        if (!any_ && first_) return tl::unexpected(std::move(*first_));
        std::stable_sort(out_.events.begin(), out_.events.end(),
                         [](const LogEvent& a, const LogEvent& b) { return a.time_us < b.time_us; });
        out_.why = text::join(lacking_, "; ");
        return std::move(out_);
    }

private:
    void take(const Names& logs, EventPage page) {
        const std::size_t most = most_of_log * logs.size();
        any_ = true;
        if (page.broken) lacks(logs, "the reading broke off: " + page.broken->text);
        else if (page.more)
            lacks(logs, fmt::format("more than {} events are of that time, and the later ones were not read", most));
        if (page.unreadable > 0)
            lacks(logs, fmt::format("{} entries cannot be read: {}", page.unreadable, page.why_unreadable));
        if (page.dropped > 0) lacks(logs, fmt::format("the host lost {} events", page.dropped));
        out_.cut = out_.cut || page.broken || page.more;
        out_.unreadable += page.unreadable;
        if (page.events.size() > most) page.events.resize(most);
        std::move(page.events.begin(), page.events.end(), std::back_inserter(out_.events));
    }
    void lacks(const Names& logs, std::string_view why) {
        out_.whole = false;
        lacking_.push_back(fmt::format("{}: {}", text::join(logs, ", "), why));
    }

    Channel& channel_;
    std::int64_t since_;
    EventFile out_;
    Names lacking_;
    std::optional<Error> first_;  // why a log could not be read
    bool any_ = false;            // one was
};

}  // namespace

Result<EventFile> read_move_logs(Channel& channel, std::int64_t since) { return Logs(channel, since).read(); }

}  // namespace fairway::wmi
