// Reads the accounts of one domain by asking only for what changed since the last time, where what is remembered can be
// trusted: the same controller with the same database, the same caller with the same groups, deleted objects shown
// (else a deletion would go unnoticed), everything read within a day. For audits; whoever writes reads the accounts
// themselves.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "providers/ldap/accounts/domains.hpp"

namespace fairway::ldap {

struct Recall {
    std::string folder;                   // where the recollections are; one file for each domain
    bool full = false;                    // read everything, and remember that
    std::function<std::int64_t()> now_s;  // seconds since 1970
};

inline constexpr std::chrono::hours full_interval{24};

// Every address of `asked` gets its reading. `go_on` is asked while much is read.
Result<void> recall(Domain<ReadWire>& domain, const Asked& asked, const Recall& how, Readings& out,
                    const std::function<bool()>& go_on);

}  // namespace fairway::ldap
