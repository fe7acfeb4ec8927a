// See wire.hpp. What a broken connection means is said here for people.
#include "providers/wmi/transport/wire.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <netinet/tcp.h>

#include "engine/base/file.hpp"

namespace fairway::wmi {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds idle_limit{60};  // WinRM drops what is idle for two minutes (WMI-17)

bool went_away(const error_code& ec) {
    return ec == beast::http::error::end_of_stream || ec == asio::error::eof || ec == asio::error::connection_reset ||
           ec == asio::error::broken_pipe || ec == asio::error::connection_aborted ||
           ec == asio::ssl::error::stream_truncated;
}

Error no_reply(const Endpoint& endpoint, const error_code& ec) {
    using http = beast::http::error;
    if (auto refused = refusal_of_ours(ec, endpoint.name)) return *refused;
    if (ec == beast::error::timeout)
        return {Code::unreachable, fmt::format("{} took the request and did not answer in time; whether anything was "
                                               "done is unknown",
                                               where(endpoint))};
    if (went_away(ec) || ec == http::partial_message)
        return {Code::unreachable, fmt::format("{} closed the connection in the middle of an answer", where(endpoint))};
    if (ec == http::body_limit || ec == http::header_limit)
        return {Code::protocol, fmt::format("the answer of {} is larger than this program takes", where(endpoint))};
    if (ec.category() == beast::http::make_error_code(http::bad_version).category())
        return {Code::protocol,
                fmt::format("what answers on {} does not speak HTTP ({})", where(endpoint), ec.message())};
    return {Code::unreachable, fmt::format("the connection to {} broke: {}", where(endpoint), ec.message())};
}

}  // namespace

// Nothing is on its way between requests: what can be read now is an end, or an answer to nobody. (TLS may still send
// tickets of its own.) What has been idle for long is not trusted to be there.
bool Wire::alive() {
    char byte = 0;
    const auto seen = ::recv(stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    const bool quiet = seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    const bool fresh = Clock::now() - used < idle_limit;
    return fresh && buffer.size() == 0 && (quiet || (seen > 0 && tls));
}

// Otherwise a server that writes head and body apart waits 41 ms for our acknowledgement (WMI-19).
void Wire::acknowledge_at_once() {
#ifdef TCP_QUICKACK
    const int on = 1;
    ::setsockopt(stream.socket().native_handle(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#endif
}

awaitable<Try> Wire::post(const Endpoint& endpoint, Post post, std::chrono::milliseconds deadline, Room* room) {
    const auto broken = [](bool nothing, Error error) {
        const Fate fate = nothing ? Fate::silent : error.code == Code::unreachable ? Fate::cut : Fate::foreign;
        return Try{fate, tl::unexpected(std::move(error))};
    };
    const Wiped text{request_text(endpoint, post)};
    error_code ec;
    used = Clock::now();
    stream.expires_after(deadline);
    if (tls) co_await asio::async_write(*tls, asio::buffer(text.text), as_result(ec));
    else co_await asio::async_write(stream, asio::buffer(text.text), as_result(ec));
    if (ec) co_return broken(went_away(ec), no_reply(endpoint, ec));

    acknowledge_at_once();
    ReplyParser parser;
    limit(parser);
    parser.get().body().room = room;
    if (tls) co_await beast::http::async_read(*tls, buffer, parser, as_result(ec));
    else co_await beast::http::async_read(stream, buffer, parser, as_result(ec));
    if (parser.get().body().crowded) co_return Try{Fate::crowded, tl::unexpected(no_room())};
    const bool nothing = went_away(ec) && !parser.got_some();
    if (ec) co_return broken(nothing, no_reply(endpoint, ec));
    used = Clock::now();
    auto reply = taken(std::move(parser));
    if (!reply) co_return broken(false, {reply.error().code, where(endpoint) + " " + reply.error().text});
    co_return Try{Fate::answered, std::string{}, std::move(*reply)};
}

}  // namespace fairway::wmi
