// Who asks? The groups of a connection's token, as the server's rootDSE shows them (MS-ADTS 3.1.1.3.2), and whether
// tickets of the account behind it may be delegated. Hosts may be reached with other credentials; their caller is not
// looked at.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "providers/ldap/accounts/domains.hpp"
#include "providers/ldap/identity/sid.hpp"

namespace fairway::ldap {

// The token's SIDs: groups, and the account itself. Empty where the server does not say. What is no SID is as good as
// absent.
Result<std::vector<Sid>> read_groups(ReadWire& wire);
// The same of an account by its distinguished name: all groups that it is in, through others too.
Result<std::vector<Sid>> read_groups(ReadWire& wire, const std::string& dn);

bool is_protected_users(const Sid& sid);  // of whichever domain

class Callers {
public:
    // A value of caller.delegable for the connection to the domain at `home`, or nothing where that is not shown. Two
    // requests, once; where the account is of another domain, one more for each that is looked in.
    Result<Held> delegable(Domains<ReadWire>& domains, std::size_t home);

private:
    std::map<std::size_t, Held> known_;
};

}  // namespace fairway::ldap
