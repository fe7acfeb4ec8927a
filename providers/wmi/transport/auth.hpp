// Who are we to a host over HTTP? A Kerberos or NTLM login (RFC 4559 for Negotiate, MS-WSMV 2.2.9.1 for the scheme
// Kerberos), a name and password for Basic (RFC 7617), or a certificate that TLS shows. It knows what the headers hold,
// and neither sends them nor makes their tokens.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/model/inventory.hpp"
#include "providers/sign_on/gss.hpp"

namespace fairway::wmi {

// Got once per run and shared by all connections of a loop. Secrets in it are wiped when it goes.
class Credential {
public:
    static Result<std::shared_ptr<const Credential>> obtain(HostAuthentication authentication,
                                                            const Credentials& credentials);
    ~Credential();
    Credential(const Credential&) = delete;
    Credential& operator=(const Credential&) = delete;

    std::string_view scheme() const;                           // of WWW-Authenticate: Kerberos, Negotiate, Basic
    std::string_view name() const;                             // for people: NTLM, certificate
    const gss::SharedLogin& login() const { return login_; }   // null: no tokens
    const std::string& every_time() const { return header_; }  // Authorization of every request; empty: none

    // The host said no to a sign-on for `service` (HTTP/hv01.corp.example) and not why. `offered`: what it would take;
    // `bound`: the sign-on was tied to a TLS channel.
    Error refused(std::string_view offered, std::string_view service, bool bound) const;

    // A password that one host refused is not shown to hundreds: each time counts towards the account's lockout. So
    // one host is tried alone, and the others wait for what it says.
    enum class Trial { none, unproved, under_way, good, refused };
    Trial& trial() const { return trial_; }
    // Nor are hundreds kept waiting for a domain controller that just now did not answer one of them.
    std::optional<Error> domain_away() const;
    void domain_is_away(const Error& error) const;

private:
    Credential() = default;

    HostAuthentication authentication_ = HostAuthentication::kerberos;
    gss::SharedLogin login_;
    std::string header_;
    mutable Trial trial_ = Trial::none;
    mutable std::optional<Error> away_;
    mutable std::chrono::steady_clock::time_point away_since_{};
};

}  // namespace fairway::wmi
