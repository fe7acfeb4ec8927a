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

// Of one path. '.': it is open. 'a' to 'z': the first condition that closes it, by its place in conditions(). 'A' to
// 'Z': none does, and this is the first that is not known.
char path_letter(const End& from, const End& to);
PathState state_of(char letter);
PathState state(const End& from, const End& to);

// Why this host can act for the caller towards nobody, as the condition "caller" says it; empty: no such thing is
// known.
std::string caller_refused(const End& from);

}  // namespace fairway
