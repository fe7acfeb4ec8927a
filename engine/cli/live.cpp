// See live.hpp.
#include "engine/cli/live.hpp"

#include <algorithm>

namespace fairway::cli {
namespace {

constexpr std::size_t looks_of_a_pair = 12;  // about so many, for the bar

}  // namespace

Live::Live(const Connections& connections, const Stage& stage)
    : stage_(stage), eyes_{connections.host_sights(), connections.directory_sights(), connections.names()} {}

Telling Live::telling() {
    return [this](const std::string& what) {
        ++looked_;
        stage_.bar("Looking at " + what, std::min(looked_, looks_of_a_pair), std::max(looked_, looks_of_a_pair));
    };
}

LogsSeen Live::logs(std::span<const Host* const> hosts, std::int64_t since) {
    if (!eyes_.hosts) return {{}, {"event logs: " + eyes_.hosts.error().text}};
    return read_logs(hosts, **eyes_.hosts, since, telling());
}

Sights Live::sights(const LookedFor& wanted, const Snapshot& snapshot) {
    return look(wanted, eyes_, snapshot, telling());
}

}  // namespace fairway::cli
