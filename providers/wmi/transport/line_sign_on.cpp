// How does a line sign on to the host on a new connection: token by token, none beside a message, and a password that
// is not proved yet at one host at a time? It makes no token and reads none (sign_on/gss), and sends no message.
#include <fmt/format.h>
#include <utility>

#include "providers/wmi/transport/base64.hpp"
#include "providers/wmi/transport/line.hpp"
#include "providers/wmi/transport/record.hpp"
#include "providers/wmi/transport/wire.hpp"
#include "providers/wmi/wsman/soap.hpp"

namespace fairway::wmi {
namespace {

constexpr int most_legs = 6;  // Kerberos takes one, SPNEGO and NTLM two or three

constexpr std::string_view unknown_service = "not found in Kerberos database";  // MIT's words

// Of an answer to a token that is no 401: why it is no success either.
std::optional<Error> error_in(const HttpReply& reply) {
    if (auto refusal = refusal_in(reply, Sent::token)) return refusal;
    if (is_success(reply.status)) return std::nullopt;
    const auto fault = soap::fault_in(reply.body);
    return fault ? explain(*fault)
                 : Error{Code::protocol,
                         fmt::format("HTTP {} to the sign-on, and no reason that can be read", reply.status)};
}

}  // namespace

// See Credential::Trial. What has no password to show goes straight on.
awaitable<Result<void>> Line::take_turn() {
    using Trial = Credential::Trial;
    Trial& trial = route_.credential->trial();
    while (trial == Trial::under_way) co_await pause(std::chrono::milliseconds(20));
    if (trial == Trial::refused)
        co_return fail(Code::denied,
                       "not tried: another host refused the same user and password, and each try counts "
                       "towards a lockout");
    on_trial_ = trial == Trial::unproved;
    if (on_trial_) trial = Trial::under_way;
    co_return Result<void>{};
}

void Line::end_turn(Credential::Trial outcome) {
    if (std::exchange(on_trial_, false)) route_.credential->trial() = outcome;
}

// The first leg may ask a domain controller for a ticket, and GSSAPI cannot be hurried: not on this thread.
awaitable<Result<std::string>> Line::first_token() {
    const Credential& credential = *route_.credential;
    if (const auto away = credential.domain_away()) co_return tl::unexpected(*away);
    auto step = [ours = handshake_] { return ours->step({}); };
    auto stepped = co_await loop_.away(route_.deadlines.connect, std::move(step));
    if (!stepped)
        stepped = fail(Code::unreachable, "no domain controller gave a ticket in time; check the network to them");
    if (!*stepped && stepped->error().code == Code::unreachable) credential.domain_is_away(stepped->error());
    // sPNMappings has HOST serve HTTP and not WSMAN, which WinRM registers itself when it starts, if it may.
    if (!*stepped && route_.service != "HTTP" && stepped->error().text.find(unknown_service) != std::string::npos)
        stepped->error().text +=
            fmt::format("; a host that lacks the name {}/… is reached with `service: HTTP`", route_.service);
    co_return std::move(*stepped);
}

// Tokens travel with empty bodies: a token beside a body brought OMI down, and nothing may be said before the host has
// proved itself (WMI-18, WMI-21).
awaitable<Result<void>> Line::sign_on() {
    const Credential& credential = *route_.credential;
    const auto login = gss::for_one_connection(credential.login());
    if (!login) co_return tl::unexpected(login.error());
    handshake_ = std::make_shared<gss::Handshake>(*login, gss::Service{route_.service, route_.fqdn},
                                                  wire_->tls ? channel_binding(*wire_->tls) : std::string{});
    auto token = co_await first_token();
    for (int number = 0; number < most_legs; ++number) {
        if (!token) co_return tl::unexpected(token.error());
        const std::string authorization = fmt::format("{} {}", credential.scheme(), base64::encode(*token));
        const Post empty{soap_type, {}, authorization};
        Exchange exchange(route_.recording.get(), route_.endpoint);
        exchange.sent(empty, {});
        auto sent = co_await post(empty);
        exchange.came(sent.reply, sent.answer);
        exchange.keep();
        if (!sent.answer) co_return tl::unexpected(sent.answer.error());
        const bool refused = sent.reply.status == 401;
        if (!refused)
            if (auto error = error_in(sent.reply)) co_return tl::unexpected(std::move(*error));
        const auto answer = token_of(sent.reply, credential.scheme());
        if (!answer) co_return tl::unexpected(answer.error());
        token = std::string{};
        if (*answer && !handshake_->complete()) token = handshake_->step(**answer);
        if (!token) co_return tl::unexpected(token.error());
        if (refused && token->empty()) {
            end_turn(Credential::Trial::refused);
            co_return tl::unexpected(credential.refused(
                offered(sent.reply), fmt::format("{}/{}", route_.service, route_.fqdn), route_.tls != nullptr));
        }
        if (handshake_->complete() && !refused) {
            if (!wire_)
                co_return fail(Code::protocol,
                               "the host closes the connection after the sign-on, so nothing can "
                               "be said on it");
            steps_.realm = handshake_->realm();
            steps_.domain = handshake_->domain();
            co_return Result<void>{};
        }
        if (!*answer)
            co_return fail(Code::denied,
                           fmt::format("the host took the sign-on without proving that it is itself (HTTP "
                                       "{})",
                                       sent.reply.status));
        if (!wire_) co_return fail(Code::protocol, "the host closes the connection in the middle of the sign-on");
    }
    co_return fail(Code::protocol, "the sign-on does not come to an end");
}

}  // namespace fairway::wmi
