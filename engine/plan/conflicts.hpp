// Where does a rule ask for what another rule, another run or another administrator stands against? Such a value stays
// as it is. What two rules can never have both is no conflict but a mistake of the policy (plan/desire). Pure.
#pragma once

#include <string>
#include <vector>

#include "engine/model/plan.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/model/want.hpp"

namespace fairway {

// Names that rules give to accounts: they are about to be somebody's.
Set given(const Desired& desired);
// What an address must hold by some rule.
Set demanded(Key key, const std::vector<Want>& wants);
// Of what is held, what the want takes because its computers are gone.
Set gone(const Setting& setting, const Want& vanished, const Set& held, const Set& of_gone, const Set& given);

struct Conflict {
    Address address;
    std::vector<std::string> rules;  // ids, the one that gives way first; of a rollback the run that it undoes
    std::vector<std::string> runs;   // of a rollback: which changed it later; empty: nobody knows who did
    Value over;                      // of a set the values alone
    std::string because;             // one sentence

    friend bool operator==(const Conflict&, const Conflict&) = default;
};

// Of a policy's wants.
std::vector<Conflict> conflicts(const Desired& desired, const Snapshot& snapshot);
// Of a rollback's findings.
std::vector<Conflict> conflicts(const std::vector<Finding>& findings);

}  // namespace fairway
