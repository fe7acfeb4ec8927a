// GSSAPI: accepting clients by keytab, and acting for a client towards a third host (S4U).
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

// 1.3.6.1.4.1.311.2.2.10, of the package gss-ntlmssp.
[[nodiscard]] gss_OID ntlm_mechanism();
[[nodiscard]] bool is_ntlm_token(std::string_view token);
// Whether the context is NTLM's: its messages are a signature of 16 bytes and as much data as the plain text has.
[[nodiscard]] bool is_ntlm(gss_ctx_id_t context);

// One client's handshake, bound to one TCP connection.
class Acceptor {
public:
    // `binding`: application data of the channel that the client may name; empty where there is no TLS.
    // `domain`: that the host is in; NTLM tells the client.
    Acceptor(std::string binding, std::string domain) : binding_(std::move(binding)), domain_(std::move(domain)) {}
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;
    ~Acceptor();

    // The token to send back; the error is the library's text.
    [[nodiscard]] tl::expected<std::string, std::string> step(const std::string& token);
    [[nodiscard]] bool complete() const { return complete_; }
    // The client has named our channel. Another one's name is refused by the library.
    [[nodiscard]] bool bound() const { return bound_; }
    [[nodiscard]] const std::string& principal() const { return principal_; }
    [[nodiscard]] gss_ctx_id_t context() const { return context_; }

private:
    [[nodiscard]] tl::expected<void, std::string> take_credentials(const std::string& token);

    gss_ctx_id_t context_ = GSS_C_NO_CONTEXT;
    gss_cred_id_t credentials_ = GSS_C_NO_CREDENTIAL;
    std::string binding_;
    std::string domain_;
    std::string principal_;
    bool complete_ = false;
    bool bound_ = false;
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
