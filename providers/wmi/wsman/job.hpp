// What does a job's state mean, and when is it asked again? Tables and arithmetic, no I/O (WMI-55
// to WMI-57).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "providers/wmi/wsman/cim.hpp"

namespace fairway::wmi {

enum class JobProgress { running, done, failed };

struct JobReport {
    JobProgress progress = JobProgress::running;
    bool warned = false;
    std::string state;        // in words
    std::string description;  // ErrorDescription, or the summary
    std::uint64_t error_code = 0;
    int percent = 0;  // PercentComplete, 0..100
};

// OperationalStatus is not looked at: it stays OK whatever happens (Msvm_MigrationJob).
Result<JobReport> read_job(const cim::Instance& job);

// 50 ms at first, then more, up to a second.
std::chrono::milliseconds next_pause(std::chrono::milliseconds pause);
inline constexpr std::chrono::milliseconds first_pause{50}, longest_pause{1000};

// How a method that may start a job ended.
struct JobEnd {
    std::string id;         // empty: there was no job
    std::string detail;     // in words
    bool vanished = false;  // finished jobs go away; how this one ended is unknown: read what it was to change
    bool warned = false;    // it ended well, and the host complains of something; `detail` says of what
};

}  // namespace fairway::wmi
