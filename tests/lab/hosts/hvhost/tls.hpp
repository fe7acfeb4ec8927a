// The certificates that a host can present, and what they prove. OpenSSL's TLS, included here alone.
// Knows nothing of HTTP; a test chooses by name what the next connections see.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <map>
#include <string>

namespace lab {

struct Identity {
    boost::asio::ssl::context context;
    std::string binding;  // tls-server-end-point:<hash> [RFC 5929, 4]
};

class Certificates {
public:
    // `folder` holds HOST.pem and HOST.key, and the same for expired, wrong-name and stranger; `ca` is who signs
    // clients. Throws boost::system::system_error.
    Certificates(const std::string& folder, const std::string& host, const std::string& ca);

    // own, expired, wrong-name or stranger.
    [[nodiscard]] Identity& named(const std::string& use) { return identities_.at(use); }

private:
    std::map<std::string, Identity> identities_;
};

// The common name of the client's certificate; empty when it showed none. A wrong one ends the handshake.
[[nodiscard]] std::string client_of(SSL* connection);

}  // namespace lab
