// Who is at the other end of a connection: Negotiate and Kerberos by keytab, Basic by a file of users, and
// certificates that the lab's CA has signed.
// Negotiate and Kerberos authenticate the TCP connection, once [MS-WSMV 2.2.9.1.1.1].
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gss.hpp"
#include "methods.hpp"

namespace lab {

struct Accounts {
    std::string realm;
    std::string domain;                        // its DNS name
    std::vector<std::string> administrators;   // of the domain
    std::string host;                          // the domain of local accounts
    std::map<std::string, std::string> local;  // name to password; local accounts are administrators
};

// `path` holds lines of name:password. Throws std::runtime_error.
[[nodiscard]] std::map<std::string, std::string> read_users(const std::string& path);

// What the connection itself proves, before anybody signs on.
struct Channel {
    bool tls = false;
    std::string binding{};         // of the server's certificate
    std::string certificate_of{};  // the client that showed one
};

// What the host insists on now.
struct LoginRules {
    bool binding_required = false;  // CbtHardeningLevel Strict
    bool ntlm_allowed = false;      // for local accounts
};

class Login {
public:
    Login(const Accounts& accounts, Channel channel) : accounts_(accounts), channel_(std::move(channel)) {}

    enum class Answer {
        known,         // serve the request; `token` goes with the reply if not empty
        more,          // 401 with `token`
        unauthorized,  // 401 with the list of schemes
    };
    struct Result {
        Answer answer;
        std::string token;  // the whole WWW-Authenticate value
    };

    // `authorization` is the header's value, empty when there is none.
    [[nodiscard]] Result check(std::string_view authorization, const LoginRules& rules);
    [[nodiscard]] const Caller& caller() const { return caller_; }
    // What seals this connection's messages; GSS_C_NO_CONTEXT while there is nothing of the kind.
    [[nodiscard]] gss_ctx_id_t context() const;
    // Negotiate or Kerberos, as the client called it.
    [[nodiscard]] const std::string& scheme() const { return scheme_; }
    // kerberos, ntlm, basic, certificate, or anonymous.
    [[nodiscard]] const std::string& mechanism() const { return mechanism_; }

private:
    Result check_ticket(std::string_view scheme, std::string_view token, const LoginRules& rules);
    Result check_password(std::string_view credentials);
    Result check_certificate();
    [[nodiscard]] Caller caller_by(const std::string& principal) const;

    const Accounts& accounts_;
    const Channel channel_;
    std::unique_ptr<Acceptor> acceptor_;
    Caller caller_;
    std::string scheme_;
    std::string mechanism_ = "anonymous";
    bool connection_known_ = false;
};

}  // namespace lab
