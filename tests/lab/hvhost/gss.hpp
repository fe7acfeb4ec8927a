// The door to GSSAPI: accepting clients by keytab, and acting for a client towards a third host (S4U).
// All keys come from the process's keytab (KRB5_KTNAME, KRB5_CLIENT_KTNAME); see main.cpp.
#pragma once

#include <gssapi/gssapi.h>

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace lab {

// A message under a context. WS-Man sends the parts apart: everything that is not as long as the plain text
// goes before it [MS-WSMV 2.2.9.1].
struct SealedParts {
    std::string header;
    std::string data;
};
[[nodiscard]] tl::expected<SealedParts, std::string> wrap(gss_ctx_id_t context, std::string plain);
[[nodiscard]] tl::expected<std::string, std::string> unwrap(gss_ctx_id_t context, const SealedParts& sealed);

// One client's handshake, bound to one TCP connection.
class Acceptor {
public:
    Acceptor() = default;
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;
    ~Acceptor();

    // The token to send back; the error is the library's text.
    [[nodiscard]] tl::expected<std::string, std::string> step(const std::string& token);
    [[nodiscard]] bool complete() const { return complete_; }
    [[nodiscard]] const std::string& principal() const { return principal_; }
    [[nodiscard]] gss_ctx_id_t context() const { return context_; }

private:
    gss_ctx_id_t context_ = GSS_C_NO_CONTEXT;
    std::string principal_;
    bool complete_ = false;
};

// Speaks to `service` in the name of `user`, with nothing but this host's own key: S4U2Self for the user,
// then S4U2Proxy to the service [MS-SFU]. Both are asked of the KDC, which may refuse.
class Delegation {
public:
    Delegation(std::string user, std::string service) : user_(std::move(user)), service_(std::move(service)) {}
    Delegation(const Delegation&) = delete;
    Delegation& operator=(const Delegation&) = delete;
    ~Delegation();

    // The first token for the service; the error is the KDC's refusal in words.
    [[nodiscard]] tl::expected<std::string, std::string> start(const std::string& own_principal);
    // The service's answer: proves that it holds the key of `service`.
    [[nodiscard]] tl::expected<void, std::string> finish(const std::string& token);

private:
    [[nodiscard]] tl::expected<std::string, std::string> step(const std::string& token);

    std::string user_;
    std::string service_;
    gss_cred_id_t own_ = GSS_C_NO_CREDENTIAL;
    gss_cred_id_t for_user_ = GSS_C_NO_CREDENTIAL;
    gss_name_t target_ = GSS_C_NO_NAME;
    gss_ctx_id_t context_ = GSS_C_NO_CONTEXT;
};

}  // namespace lab
