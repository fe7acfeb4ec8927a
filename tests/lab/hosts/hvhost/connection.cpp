// HTTP/1.1 with keep-alive. A blocking thread per connection: a lab has few, and this reads from top to bottom.
#include "connection.hpp"

#include <openssl/ssl.h>
#include <poll.h>

#include <array>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <iostream>
#include <sstream>
#include <thread>

#include "mischief.hpp"

namespace lab {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;

constexpr int kIdleMs = 120000;
constexpr std::uint32_t kMaxHeader = 64 * 1024;  // what http.sys refuses, it has read
constexpr std::size_t kMaxDrain = 8 * 1024 * 1024;

// A socket whose reads end after two minutes of silence. The patience is here, below TLS, because only here it is
// certain that nothing has been read already.
class Patient {
public:
    using executor_type = tcp::socket::executor_type;
    using lowest_layer_type = tcp::socket::lowest_layer_type;

    explicit Patient(tcp::socket socket) : socket_(std::move(socket)) {}

    executor_type get_executor() { return socket_.get_executor(); }
    lowest_layer_type& lowest_layer() { return socket_.lowest_layer(); }

    template <class Buffers>
    std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
        pollfd wait{socket_.native_handle(), POLLIN, 0};
        if (::poll(&wait, 1, kIdleMs) > 0) return socket_.read_some(buffers, error);
        error = boost::asio::error::timed_out;
        return 0;
    }
    template <class Buffers>
    std::size_t write_some(const Buffers& buffers, boost::system::error_code& error) {
        return socket_.write_some(buffers, error);
    }
    // The same with exceptions, because the concept of a stream wants both.
    template <class Buffers>
    std::size_t read_some(const Buffers& buffers) {
        boost::system::error_code error;
        const auto count = read_some(buffers, error);
        if (error) throw boost::system::system_error(error);
        return count;
    }
    template <class Buffers>
    std::size_t write_some(const Buffers& buffers) {
        return socket_.write_some(buffers);
    }

private:
    tcp::socket socket_;
};
using TlsStream = boost::asio::ssl::stream<Patient>;

// Says 413 and reads the rest away, so that the client sees the answer and not a reset.
template <class Stream>
void refuse_large(Stream& stream) {
    HttpResponse response(http::status::payload_too_large, 11);
    response.keep_alive(false);
    response.prepare_payload();
    boost::system::error_code error;
    http::write(stream, response, error);
    stream.lowest_layer().shutdown(tcp::socket::shutdown_send, error);
    std::array<char, 16384> waste{};
    for (std::size_t drained = 0; !error && drained < kMaxDrain;) {
        drained += stream.read_some(boost::asio::buffer(waste), error);
    }
}

// False when the connection must end here.
template <class Stream>
bool write(Stream& stream, HttpResponse& response, const Mischief& mischief, boost::system::error_code& error) {
    std::this_thread::sleep_for(mischief.delay);
    if (mischief.how == "cut-before-reply" || mischief.how == kCutBeforeRequest) return false;
    if (mischief.how == "chunked") response.chunked(true);
    std::ostringstream proper;
    if (!mischief.how.empty()) proper << response;
    const auto bytes = spoiled_bytes(mischief, proper.str());
    if (bytes.empty()) {
        http::write(stream, response, error);
        return true;
    }
    boost::asio::write(stream, boost::asio::buffer(bytes), error);
    return mischief.how != "cut-in-reply";
}

template <class Stream>
void talk(Stream& stream, Session& session, bool from_loopback) {
    boost::system::error_code error;
    boost::beast::flat_buffer buffer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(kServerMaxEnvelope);
        parser.header_limit(kMaxHeader);
        http::read(stream, buffer, parser, error);
        if (error == http::error::body_limit) return refuse_large(stream);
        if (error) return;
        // Beast writes head and body in one call: two segments would cost a delayed ACK each time.
        auto response = session.answer(parser.get(), from_loopback);
        if (!write(stream, response, session.mischief(), error)) return;
        if (error || !response.keep_alive()) return;
    }
}

void talk_tls(Server& server, Certificates& certificates, tcp::socket socket, bool from_loopback) {
    auto& identity = certificates.named(server.host.with([](Host::State& state) { return state.presents; }));
    TlsStream stream(Patient(std::move(socket)), identity.context);
    boost::system::error_code error;
    stream.handshake(TlsStream::server, error);
    if (error) {
        server.host.count("tls refused");
        std::cerr << "no TLS: " << error.message() << std::endl;
        return;
    }
    server.host.count("tls");
    Session session(server, Port::wsman_tls, {true, identity.binding, client_of(stream.native_handle())});
    talk(stream, session, from_loopback);
    // Said without waiting for the other side to say it too.
    SSL_shutdown(stream.native_handle());
}

}  // namespace

void serve(Server& server, Certificates& certificates, Port port, tcp::socket socket) {
    boost::system::error_code error;
    socket.set_option(tcp::no_delay(true), error);
    const auto client = socket.remote_endpoint(error);
    if (error) return;
    server.host.count("connections");
    const bool from_loopback = client.address().is_loopback();
    if (port == Port::wsman_tls) return talk_tls(server, certificates, std::move(socket), from_loopback);
    Session session(server, port, {});
    Patient stream(std::move(socket));
    talk(stream, session, from_loopback);
}

}  // namespace lab
