// Whose are a service name and an account, seen from a host whose account names them: a peer's, a stranger's, a domain
// controller's? From the inventory, from what was read of its accounts, and from what the forest answered. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/base/error.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/registered_names.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/names/spn_index.hpp"

namespace fairway {

enum class Whose {
    unasked,  // not looked at
    own,
    peer,        // of a host of the same migration domain
    host,        // of another host of the inventory
    stranger,    // of an account that is no host of the inventory
    controller,  // of a domain controller
    nobody,
    unknown,  // it could not be found out
    several,  // more than one account holds it
};

// Whose account is changed.
enum class At { unasked, member, controller, unknown };

// What must be asked about the names that a plan adds and that are not those of hosts of the inventory for certain: a
// full name beyond the account's own domain may be anybody's, and a host whose flags were not read a domain controller.
// Empty in an estate that is in order.
NameQuestion unsure_names(const Plan& plan, const Inventory& inventory, const Snapshot& snapshot);

// Points into what it is made of.
class Ownership {
public:
    // `names`: the answer to the question above.
    Ownership(const Plan& plan, const Inventory& inventory, const Snapshot& snapshot,
              const Result<RegisteredNames>& names);

    At at(const Host& host) const { return at_.at(&host); }
    const Host* host(std::string_view object) const;
    Whose service(std::string_view name, const Host& own) const;
    Whose account(std::string_view account, const Host& own) const;
    const std::string& doubt() const { return doubt_; }  // why nobody and unknown may be wrong; may be empty

private:
    using ByName = std::unordered_map<std::string, const Host*, FoldedHash, FoldedEqual>;

    Whose standing(const Host& of, const Host& own) const;
    Whose by_owner(std::string_view name, const Host& own) const;

    std::optional<NameIndex> index_;
    std::string doubt_;
    std::unordered_map<const Host*, At> at_;
    ByName hosts_;     // by every name that is theirs for certain
    ByName accounts_;  // by the accounts' names
    ByName promised_;  // service names that the plan itself gives to a host
};

}  // namespace fairway
