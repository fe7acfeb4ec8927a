// What `diagnose` sees of hosts and domains themselves: event logs, ports, clocks, names, tickets, accounts.
#pragma once

#include "engine/cli/answer.hpp"
#include "engine/cli/connect.hpp"
#include "engine/run/look.hpp"

namespace fairway::cli {

class Live {
public:
    Live(const Connections& connections, const Stage& stage);

    LogsSeen logs(std::span<const Host* const> hosts, std::int64_t since);
    Sights sights(const LookedFor& wanted, const Snapshot& snapshot);

private:
    Telling telling();

    const Stage& stage_;
    Eyes eyes_;
    std::size_t looked_ = 0;
};

}  // namespace fairway::cli
