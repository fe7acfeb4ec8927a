// Who is a host, and which names are its own? A host is an account; its names are what the directory registers for that
// account. What an inventory, an account's dNSHostName or a host says is a claim: whatever uses a claim that the
// directory does not confirm is in doubt, and nothing is written for it. Pure: it judges what a snapshot holds.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/want.hpp"

namespace fairway {

// The full name of the host's account that counts. `registered`: its dNSHostName, or empty. `suffixes`: those that its
// domain allows, where they were asked for; null: they were not. An Error says what contradicts what, and what to do.
Result<std::string> full_name(const Host& host, std::string_view registered, const Set* suffixes);

bool is_controller(const Snapshot& snapshot, const Host& host);

// The names that live migration needs of the host: cifs and the migration service, by short and full name.
Set needed_of(const Host& host);

struct Doubts {
    struct Of {
        Error why;
        Set names;              // service names that must not be used
        bool account = false;   // nothing of its account may be written, and it is admitted nowhere
        bool only_new = false;  // what is there already may be left: nothing contradicts it
    };
    std::map<std::string, Of> hosts;  // by the host's name; those in order are left out

    bool empty() const { return hosts.empty(); }
};

// What must be known besides, before a full name can be judged: suffixes, where a registered name is another one.
std::vector<Address> suffix_questions(const Inventory& inventory, const Snapshot& snapshot);

// The hosts with the full names that count; a host without one keeps what the inventory says.
Inventory with_full_names(Inventory inventory, const Snapshot& snapshot);

// Without the computers that searches found and whose hosts showed no live migration: a file server in the same OU gets
// and gives nothing. Who was left out stands among the inventory's findings. A host that could not be read stays.
Inventory without_strangers(Inventory inventory, const Snapshot& snapshot);

// What must be known besides, before the remedies may be believed: whose the names are that they would write.
std::vector<Address> name_questions(const std::vector<Finding>& findings, const Inventory& inventory);

// Who is in doubt, by what the snapshot holds; a fact that was not read puts nobody in doubt. `desired`: names that it
// gives to an account may be used although nobody holds them yet.
Doubts doubts(const Inventory& inventory, const Desired& desired, const Snapshot& snapshot);

}  // namespace fairway
