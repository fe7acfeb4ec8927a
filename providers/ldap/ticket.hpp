// The Kerberos ticket that a connection signs on with, from wherever the inventory says. The door to
// GSSAPI. Nothing of the process (environment, default cache) is changed, so connections with different
// credentials can live side by side.
#pragma once

#include <memory>
#include <string>

#include "engine/base/error.hpp"
#include "engine/model/inventory.hpp"

namespace fairway::ldap {

class Ticket {
public:
    virtual ~Ticket() = default;
    virtual void* credential() const = 0;  // a gss_cred_id_t, for the LDAP library to borrow
};

// A keytab's ticket goes into a cache in memory that lasts as long as the process, so that one run asks
// the domain for it once. `server` is for the Error's text only.
Result<std::unique_ptr<Ticket>> get_ticket(const Credentials& credentials, Bind bind, const std::string& server);

}  // namespace fairway::ldap
