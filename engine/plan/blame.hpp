// Whose was the last change of a setting in the directory: a run's of ours, somebody else's, or is it not known?
// Compares what replication keeps of a change with what the journal says of our writes. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/model/run.hpp"
#include "engine/model/stamp.hpp"

namespace fairway {

// A run's write and the stamp of a change may be so far apart: Kerberos lets clocks differ by so much.
inline constexpr std::int64_t clocks_differ_s = 300;

enum class WhoseChange { ours, somebody_else, unknown };
std::string_view name(WhoseChange whose);

struct Blamed {
    Address address;
    WhoseChange whose = WhoseChange::unknown;
    std::optional<ChangeStamp> stamp;  // empty: not shown, or nobody ever set it
    std::string controller;            // where it was made; the id where that is nobody's any more
    std::string because;
    std::string run, who, ticket;  // of ours
};

// `runs`: in the journal's order; an Error: there is no journal to compare with. Settings of one account with one stamp
// live in one attribute, so each may have been changed by a write to another.
std::vector<Blamed> blame(std::span<const Address> addresses, const Snapshot& snapshot, const ChangeStamps& stamps,
                          std::span<const Holder> holders, const Result<std::vector<Run>>& runs);

}  // namespace fairway
