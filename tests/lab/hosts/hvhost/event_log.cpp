// A list under a lock. The ids of the first events are FROM MEMORY.
#include "event_log.hpp"

namespace lab {
namespace {

constexpr std::size_t kMost = 2000;

}  // namespace

EventLog::EventLog() {
    for (const char* empty : {kVmmsAdmin, "Microsoft-Windows-Hyper-V-Worker-Admin", "System", "Application"}) {
        last_.emplace(empty, 0);
    }
    const auto an_hour_ago = std::chrono::system_clock::now() - std::chrono::hours(1);
    const std::vector<Event> boot = {
        {.channel = "System", .provider = "EventLog", .id = 6005, .message = "The Event log service was started."},
        {.channel = kVmmsAdmin,
         .provider = kVmms,
         .id = 14094,
         .message = "Virtual Machine Management service is started successfully."},
        {.channel = kVmmsAdmin,
         .provider = kVmms,
         .id = 27311,
         .level = 3,
         .message = "The virtual network switch extensions were checked."},
    };
    for (auto event : boot) {
        event.when = an_hour_ago;
        add(std::move(event));
    }
}

void EventLog::add(Event event) {
    const std::lock_guard hold(lock_);
    event.record = ++last_[event.channel];
    if (event.when == std::chrono::system_clock::time_point{}) event.when = std::chrono::system_clock::now();
    events_.push_back(std::move(event));
    if (events_.size() > kMost) events_.erase(events_.begin());
    ++count_;
    added_.notify_all();
}

bool EventLog::has(const std::string& channel) const {
    const std::lock_guard hold(lock_);
    return last_.contains(channel);
}

std::vector<Event> EventLog::all() const {
    const std::lock_guard hold(lock_);
    return events_;
}

std::map<std::string, std::uint64_t> EventLog::ends() const {
    const std::lock_guard hold(lock_);
    return last_;
}

std::uint64_t EventLog::wait(std::uint64_t count, std::chrono::steady_clock::time_point until) {
    std::unique_lock hold(lock_);
    added_.wait_until(hold, until, [&] { return count_ > count; });
    return count_;
}

}  // namespace lab
