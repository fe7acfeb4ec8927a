// Can a VM move from one host to another, now, and if not, why? One row per condition; the rows are the
// product's knowledge of live migration. Pure.
// Not a condition, because nothing here can see it: whether port 6600 is filtered, whether the caller is
// a Hyper-V administrator, whether CPU and switches fit. Trial moves show it.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/setting.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/paths/end.hpp"

namespace fairway {

enum class PathState { open, closed, unknown };
std::string_view name(PathState state);

struct ConditionRow {
    std::string_view name;
    std::vector<const Setting*> rests_on;  // where the reason is when it is unknown; Decoder has a row for each
    PathState (*state)(const End& from, const End& to);
    std::string (*evidence)(const End& from, const End& to);  // a sentence with both sides' values
    // The address whose change would open it; a null setting where no setting of ours can.
    Address (*fix)(const End& from, const End& to);
};

std::span<const ConditionRow> conditions();

PathState state(const End& from, const End& to);

// Why this host can act for the caller towards nobody, as the condition "caller" says it; empty: no such thing is known.
std::string caller_refused(const End& from);

struct Condition {
    std::string_view name;
    PathState state{};
    std::string evidence;
    Address fix;  // only when closed
    // Of one that is unknown:
    std::string known = {};            // what was read all the same, and what it means
    std::vector<Address> unread = {};  // what could not be read; each error is in the snapshot
};

struct Path {
    std::string from, to;
    PathState state{};
    std::vector<Condition> conditions;  // all of them, in the table's order
    std::vector<std::pair<Address, std::string>> unread = {};  // what conditions could not be judged without, and why
};

Path explain(const End& from, const End& to, const Snapshot& snapshot);

}  // namespace fairway
