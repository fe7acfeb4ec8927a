// Which hosts is a command about? The others stay in the inventory as peers, whose names and accounts the covered ones
// are judged by, but they are neither asked nor changed, and their paths are not counted. Pure.
#pragma once

#include <string>
#include <vector>

#include "engine/base/fields.hpp"
#include "engine/base/json_fwd.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/policy.hpp"

namespace fairway {

// One word of a person: `HV01` or `HV0*` (a name, with * and ?), `tag:rack-3`, `migration_domain:north-a`. Several
// stand with commas between them.
struct HostWord {
    std::string text;  // as it was given
    Select select;
};
// Code::bad_input: a word that is empty or no such thing.
Result<std::vector<HostWord>> host_words(const std::vector<std::string>& given);

// Code::bad_input: a word fits no host of the inventory. `words` are the hosts that a command is about; none: all.
Result<std::vector<const Host*>> hosts_named(const Inventory& inventory, const std::vector<HostWord>& words);

// Takes out what `only` does not name, where it names anything, and what `except` names. Code::bad_input: a word fits
// no host, or no host is left.
Result<void> cover(Inventory& inventory, const std::vector<HostWord>& only, const std::vector<HostWord>& except);

// Takes out the hosts of which something that is wanted could not be read. Returns whether there are any.
bool leave_unreadable(Inventory& inventory, const Desired& desired, const Snapshot& snapshot);

// Takes out what a plan does not cover.
void cover_like(Inventory& inventory, const std::vector<NotCovered>& not_covered);
// Those whom somebody left out by --host or --except; the others could not be read when the plan was made.
std::vector<NotCovered> by_choice(std::vector<NotCovered> not_covered);

std::size_t covered(const Inventory& inventory);  // how many hosts are

// By reason, in the inventory's order.
std::vector<NotCovered> not_covered(const Inventory& inventory);

Json to_json(const std::vector<NotCovered>& all);
NotCovered not_covered_from(Fields fields);

}  // namespace fairway
