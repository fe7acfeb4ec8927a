// What can be seen of hosts and domains beside their settings, asked of the port for a diagnosis. Whatever cannot be
// seen is an Error in its place and stops nothing else.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/sight.hpp"
#include "engine/provider.hpp"

namespace fairway {

// Handles that may be missing, with the reason.
struct Eyes {
    Result<std::unique_ptr<HostSights>> hosts;
    Result<std::unique_ptr<DirectorySights>> directory;
    Result<std::unique_ptr<NameReader>> names;
};

struct LookedFor {
    const Host* from = nullptr;           // null: moves from anywhere
    const Host* to = nullptr;             // where moves go
    std::vector<std::string> accounts;    // who starts moves, by name
    std::vector<const Host*> peers = {};  // without `from`: those that are asked how they resolve `to`
};

inline constexpr std::uint16_t migration_port = 6600, smb_port = 445;

// Called with what is looked at next, as it may take a while.
using Telling = std::function<void(const std::string& what)>;

// `snapshot` has what was read of the hosts' settings.
Sights look(const LookedFor& wanted, Eyes& eyes, const Snapshot& snapshot, const Telling& tell);

// The clock of a host shows no earlier time than that at this moment here; where it does not tell its clock, what
// Kerberos lets clocks differ by.
std::int64_t earliest_there(const Result<ClockSeen>& clock, std::int64_t moment);

// What the hosts' logs say since a moment (seconds since 1970, UTC), with a line for each host whose logs could not be
// read or not all of them.
struct LogsSeen {
    std::vector<LogEvent> events;
    std::vector<std::string> unread;
};
LogsSeen read_logs(std::span<const Host* const> hosts, HostLogs& logs, std::int64_t since, const Telling& tell);

}  // namespace fairway
