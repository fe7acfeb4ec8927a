// See http.hpp. Asio's operations are started and waited for one at a time: deadlines only work for started
// ones. The fleet client to come starts many on one loop; the parts below are what it takes over.
#include "providers/wmi/http.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "engine/base/file.hpp"

namespace fairway::wmi {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint64_t most_body = 8u << 20;
constexpr std::uint32_t most_header = 64u << 10;

bool went_away(const error_code& ec) {
    return ec == http::error::end_of_stream || ec == asio::error::eof || ec == asio::error::connection_reset ||
           ec == asio::error::broken_pipe || ec == asio::error::connection_aborted;
}

std::string where(const Endpoint& endpoint) { return fmt::format("{} port {}", endpoint.address, endpoint.port); }

Error cannot_connect(const Endpoint& endpoint, const error_code& ec) {
    if (ec == beast::error::timeout || ec == asio::error::timed_out)
        return {
            Code::unreachable,
            fmt::format("no answer from {}; is the host up, and does a firewall let 5985 through?", where(endpoint))};
    if (ec == asio::error::connection_refused)
        return {Code::unreachable, fmt::format("{} refuses the connection; is the WinRM service running there (winrm "
                                               "quickconfig), and is the port right?",
                                               where(endpoint))};
    return {Code::unreachable, fmt::format("cannot connect to {}: {}", where(endpoint), ec.message())};
}

Error no_reply(const Endpoint& endpoint, const error_code& ec) {
    if (ec == beast::error::timeout)
        return {Code::unreachable, fmt::format("{} took the request and did not answer in time; whether anything was "
                                               "done is unknown",
                                               where(endpoint))};
    if (went_away(ec) || ec == http::error::partial_message)
        return {Code::unreachable, fmt::format("{} closed the connection in the middle of an answer", where(endpoint))};
    if (ec == http::error::body_limit || ec == http::error::header_limit)
        return {Code::protocol, fmt::format("the answer of {} is larger than this program takes", where(endpoint))};
    if (ec.category() == http::make_error_code(http::error::bad_version).category())
        return {Code::protocol,
                fmt::format("what answers on {} does not speak HTTP ({})", where(endpoint), ec.message())};
    return {Code::unreachable, fmt::format("the connection to {} broke: {}", where(endpoint), ec.message())};
}

// Head and body in one text, so that they leave in one write (sheet 7.8). Always with a length: several
// servers do not take chunks (7.4).
std::string request_text(const Endpoint& endpoint, const Connection::Post& post) {
    std::string out = fmt::format(
        "POST /wsman HTTP/1.1\r\nHost: {}:{}\r\nUser-Agent: Fairway\r\nConnection: Keep-Alive\r\n"
        "Content-Type: {}\r\nContent-Length: {}\r\n",
        endpoint.name, endpoint.port, post.content_type, post.body.size());
    out.reserve(out.size() + post.authorization.size() + post.body.size() + 32);
    if (!post.authorization.empty()) out.append("Authorization: ").append(post.authorization).append("\r\n");
    return out.append("\r\n").append(post.body);
}

}  // namespace

struct Connection::Wire {
    asio::io_context io;
    beast::tcp_stream stream{io};
    beast::flat_buffer buffer;

    // Starts one operation, waits for its end. `start` takes the handler.
    template <class Start>
    error_code run(std::chrono::milliseconds deadline, Start start) {
        error_code out = asio::error::would_block;
        stream.expires_after(deadline);
        start([&out](const error_code& ec, const auto&...) { out = ec; });
        io.restart();
        io.run();
        return out;
    }

    // Otherwise a server that writes head and body apart waits 41 ms for our acknowledgement (sheet 7.8).
    void acknowledge_at_once() {
#ifdef TCP_QUICKACK
        const int on = 1;
        ::setsockopt(stream.socket().native_handle(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#endif
    }
};

Connection::Connection(Endpoint endpoint, Deadlines deadlines)
    : endpoint_(std::move(endpoint)), deadlines_(deadlines) {}
Connection::~Connection() = default;

Result<void> Connection::open() try {
    close();
    auto wire = std::make_unique<Wire>();
    error_code ec;
    // getaddrinfo has its own deadlines, those of resolv.conf; nothing can cut it short.
    tcp::resolver resolver(wire->io);
    const auto places = resolver.resolve(endpoint_.address, std::to_string(endpoint_.port), ec);
    if (ec)
        return fail(Code::unreachable, fmt::format("the name {} has no address: {}; check DNS, or give the host an "
                                                   "address in the inventory",
                                                   endpoint_.address, ec.message()));
    ec = wire->run(deadlines_.connect, [&](auto done) { wire->stream.async_connect(places, std::move(done)); });
    if (ec) return tl::unexpected(cannot_connect(endpoint_, ec));
    wire->stream.socket().set_option(tcp::no_delay(true), ec);
    wire_ = std::move(wire);
    return {};
} catch (const std::exception& e) {
    return fail(Code::unreachable, fmt::format("cannot connect to {}: {}", where(endpoint_), e.what()));
}

void Connection::close() { wire_.reset(); }

bool Connection::alive() {
    if (!wire_) return false;
    // Nothing is on its way between requests: whatever can be read now is an end, or an answer to nobody.
    char byte = 0;
    const auto seen = ::recv(wire_->stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && wire_->buffer.size() == 0) return true;
    close();
    return false;
}

tl::expected<HttpReply, Broken> Connection::post(const Post& post) try {
    const auto broken = [this](Error error, bool silent) {
        close();
        return tl::unexpected(Broken{std::move(error), silent});
    };
    if (!wire_) return broken({Code::unreachable, fmt::format("not connected to {}", where(endpoint_))}, false);
    std::string text = request_text(endpoint_, post);
    error_code ec = wire_->run(
        deadlines_.answer, [&](auto done) { asio::async_write(wire_->stream, asio::buffer(text), std::move(done)); });
    if (!post.authorization.empty()) wipe(text);
    if (ec) return broken(no_reply(endpoint_, ec), went_away(ec));

    wire_->acknowledge_at_once();
    http::response_parser<http::string_body> parser;
    parser.body_limit(most_body);
    parser.header_limit(most_header);
    ec = wire_->run(deadlines_.answer,
                    [&](auto done) { http::async_read(wire_->stream, wire_->buffer, parser, std::move(done)); });
    if (ec) return broken(no_reply(endpoint_, ec), went_away(ec) && !parser.got_some());

    auto reply = parser.release();
    // One length may be our end and the other a proxy's: then the next answer starts in the wrong place.
    if (reply.count(http::field::content_length) > 1)
        return broken({Code::protocol, fmt::format("{} gave an answer with two lengths", where(endpoint_))}, false);
    HttpReply out{reply.result_int(),
                  std::string(reply[http::field::content_type]),
                  {},
                  std::move(reply.body()),
                  reply.keep_alive()};
    for (const auto& field : reply)
        if (field.name() == http::field::www_authenticate) out.challenges.emplace_back(field.value());
    if (!out.keep) close();
    return out;
} catch (const std::exception& e) {
    close();
    return tl::unexpected(
        Broken{{Code::unreachable, fmt::format("the connection to {} broke: {}", where(endpoint_), e.what())}, false});
}

}  // namespace fairway::wmi
