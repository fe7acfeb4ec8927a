// Which rules ask for just what is there? The largest group of hosts with one value gets a rule, and so does each other
// group; settings that share their hosts share their rule. What was not read, is in doubt or cannot be said by a rule
// is not guessed but listed. Pure.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/policy.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/model/want.hpp"
#include "engine/plan/identity.hpp"

namespace fairway {

enum class Share { all, common, odd };  // of the hosts: all, the largest group, or another one

struct SaidRule {
    Rule rule;
    Share share{};
    std::vector<std::string> hosts;  // that it is about, in the inventory's order
};

struct NotSaid {
    Address address;
    std::string because;
    bool unread = false;
};

struct AsPolicy {
    std::vector<SaidRule> rules;    // what all hosts share first, then larger groups before smaller ones
    std::vector<NotSaid> not_said;  // by host, in the inventory's order
};

// Every setting of every host that a rule can want, for a survey to read; nothing is asked of it.
Desired everything(const Inventory& inventory);

// Whether a document can say a want, so that its reader understands just that.
using CanSay = std::function<bool(const RuleWant&)>;

// `inventory`: with the full names that the directory confirms (run/survey).
AsPolicy as_policy(const Inventory& inventory, const Snapshot& snapshot, const Doubts& doubts, const CanSay& can_say);

}  // namespace fairway
