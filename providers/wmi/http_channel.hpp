// A Channel over HTTP: one connection, signed on once with empty bodies, then plain SOAP in both directions
// (MS-WSMV 2.2.9.1.1.1). Sealing and TLS come in here and nowhere else; README.md says where.
#pragma once

#include <memory>

#include "providers/wmi/auth.hpp"
#include "providers/wmi/channel.hpp"
#include "providers/wmi/http.hpp"

namespace fairway::wmi {

class HttpChannel : public Channel {
public:
    HttpChannel(Endpoint endpoint, std::string fqdn, std::shared_ptr<const Credential> credential,
                Deadlines deadlines = {});

    Result<std::string> exchange(std::string_view soap, Repeat repeat) override;
    std::string endpoint() const override;

private:
    Result<void> connect();
    Result<void> sign_on();
    tl::expected<HttpReply, Broken> send(std::string_view soap);

    Connection connection_;
    std::string fqdn_;
    std::shared_ptr<const Credential> credential_;
    std::unique_ptr<kerberos::Handshake> handshake_;  // of this very connection; a new one needs a new context
};

}  // namespace fairway::wmi
