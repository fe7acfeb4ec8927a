// What a caller's script learns from the exit status. One table; the manual and the README are printed
// from it, and a number is never used for two things.
#pragma once

#include <span>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::cli {

enum class Exit {
    fine = 0,
    error = 1,
    changes = 2,
    bad_document = 3,
    unreachable = 4,
    stale = 5,
    lock_held = 6,
    partly_applied = 7,
    in_doubt = 8,
    not_verified = 9,
    refused = 10,
    denied = 11,
    storage = 12,
    changes_unread = 13,
    rolled_back = 14,
    rollback_incomplete = 15,
    past_end = 16,
    usage = 64,
};

struct ExitRow {
    Exit code;
    std::string_view name;
    std::string_view meaning;
};

std::span<const ExitRow> exit_table();
Exit exit_for(Code code);

}  // namespace fairway::cli
