// What do the changes of a plan rest on? The account that is changed is the one that was read, and so is the account
// of every peer that is named; a name that is granted is the peer's and nobody else's; no migration runs that a change
// could break. Pure: all of it comes out of the snapshot the plan is made from.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"

namespace fairway {

class Grounds {
public:
    Grounds(const Inventory& inventory, const Snapshot& snapshot);
    void lay(Change& change) const;  // adds the premises that it lacks

private:
    struct Of {
        std::size_t number;  // of the host in the inventory: premises have one order
        std::string domain;
        Premises::Shared account;            // null: the directory shows no SID
        std::vector<Premises::Shared> names;  // of a peer that is named
        Set uncontested;                      // names that nobody else holds
    };
    struct Name {
        std::string text;
        const Of* of;
    };

    Premises::Shared account_of(const Host& host, const Snapshot& snapshot) const;
    void lay_named(Change& change, const std::vector<Name>& names) const;

    std::unordered_map<std::string, Of> hosts_;
    // By migration domain, in the order of Set: service names, and accounts as resource-based delegation names them.
    std::unordered_map<std::string, std::vector<Name>> services_, accounts_;
};

}  // namespace fairway
