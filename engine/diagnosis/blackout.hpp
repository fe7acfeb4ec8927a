// How long did a VM stand still while it moved, as hosts log it? Events 20415 and 20417 of Hyper-V's management service
// say so of a move that is done: the VM's name, its id, and the seconds. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/model/event.hpp"

namespace fairway {

struct Blackout {
    std::string vm;  // id
    std::int64_t time_us = 0;
    std::chrono::milliseconds length{};
};

// In the order of the events, by the clock of the host that logged them.
std::vector<Blackout> blackouts(std::span<const LogEvent> events);

// A move that succeeded. Seconds since 1970, UTC.
struct DoneMove {
    std::string from, to;  // hosts
    std::string vm;        // id
    std::int64_t began = 0, ended = 0;
};

using LoggedBlackouts = std::map<std::string, std::vector<Blackout>>;  // of each host, by the clock of the moves

// Of each move, in their order: what was logged in its time, nearest to its end; nothing where neither host logged one.
// How late an end was seen says nothing. Moves of one VM do not overlap, but times are whole seconds: the source's log
// is believed first, because the VM's next move has another source.
std::vector<std::optional<std::chrono::milliseconds>> lengths_of(std::span<const DoneMove> moves,
                                                                 LoggedBlackouts logged);

}  // namespace fairway
