// What both hosts of a trial move logged since it began, by the clock of each.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/cli/connect.hpp"
#include "engine/model/event.hpp"
#include "engine/run/trials.hpp"

namespace fairway::cli {

struct TrialEvents {
    std::vector<LogEvent> events;
    std::vector<std::string> unread;  // hosts whose logs could not be read, and why
};

class TrialLogs {
public:
    TrialLogs(const Inventory& inventory, const Connections& connections);
    TrialEvents since(const Trial& trial);

private:
    Result<std::vector<LogEvent>> of(const std::string& host, std::int64_t began);

    const Inventory& inventory_;
    Result<std::unique_ptr<HostSights>> sights_;
};

}  // namespace fairway::cli
