// May the caller write these settings of computer accounts? By what each account says of the caller's rights to its
// attributes (allowedAttributesEffective, MS-ADTS 3.1.1.4.5.7), and by the caller's groups for the one privilege that
// LDAP does not show. Writes nothing, and tries nothing.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/provider.hpp"
#include "providers/ldap/accounts/domains.hpp"
#include "providers/ldap/identity/sid.hpp"

namespace fairway::ldap {

// Whether a controller lets the caller trust accounts for delegation (SeEnableDelegationPrivilege).
enum class Privilege { by_default, unknown };

// By the groups of the caller's token. Administrators hold the privilege at first, and domain administrators are that;
// the Domain Admins of another domain are not, so `of_domain`, any SID of the accounts' own, tells which are ours.
Privilege privilege_of(std::span<const Sid> groups, const Sid& of_domain);

// `writable`: the attributes that the caller may write.
Right right_to(const Address& address, std::span<const std::string> writable, Privilege privilege);

class DirectoryRights final : public RightsReader {
public:
    explicit DirectoryRights(Domains<ReadWire> domains) : domains_(std::move(domains)) {}

    // One search for every accounts_per_search accounts, several at once, and one of the rootDSE; a domain of which
    // nothing is asked is not even dialled.
    Rights may_write(std::span<const Address> addresses, const Progress& progress = {}) override;
    std::size_t requests() const { return domains_.requests(); }

private:
    Domains<ReadWire> domains_;
};

}  // namespace fairway::ldap
