// Which accounts of a forest hold which service principal names, and how a directory is asked for them. Values only:
// what is wrong with them is judged in names/spn_health.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/value.hpp"

namespace fairway {

struct NameOwner {
    std::string dn;
    std::string account;             // sAMAccountName: "HV01$"
    std::string dns;                 // dNSHostName as it is there; may be empty
    std::string object_class;        // the most special one: computer, user, msDS-GroupManagedServiceAccount
    bool enabled = true;             // not ADS_UF_ACCOUNTDISABLE
    std::vector<std::string> names;  // every servicePrincipalName, as it is there
    std::string sid = {};            // objectSid; empty: it is not shown
    // Of a domain controller, one that can only be read included; empty: its flags are not shown to us.
    std::optional<bool> controller = false;
};

// A line of sPNMappings, "host=alerter,…,cifs": who asks for cifs/X gets a ticket for HOST/X where nobody holds cifs/X.
struct NameAlias {
    std::string of;
    std::vector<std::string> classes;
};

// What is asked: the accounts to which one of these applies. All of it compares without case.
struct NameQuestion {
    std::vector<std::string> names;     // holds this very name
    std::vector<std::string> accounts;  // is called so (sAMAccountName)
    std::vector<std::string> classes;   // holds any name of this service class

    bool empty() const { return names.empty() && accounts.empty() && classes.empty(); }
};

struct RegisteredNames {
    std::vector<NameOwner> owners;  // each account once, with all its names
    std::vector<NameAlias> aliases;
    std::string source;  // who answered, for people to read
    std::string caveat;  // why this is not the whole forest; empty: it is
    // What hosts' accounts may delegate to (delegation.services), by the hosts' names: it speaks of computers, too.
    std::map<std::string, Set> delegations = {};
};

bool fits(const NameQuestion& question, const NameOwner& owner);

// The accounts of `more` that are not there yet.
void add_owners(RegisteredNames& to, std::vector<NameOwner> more);

}  // namespace fairway
