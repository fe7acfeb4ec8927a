// A move of one machine from this host to another. Nothing in it is scripted: the KDC, the directory, the
// socket and the other host each have their say, and their refusal is the move's failure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host.hpp"

namespace lab {

inline constexpr unsigned short kMigrationPort = 6600;

struct MoveOrder {
    std::string caller;  // whom the source acts for: operator@CORP.EXAMPLE
    Machine machine;
    std::string destination;                         // as asked: short name or FQDN
    std::vector<std::string> destination_addresses;  // as asked; empty: whatever the destination offers
    bool smb = false;                                // TransportType 32768
    std::optional<Failure> unreachable_disk;         // why the machine's disks cannot come along
    bool only_check = false;
};

// The source's side; runs in a job's thread. Nothing: the machine has moved (or could move).
[[nodiscard]] std::optional<Failure> carry_out(Host& host, const MoveOrder& order);

// The destination's side: its answer to an offer, and its taking of the machine.
[[nodiscard]] nlohmann::json answer_offer(Host& host, const nlohmann::json& offer);
[[nodiscard]] nlohmann::json take_machine(Host& host, const nlohmann::json& message);

}  // namespace lab
