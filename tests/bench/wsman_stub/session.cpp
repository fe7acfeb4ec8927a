// See session.hpp. Sealing and sign-on are the lab's (tests/lab/hosts/hvhost/seal, login).
#include "tests/bench/wsman_stub/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>
#include <optional>

#include "seal.hpp"

namespace fairway::stub {
namespace {

namespace http = boost::beast::http;
using tcp = boost::asio::ip::tcp;
using HttpRequest = http::request<http::string_body>;

constexpr std::string_view soap_type = "application/soap+xml;charset=UTF-8";
constexpr std::size_t most_body = 512 * 1024;

struct Outgoing {
    unsigned status = 200;
    std::string type{}, body{}, authenticate{};
};

std::string_view field(const HttpRequest& request, http::field name) {
    const auto value = request[name];
    return {value.data(), value.size()};
}

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(Stub& stub, tcp::socket socket, std::size_t host)
        : stub_(stub),
          socket_(std::move(socket)),
          host_(host),
          login_(stub.accounts, {}),
          distance_(socket_.get_executor()) {}

    void begin() {
        after_round_trip([this] { read(); });
    }

    void read() {
        parser_.emplace();
        parser_->body_limit(most_body);
        http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](auto error, std::size_t bytes) {
            if (error) return;
            self->stub_.tally.bytes_in += bytes;
            self->after_round_trip([it = self.get(), out = self->answer(self->parser_->get())] { it->write(out); });
        });
    }

private:
    template <class Then>
    void after_round_trip(Then then) {
        if (host_ == no_host || stub_.round_trip.count() == 0) return then();
        distance_.expires_after(stub_.round_trip);
        distance_.async_wait([self = shared_from_this(), then = std::move(then)](auto error) {
            if (!error) then();
        });
    }

    void write(const Outgoing& out) {
        text_ = fmt::format("HTTP/1.1 {} \r\nServer: Microsoft-HTTPAPI/2.0\r\n", out.status);
        if (!out.type.empty()) text_.append("Content-Type: ").append(out.type).append("\r\n");
        if (!out.authenticate.empty()) text_.append("WWW-Authenticate: ").append(out.authenticate).append("\r\n");
        text_.append(fmt::format("Content-Length: {}\r\n\r\n", out.body.size())).append(out.body);
        stub_.tally.bytes_out += text_.size();
        boost::asio::async_write(socket_, boost::asio::buffer(text_), [self = shared_from_this()](auto error, auto) {
            if (!error && self->parser_->get().keep_alive()) self->read();
        });
    }

    Outgoing answer(const HttpRequest& request) {
        const std::string_view path(request.target().data(), request.target().size());
        if (host_ == no_host) return control(path);
        if (path != "/wsman" || request.method() != http::verb::post) return {404};
        const auto login = login_.check(field(request, http::field::authorization), {});
        if (login.answer != lab::Login::Answer::known) {
            stub_.tally.refused += login.token.empty();
            return {.status = 401, .authenticate = login.token.empty() ? "Basic realm=\"WSMAN\"" : login.token};
        }
        if (request.body().empty()) {  // a handshake's last leg
            ++stub_.tally.sign_ons;
            return {.authenticate = login.token};
        }
        Outgoing out = answer_soap(request);
        out.authenticate = login.token;
        return out;
    }

    Outgoing answer_soap(const HttpRequest& request) {
        const lab::HttpBody body{std::string(field(request, http::field::content_type)), request.body()};
        if (!lab::is_sealed(body.content_type)) {
            auto [status, text] = answer_text(body.text);
            return {.status = status, .type = std::string(soap_type), .body = std::move(text)};
        }
        const auto plain = lab::unseal(login_.context(), login_.scheme(), body);
        if (!plain) {
            fmt::print(stderr, "wsman_stub: cannot unseal: {}\n", plain.error());
            return {400};
        }
        ++stub_.tally.sealed;
        auto [status, text] = answer_text(*plain);
        auto sealed = lab::seal(login_.context(), login_.scheme(), std::move(text));
        if (!sealed) return {500};
        return {.status = status, .type = std::move(sealed->content_type), .body = std::move(sealed->text)};
    }

    std::pair<unsigned, std::string> answer_text(const std::string& soap) {
        Answer answer = stub_.answers.answer(host_, soap);
        ++stub_.tally.requests[answer.what];
        ++stub_.tally.hosts[host_];
        if (host_ == 0) stub_.tally.first_texts.push_back(soap);
        return {answer.status, std::move(answer.text)};
    }

    // The benchmark's own questions, at 127.0.0.1.
    Outgoing control(std::string_view path) {
        if (path == "/tally") return {.body = stub_.tally.json()};
        if (path == "/texts") return {.body = stub_.tally.texts_json()};
        if (path != "/reset") return {404};
        stub_.tally.reset();
        return {};
    }

    Stub& stub_;
    tcp::socket socket_;
    std::size_t host_;
    lab::Login login_;
    boost::beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    std::string text_;
    boost::asio::steady_timer distance_;
};

}  // namespace

std::size_t host_at(const boost::asio::ip::address& local) {
    const auto bytes = local.to_v4().to_bytes();
    if (bytes[1] != 77 || bytes[3] < 1 || bytes[3] > 250) return no_host;
    return std::size_t{bytes[2]} * 250 + bytes[3] - 1;
}

void serve(Stub& stub, tcp::socket socket) {
    boost::system::error_code error;
    socket.set_option(tcp::no_delay(true), error);
    const auto local = socket.local_endpoint(error);
    if (error) return;
    const std::size_t host = host_at(local.address());
    if (host != no_host && host >= stub.tally.hosts.size()) return;
    stub.tally.connections += host != no_host;
    std::make_shared<Session>(stub, std::move(socket), host)->begin();
}

}  // namespace fairway::stub
