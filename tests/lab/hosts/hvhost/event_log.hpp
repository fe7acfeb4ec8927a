// The Windows event log of a host: channels of numbered events, and the wait for new ones.
// Knows nothing of queries or subscriptions.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace lab {

inline constexpr const char* kVmmsAdmin = "Microsoft-Windows-Hyper-V-VMMS-Admin";
inline constexpr const char* kVmms = "Microsoft-Windows-Hyper-V-VMMS";

struct Event {
    std::string channel;
    std::string provider;
    std::uint32_t id = 0;
    std::uint32_t level = 4;  // 1 critical, 2 error, 3 warning, 4 information
    std::string message;      // rendered
    std::vector<std::pair<std::string, std::string>> data{};
    std::uint64_t record = 0;  // counted per channel
    std::chrono::system_clock::time_point when{};
};

class EventLog {
public:
    // Events that every host has written when it comes up.
    EventLog();

    // The record is given here, and the time where there is none.
    void add(Event event);
    [[nodiscard]] bool has(const std::string& channel) const;
    // Everything there is, oldest first.
    [[nodiscard]] std::vector<Event> all() const;
    // The last record of each channel.
    [[nodiscard]] std::map<std::string, std::uint64_t> ends() const;
    // Waits until something was added after `count` events had been, or until `until`; how many there have been.
    [[nodiscard]] std::uint64_t wait(std::uint64_t count, std::chrono::steady_clock::time_point until);

private:
    mutable std::mutex lock_;
    std::condition_variable added_;
    std::vector<Event> events_;
    std::map<std::string, std::uint64_t> last_;
    std::uint64_t count_ = 0;
};

}  // namespace lab
