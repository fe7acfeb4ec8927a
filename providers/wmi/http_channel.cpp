// See http_channel.hpp.
#include "providers/wmi/http_channel.hpp"

#include <fmt/format.h>

#include "engine/base/log.hpp"
#include "providers/wmi/base64.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view soap_type = "application/soap+xml;charset=UTF-8";
constexpr int most_legs = 6;  // Kerberos takes one, SPNEGO two or three

}  // namespace

HttpChannel::HttpChannel(Endpoint endpoint, std::string fqdn, std::shared_ptr<const Credential> credential,
                         Deadlines deadlines)
    : connection_(std::move(endpoint), deadlines), fqdn_(std::move(fqdn)), credential_(std::move(credential)) {}

std::string HttpChannel::endpoint() const {
    return fmt::format("http://{}:{}/wsman", connection_.endpoint().name, connection_.endpoint().port);
}

Result<void> HttpChannel::connect() {
    handshake_.reset();
    if (const auto opened = connection_.open(); !opened) return opened;
    if (!credential_->basic().empty()) return {};
    const auto done = sign_on();
    if (!done) connection_.close();
    return done;
}

// Tokens travel with empty bodies: a token beside a body brought OMI down, and nothing may be said before the
// host has proved itself (sheet 7.6, 8.8).
Result<void> HttpChannel::sign_on() {
    handshake_ = std::make_unique<kerberos::Handshake>(credential_->login(), "HTTP", fqdn_);
    auto token = handshake_->step({});
    for (int leg = 0; leg < most_legs; ++leg) {
        if (!token) return tl::unexpected(token.error());
        const std::string authorization = fmt::format("{} {}", credential_->scheme(), base64::encode(*token));
        const auto reply = connection_.post({soap_type, {}, authorization});
        if (!reply) return tl::unexpected(reply.error().error);
        const auto answer = token_of(*reply, credential_->scheme());
        if (!answer) return tl::unexpected(answer.error());
        if (*answer && !handshake_->complete()) token = handshake_->step(**answer);
        if (!token) return tl::unexpected(token.error());
        if (reply->status == 401 && (!*answer || handshake_->complete() || token->empty())) {
            auto refused = soap_text(*reply);
            return tl::unexpected(refused.error());
        }
        if (handshake_->complete() && reply->status != 401) {
            if (connection_.alive()) return {};
            return fail(Code::protocol,
                        "the host closes the connection after the sign-on, so nothing can be said on it");
        }
        if (!*answer)
            return fail(
                Code::denied,
                fmt::format("the host took the sign-on without proving that it is itself (HTTP {})", reply->status));
    }
    return fail(Code::protocol, "the sign-on does not come to an end");
}

// The seam for sealing: here the text would be wrapped in the context, and unwrapped in exchange() below.
tl::expected<HttpReply, Broken> HttpChannel::send(std::string_view soap) {
    return connection_.post({soap_type, soap, credential_->basic()});
}

Result<std::string> HttpChannel::exchange(std::string_view soap, Repeat repeat) {
    const bool kept = connection_.alive();
    if (!kept) {
        if (const auto done = connect(); !done) return tl::unexpected(done.error());
    }
    auto reply = send(soap);
    if (!reply && reply.error().silent && kept && repeat == Repeat::once) {
        log::debug(fmt::format("{}: a kept connection was closed; asking again on a new one", endpoint()));
        if (const auto done = connect(); !done) return tl::unexpected(done.error());
        reply = send(soap);
    }
    if (!reply) return tl::unexpected(reply.error().error);
    if (reply->status == 401) connection_.close();  // the context is of no more use
    return soap_text(*reply);
}

}  // namespace fairway::wmi
