// How long did a VM stand still while it moved, as hosts log it? Events 20415 and 20417 of Hyper-V's management service
// say so of a move that is done: the VM's name, its id, and the seconds. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/model/event.hpp"

namespace fairway {

struct Blackout {
    std::int64_t time_us = 0;  // by the clock of the host that logged it
    std::chrono::milliseconds length{};
};

// Of the VM of that id, in the order of the events.
std::vector<Blackout> blackouts(std::span<const LogEvent> events, std::string_view id);

// Takes out the one that was logged in the time of a move of that VM, nearest to its end. How late the end was seen
// says nothing. Seconds since 1970, UTC, by the clock of `of_vm`.
std::optional<std::chrono::milliseconds> take_blackout(std::vector<Blackout>& of_vm, std::int64_t began,
                                                       std::int64_t ended);

}  // namespace fairway
