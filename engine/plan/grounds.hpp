// What do the changes of a plan rest on? The account that is changed is the one that was read, and so is the account
// of every peer that is named; a name that is granted is the peer's and nobody else's; no migration runs that a change
// could break. Pure: all of it comes out of the snapshot the plan is made from.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"

namespace fairway {

class Grounds {
public:
    Grounds(const Inventory& inventory, const Snapshot& snapshot);
    void lay(Change& change);  // adds the premises that it lacks

private:
    struct Of {
        const Host* host;
        std::size_t place;                    // in its migration domain
        Premises::Shared account;             // null: the directory shows no SID
        std::vector<Premises::Shared> names;  // of a peer that is named
        Set uncontested;                      // names that nobody else holds
    };
    struct Name {
        std::string text;
        std::size_t place;  // of the host whose it is
    };
    using Names = std::unordered_map<std::string_view, std::vector<Name>>;  // by migration domain, in the order of Set

    const std::vector<Name>& names_in(Names& all, std::string_view domain, const Setting& row) const;
    void lay_named(Change& change, std::string_view domain, const std::vector<Name>& names) const;

    std::unordered_map<std::string_view, Of> hosts_;
    std::unordered_map<std::string_view, std::vector<const Of*>>
        members_;  // by migration domain, as the inventory has them
    Names services_,
        accounts_;  // made for the first change that names some; accounts as resource-based delegation does
};

}  // namespace fairway
