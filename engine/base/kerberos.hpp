// Who are we to a Kerberos domain, and how is that proved to one of its services? A login from a ticket cache, a
// keytab or a password file, a security context, and what a refusal means in plain words. The door to GSSAPI. It
// gives and takes tokens and moves no bytes; it must not know which protocol carries them. Nothing of the process
// (environment, default cache) is changed, so different logins can live side by side.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::kerberos {

// SPNEGO (RFC 4178) with Kerberos inside, never NTLM, which proves no server to us.
enum class Mechanism { krb5, spnego };

// Got once and shared by all connections and threads. Renews itself from a keytab, but not from a cache.
class Login {
public:
    Login(Mechanism mechanism, void* handle) : mechanism_(mechanism), handle_(handle) {}
    ~Login();
    Login(const Login&) = delete;
    Login& operator=(const Login&) = delete;

    Mechanism mechanism() const { return mechanism_; }
    void* handle() const { return handle_; }  // a gss_cred_id_t, for another library to borrow

private:
    Mechanism mechanism_;
    void* handle_;
};
using SharedLogin = std::shared_ptr<const Login>;

Result<SharedLogin> login_from_cache(Mechanism mechanism, const std::string& name);  // "default": the caller's
// The ticket goes into a cache in memory that lasts as long as the process: one run asks the domain for it once.
Result<SharedLogin> login_from_keytab(Mechanism mechanism, const std::string& path, const std::string& principal);
Result<SharedLogin> login_from_password_file(Mechanism mechanism, const std::string& path,
                                             const std::string& principal);

// One security context with one service. Start with step(""), send what it gives, step with what comes back, until
// complete(). This is also where the next issue's sealing belongs: wrap and unwrap are calls on the same context.
class Handshake {
public:
    Handshake(SharedLogin login, std::string_view service, std::string_view fqdn);
    ~Handshake();
    Handshake(const Handshake&) = delete;
    Handshake& operator=(const Handshake&) = delete;

    // What to send next; empty: nothing. Error also when the server could not prove itself.
    Result<std::string> step(std::string_view token);
    bool complete() const { return complete_; }

private:
    struct Security;
    std::unique_ptr<Security> security_;
    bool complete_ = false;
};

// What the library's words mean and what to do about it, also when they come by way of another library; empty if
// they say nothing that we know.
std::optional<Error> meaning(std::string_view words);

}  // namespace fairway::kerberos
