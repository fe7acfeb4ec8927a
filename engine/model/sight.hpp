// What was seen of hosts and domain controllers beside their settings: ports, names, clocks, tickets, accounts. Facts
// only; what they mean for a move is engine/diagnosis/sights. An Error anywhere: it was not seen, and why.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway {

// What became of a TCP connection.
enum class PortAnswer { open, refused, silent, unreachable };
std::string_view name(PortAnswer answer);

struct PortSeen {
    std::uint16_t port = 0;
    PortAnswer answer{};
    std::string address = {};  // that was tried; empty: the name has none
    std::string detail = {};   // the system's words where it is unreachable
};

struct ClockSeen {
    std::int64_t ahead_ms = 0;   // of the clock here; negative: behind
    std::int64_t within_ms = 0;  // it may be off by so much: the round trip, and what the clock shows no finer
};

// By a clock that showed `shown_ms` in the answer to a question of ours, which went and came at these moments here.
inline ClockSeen clock_seen(std::int64_t shown_ms, std::int64_t asked_ms, std::int64_t answered_ms,
                            std::int64_t finest_ms) {
    return {shown_ms - (asked_ms + answered_ms) / 2, (answered_ms - asked_ms + 1) / 2 + finest_ms};
}

struct NameSeen {
    std::vector<std::string> addresses;  // as the resolver gives them, each once
    std::set<std::string> back;          // the names that these addresses lead back to, lower case
};

// What the KDC answered to a request for a service ticket.
struct TicketSeen {
    std::optional<std::uint32_t> status;  // its error (RFC 4120 7.5.9), as in diagnosis/cause_table; empty: a ticket
    std::string encryption = {};          // of the ticket: "aes256-cts-hmac-sha1-96"
    std::string detail = {};              // the library's words where there is no ticket
};

struct ControllerSeen {
    std::string name;
    std::vector<PortSeen> ports;  // 88, 389, 636, 3268
    Result<ClockSeen> clock;
};

// Why tickets of an account go no further, or why it gets none.
struct AccountSeen {
    std::string name, dn;
    bool disabled = false, locked = false, expired = false;
    bool not_delegated = false;    // "sensitive and cannot be delegated"
    bool protected_users = false;  // a member, nested too
    bool password_expired = false;
};

// Accounts that hold one service principal name, as "HV01$ (CN=…)".
using HoldersSeen = std::vector<std::string>;

// A service that hosts ask a ticket for, to move a VM to this one.
struct ServiceSeen {
    std::string name;
    Result<TicketSeen> ticket;
    Result<HoldersSeen> holders;
};

struct HostSeen {
    std::string host;          // as the inventory spells it
    bool destination = false;  // moves to it are asked about
    Result<std::vector<PortSeen>> ports;
    Result<NameSeen> name;  // its full name, by the resolver here
    Result<ClockSeen> clock;
    Result<std::set<std::uint16_t>> listening;
    Result<std::int64_t> running, most_running;  // live migrations: now, and migration.max_live
    Result<std::string> cluster;                 // empty: no node of one
    std::vector<ServiceSeen> services;           // of a destination
};

// How a host resolves the name of another one.
struct WaySeen {
    std::string from, to;
    Result<std::vector<std::string>> addresses;
};

// An account that was looked at, and what it has to do with moves.
struct AccountAsked {
    enum class Of { realm, host, operators };  // krbtgt; a host of the way; somebody who starts moves
    Of of{};
    std::string name;
    Result<AccountSeen> seen;
};

struct Sights {
    std::vector<HostSeen> hosts;
    std::vector<WaySeen> ways;        // between some of them
    std::vector<WaySeen> peers = {};  // to the one that is asked about alone, from where moves to it may start
    Result<std::vector<ControllerSeen>> controllers;
    std::vector<AccountAsked> accounts;
};

}  // namespace fairway
