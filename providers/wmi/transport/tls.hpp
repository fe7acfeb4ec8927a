// Is this really the host? What a TLS connection trusts (an authority, or one pinned certificate), whom it shows
// (a client certificate), what the channel is called for a sign-on inside it (RFC 5929), and why it was refused, in
// words. Verification has no switch.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/base/error.hpp"
#include "engine/model/inventory.hpp"
#include "providers/wmi/transport/asio.hpp"

namespace fairway::wmi {

// The settings of many connections; TLS 1.2 and later.
class Tls {
public:
    // `client`: form certificate gives the certificate and key that we show; any other is not looked at.
    static Result<std::shared_ptr<Tls>> make(const HostTls& trust, const Credentials& client);

    asio::ssl::context& settings() { return settings_; }
    const std::string& fingerprint() const { return fingerprint_; }

private:
    Tls() : settings_(asio::ssl::context::tls_client) {}

    asio::ssl::context settings_;
    std::string fingerprint_;
    bool by_authority_ = true;
};

using TlsStream = asio::ssl::stream<beast::tcp_stream&>;

// Before the handshake: the name that the certificate must carry.
Result<void> expect(TlsStream& stream, const std::string& name);
// After one that failed.
Error why_refused(TlsStream& stream, const error_code& ec, const std::string& name);
// Of any error on the stream: the host does not take our certificate. With TLS 1.3 it says so after the handshake.
std::optional<Error> refusal_of_ours(const error_code& ec, const std::string& name);
// After one that succeeded: "tls-server-end-point:" and the hash of the host's certificate.
std::string channel_binding(TlsStream& stream);
std::string protocol_name(TlsStream& stream);  // TLSv1.3

}  // namespace fairway::wmi
