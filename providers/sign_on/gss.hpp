// Who are we to a domain, and how is that proved to one of its services? A login from a ticket cache, a keytab or a
// password, a security context, messages sealed in it, and what a refusal means in plain words. By GSSAPI
// (Kerberos, SPNEGO, NTLM). It gives and takes tokens and moves no bytes; it must not know which protocol carries
// them. Nothing of the process (environment, default cache) is changed, so different logins can live side by side.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::gss {

// spnego: RFC 4178 with Kerberos inside, never NTLM. ntlm: MS-NLMP, which proves no server to us and is therefore
// only ever used by name; it needs the package gss-ntlmssp.
enum class Mechanism { krb5, spnego, ntlm };

// Got once and shared by all connections and threads. Renews itself from a keytab, but not from a cache.
class Login {
public:
    // `cache`: a ticket cache in memory that goes with the login; empty: none. `tickets`: the Kerberos login that a
    // SPNEGO one rests on.
    Login(Mechanism mechanism, void* handle, std::string cache = {}, std::shared_ptr<const Login> tickets = {})
        : mechanism_(mechanism), handle_(handle), cache_(std::move(cache)), tickets_(std::move(tickets)) {}
    ~Login();
    Login(const Login&) = delete;
    Login& operator=(const Login&) = delete;

    Mechanism mechanism() const { return mechanism_; }
    void* handle() const { return handle_; }  // a gss_cred_id_t, for another library to borrow
    const Login& tickets() const { return tickets_ ? *tickets_ : *this; }
    std::string name() const;  // user@REALM, or empty
    const std::string& cache() const { return cache_; }

private:
    Mechanism mechanism_;
    void* handle_;
    std::string cache_;
    std::shared_ptr<const Login> tickets_;
};
using SharedLogin = std::shared_ptr<const Login>;

// The same login with a ticket cache of its own in memory, for one connection: a cache is searched from its beginning,
// and a thousand hosts' tickets in one of them cost each host more than all the rest. NTLM: the login itself.
Result<SharedLogin> for_one_connection(const SharedLogin& login);

Result<SharedLogin> login_from_cache(Mechanism mechanism, const std::string& name);  // "default": the caller's
// The ticket goes into a cache in memory that lasts as long as the process: one run asks the domain for it once.
Result<SharedLogin> login_from_keytab(Mechanism mechanism, const std::string& path, const std::string& principal);
// user@REALM for Kerberos, DOMAIN\user for NTLM. The caller wipes the password.
Result<SharedLogin> login_with_password(Mechanism mechanism, const std::string& name, std::string_view password);

// A message that only the other end can read. Which bytes are the header is the mechanism's business: 60 of Kerberos
// with AES (RFC 4121 4.2.4, rotated by 28), 16 of NTLM (MS-NLMP 2.2.2.9.1). The data is as long as the message was.
struct Sealed {
    std::string header, data;
};

// A service by its name, `type/host`. `domain`: the third part of a name that only a domain's controllers may hold,
// ldap/HOST/DOMAIN (MS-ADTS 3.1.1.5.3.1.1.4), which is then asked of that domain's realm.
struct Service {
    std::string type, host, domain = {};
};

// What a context is for: messages that only the other end can read; or only who both ends are, in a channel that hides
// messages already.
enum class Purpose { sealing, proof };

// One security context with one service. Start with step(""), send what it gives, step with what comes back, until
// complete(). Mutual authentication is demanded wherever the mechanism has it.
class Handshake {
public:
    // `binding`: what names the TLS channel below (RFC 5929), or empty.
    Handshake(SharedLogin login, Service service, std::string_view binding = {}, Purpose purpose = Purpose::sealing);
    ~Handshake();
    Handshake(const Handshake&) = delete;
    Handshake& operator=(const Handshake&) = delete;

    // What to send next; empty: nothing. Error also when the server could not prove itself.
    Result<std::string> step(std::string_view token);
    bool complete() const { return complete_; }

    // Once complete. In order: the n-th message sealed is the n-th that the other end opens, and the other way round.
    Result<Sealed> seal(std::string_view message);
    // `sealed` is header and data, joined. Error: changed, replayed, out of order, or not encrypted at all.
    Result<std::string> unseal(std::string_view sealed);
    // The same for messages that everybody may read and nobody change.
    Result<std::string> sign(std::string_view message);
    Result<std::string> read_signed(std::string_view token);

    // The Kerberos realm that vouched for the server, as the domain spells it; empty with NTLM.
    std::string realm() const;
    // The server's domain in lower case: that realm, or with NTLM the domain that the server named in a sign-on that
    // succeeded; empty where there is none, or nothing that is to be believed.
    std::string domain() const;

private:
    struct Security;
    std::unique_ptr<Security> security_;
    bool complete_ = false;
};

// What a domain says of a service that it does not know: part of the error's text.
inline constexpr std::string_view unknown_service = "Server not found in Kerberos database";

// What the library's words mean and what to do about it; empty if they say nothing that we know.
std::optional<Error> meaning(std::string_view words);

}  // namespace fairway::gss
