// HTTP/1.1 with keep-alive. A blocking thread per connection: a lab has few, and this reads from top to bottom.
#include "session.hpp"

#include <poll.h>

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <iostream>

#include "controls.hpp"
#include "seal.hpp"
#include "soap.hpp"
#include "wsman.hpp"

namespace lab {
namespace {

namespace http = boost::beast::http;
using HttpRequest = http::request<http::string_body>;
using HttpResponse = http::response<http::string_body>;
using boost::asio::ip::tcp;

constexpr int kIdleMs = 120000;
constexpr std::size_t kMaxDrain = 8 * 1024 * 1024;
const std::string kSoap = "application/soap+xml;charset=UTF-8";

HttpResponse response_of(const HttpRequest& request, unsigned status, std::string body, const std::string& type) {
    HttpResponse response(static_cast<http::status>(status), request.version());
    response.set(http::field::server, "Microsoft-HTTPAPI/2.0");
    if (!body.empty()) response.set(http::field::content_type, type);
    response.body() = std::move(body);
    response.keep_alive(request.keep_alive());
    response.prepare_payload();
    return response;
}

HttpResponse unauthorized(const HttpRequest& request, const std::string& token) {
    auto response = response_of(request, 401, {}, {});
    if (!token.empty()) {
        response.set(http::field::www_authenticate, token);
        return response;
    }
    response.insert(http::field::www_authenticate, "Negotiate");
    response.insert(http::field::www_authenticate, "Kerberos");
    response.insert(http::field::www_authenticate, "Basic realm=\"WSMAN\"");
    return response;
}

bool wait_readable(tcp::socket& socket) {
    pollfd wait{socket.native_handle(), POLLIN, 0};
    return ::poll(&wait, 1, kIdleMs) > 0;
}

// Says 413 and reads the rest away, so that the client sees the answer and not a reset.
void refuse_large(tcp::socket& socket) {
    HttpResponse response(http::status::payload_too_large, 11);
    response.keep_alive(false);
    response.prepare_payload();
    boost::system::error_code error;
    http::write(socket, response, error);
    socket.shutdown(tcp::socket::shutdown_send, error);
    std::array<char, 16384> waste{};
    for (std::size_t drained = 0; !error && drained < kMaxDrain && wait_readable(socket);) {
        drained += socket.read_some(boost::asio::buffer(waste), error);
    }
}

class Session {
public:
    Session(Server& server, Door door) : server_(server), door_(door), login_(server.accounts) {}

    HttpResponse answer(const HttpRequest& request, bool from_loopback) {
        server_.host.count("http");
        const auto path = std::string(request.target().substr(0, request.target().find('?')));
        if (door_ == Door::wsman && path == "/wsman") return answer_wsman(request);
        if (door_ == Door::migration && path.starts_with("/lab/migrate/")) return answer_migrate(request, path);
        if (door_ == Door::wsman && path.starts_with("/lab/") && from_loopback) {
            auto reply = control(server_.host, path, request.body());
            return response_of(request, reply.http_status, std::move(reply.body), "application/json");
        }
        return response_of(request, 404, {}, {});
    }

private:
    HttpResponse answer_wsman(const HttpRequest& request) {
        if (request.method() != http::verb::post) return response_of(request, 405, {}, {});
        const bool anonymous = request["WSMANIDENTIFY"] == "unauthenticated" && is_identify(request.body());
        Login::Result login{Login::Answer::known, {}};
        if (!anonymous) login = login_.check(text(request[http::field::authorization]));
        if (login.answer != Login::Answer::known) return refuse(request, login);
        if (!anonymous && request.body().empty()) return with_token(response_of(request, 200, {}, {}), login);

        const auto type = std::string(request[http::field::content_type]);
        if (is_sealed(type)) return answer_sealed(request, {type, request.body()});
        if (!type.starts_with("application/soap+xml") && !type.starts_with("text/xml")) {
            return response_of(request, 415, {}, {});
        }
        // The status is a guess: what a host without AllowUnencrypted says to plain text is not in the sheets.
        if (!anonymous && server_.host.with([](Host::State& state) { return state.sealing_required; })) {
            return response_of(request, 403, {}, {});
        }
        auto reply = lab::answer(server_.host, server_.enumerations, login_.caller(), request.body());
        return with_token(response_of(request, reply.http_status, std::move(reply.body), kSoap), login);
    }

    // A message that cannot be unsealed gets a bare 400, as one sealed for another connection does on Windows.
    HttpResponse answer_sealed(const HttpRequest& request, const HttpBody& sealed) {
        const auto plain = unseal(login_.context(), login_.scheme(), sealed);
        if (!plain) {
            std::cerr << "cannot unseal: " << plain.error() << std::endl;
            server_.host.count("not unsealed");
            return response_of(request, 400, {}, {});
        }
        server_.host.count("sealed");
        auto reply = lab::answer(server_.host, server_.enumerations, login_.caller(), *plain);
        auto body = seal(login_.context(), login_.scheme(), std::move(reply.body));
        if (!body) throw std::runtime_error("cannot seal: " + body.error());
        return response_of(request, reply.http_status, std::move(body->text), body->content_type);
    }

    HttpResponse answer_migrate(const HttpRequest& request, const std::string& path) {
        const auto login = login_.check(text(request[http::field::authorization]));
        if (login.answer != Login::Answer::known) return refuse(request, login);
        auto reply = migrate(server_.host, login_.caller(), path, request.body());
        return with_token(response_of(request, reply.http_status, std::move(reply.body), "application/json"), login);
    }

    HttpResponse refuse(const HttpRequest& request, const Login::Result& login) {
        server_.host.count("unauthorized");
        return unauthorized(request, login.token);
    }

    static HttpResponse with_token(HttpResponse response, const Login::Result& login) {
        if (!login.token.empty()) {
            response.set(http::field::www_authenticate, login.token);
        }
        return response;
    }

    static std::string_view text(boost::beast::string_view from) { return {from.data(), from.size()}; }

    Server& server_;
    Door door_;
    Login login_;
};

}  // namespace

void serve(Server& server, Door door, tcp::socket socket) {
    boost::system::error_code error;
    socket.set_option(tcp::no_delay(true), error);
    const auto client = socket.remote_endpoint(error);
    if (error) return;
    server.host.count("connections");
    Session session(server, door);
    boost::beast::flat_buffer buffer;
    while (buffer.size() > 0 || wait_readable(socket)) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(kServerMaxEnvelope);
        http::read(socket, buffer, parser, error);
        if (error == http::error::body_limit) return refuse_large(socket);
        if (error) return;
        // Beast writes head and body in one call: two segments would cost a delayed ACK each time.
        const auto response = session.answer(parser.get(), client.address().is_loopback());
        http::write(socket, response, error);
        if (error || !response.keep_alive()) return;
    }
}

}  // namespace lab
