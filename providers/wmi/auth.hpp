// Who are we to a host, and how is that proved over HTTP? Credentials as GSSAPI takes them (RFC 4559 for
// Negotiate, MS-WSMV 2.2.9.1 for the scheme Kerberos), or a name and password for Basic. The only room that
// knows GSSAPI. It gives and takes tokens and moves no bytes. A context belongs to one TCP connection.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
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

    std::string_view scheme() const;                     // Kerberos, Negotiate, Basic
    const std::string& basic() const { return basic_; }  // the whole header value; empty: not Basic

private:
    friend class Handshake;
    struct Gss;
    Credential();
    Result<void> sign_on(HostAuthentication authentication, const Credentials& credentials);

    HostAuthentication authentication_{};
    std::unique_ptr<Gss> gss_;
    std::string basic_;
};

// One security context. Start with step(""), send what it gives, step with what comes back, until complete().
// This is also where the next issue's sealing belongs: wrap and unwrap are calls on the same context.
class Handshake {
public:
    Handshake(std::shared_ptr<const Credential> credential, std::string fqdn);
    ~Handshake();
    Handshake(const Handshake&) = delete;
    Handshake& operator=(const Handshake&) = delete;

    // What to send next; empty: nothing. Error also when the host could not prove itself.
    Result<std::string> step(std::string_view token);
    bool complete() const { return complete_; }

private:
    struct Security;
    std::shared_ptr<const Credential> credential_;
    std::string fqdn_;
    std::unique_ptr<Security> security_;
    bool complete_ = false;
};

}  // namespace fairway::wmi
