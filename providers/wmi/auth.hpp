// Who are we to a host over HTTP? A Kerberos login (RFC 4559 for Negotiate, MS-WSMV 2.2.9.1 for the scheme
// Kerberos), or a name and password for Basic (RFC 7617). It knows what the headers hold, and neither sends them nor
// makes their tokens.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/base/kerberos.hpp"
#include "engine/model/inventory.hpp"

namespace fairway::wmi {

// Got once per run and shared by all connections and threads. Secrets in it are wiped when it goes.
class Credential {
public:
    static Result<std::shared_ptr<const Credential>> obtain(HostAuthentication authentication,
                                                            const Credentials& credentials);
    ~Credential();
    Credential(const Credential&) = delete;
    Credential& operator=(const Credential&) = delete;

    std::string_view scheme() const;                               // Kerberos, Negotiate, Basic
    const kerberos::SharedLogin& login() const { return login_; }  // null: Basic
    const std::string& basic() const { return basic_; }            // the whole header value; empty: not Basic

private:
    Credential() = default;

    kerberos::SharedLogin login_;
    std::string basic_;
};

}  // namespace fairway::wmi
