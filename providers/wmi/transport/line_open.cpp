// How does a line get from the host's name to a connection that is open: the address, TCP, TLS, and then the sign-on
// (line_sign_on.cpp)? Why it does not is said for people, with what to look at. Of HTTP and SOAP it knows nothing.
#include <fmt/format.h>

#include "providers/wmi/transport/line.hpp"
#include "providers/wmi/transport/record.hpp"
#include "providers/wmi/transport/wire.hpp"

namespace fairway::wmi {
namespace {

using asio::ip::tcp;

Error cannot_connect(const Endpoint& endpoint, const error_code& ec) {
    if (ec == beast::error::timeout || ec == asio::error::timed_out)
        return {Code::unreachable, fmt::format("no answer from {}; is the host up, and does a firewall let {} through?",
                                               where(endpoint), endpoint.port)};
    if (ec == asio::error::connection_refused)
        return {Code::unreachable, fmt::format("{} refuses the connection; is the WinRM service running there (winrm "
                                               "quickconfig), and is the port right?",
                                               where(endpoint))};
    return {Code::unreachable, fmt::format("cannot connect to {}: {}", where(endpoint), ec.message())};
}

}  // namespace

awaitable<Result<tcp::resolver::results_type>> Line::resolve() {
    const Endpoint& endpoint = route_.endpoint;
    struct Found {
        tcp::resolver::results_type places;
        error_code ec;
    };
    error_code is_name;
    const auto address = asio::ip::make_address(endpoint.address, is_name);
    if (!is_name) co_return tcp::resolver::results_type::create(tcp::endpoint(address, endpoint.port), {}, {});
    // A variable and not a temporary: g++ 12 destroys those of a co_await expression twice.
    auto look_up = [name = endpoint.address, port = std::to_string(endpoint.port)] {
        asio::io_context io;  // getaddrinfo has its own deadlines and cannot be cut short
        Found out;
        out.places = tcp::resolver(io).resolve(name, port, out.ec);
        return out;
    };
    const auto found = co_await loop_.away(route_.deadlines.connect, std::move(look_up));
    if (!found)
        co_return fail(Code::unreachable,
                       fmt::format("the name {} was not resolved in time; check DNS, or give the host "
                                   "an address in the inventory",
                                   endpoint.address));
    hopeless_ = found->ec == asio::error::host_not_found;
    if (found->ec)
        co_return fail(Code::unreachable, fmt::format("the name {} has no address: {}; check DNS, or give the host an "
                                                      "address in the inventory",
                                                      endpoint.address, found->ec.message()));
    co_return found->places;
}

awaitable<Result<void>> Line::connect(Wire& wire) {
    const Endpoint& endpoint = route_.endpoint;
    const auto places = co_await resolve();
    if (!places) co_return tl::unexpected(places.error());
    error_code ec;
    steps_.stage = Stage::connecting;
    wire.stream.expires_after(route_.deadlines.connect);
    const tcp::endpoint to = co_await wire.stream.async_connect(*places, as_result(ec));
    if (ec) co_return tl::unexpected(cannot_connect(endpoint, ec));
    wire.stream.socket().set_option(tcp::no_delay(true), ec);
    steps_.address = to.address().to_string();
    co_return Result<void>{};
}

awaitable<Result<void>> Line::start_tls(Wire& wire) {
    steps_.stage = Stage::securing;
    wire.tls = std::make_unique<TlsStream>(wire.stream, route_.tls->settings());
    if (const auto named = expect(*wire.tls, route_.fqdn); !named) co_return named;
    error_code ec;
    wire.stream.expires_after(route_.deadlines.connect);
    co_await wire.tls->async_handshake(asio::ssl::stream_base::client, as_result(ec));
    if (ec) co_return tl::unexpected(why_refused(*wire.tls, ec, route_.fqdn));
    steps_.tls = protocol_name(*wire.tls);
    co_return Result<void>{};
}

awaitable<Result<void>> Line::reach() {
    close();
    steps_ = {};
    auto wire = std::make_unique<Wire>(loop_.io());
    const auto connected = co_await connect(*wire);
    if (!connected) co_return connected;
    if (route_.tls) {
        const auto secured = co_await start_tls(*wire);
        if (!secured) co_return secured;
    }
    wire_ = std::move(wire);
    co_return Result<void>{};
}

awaitable<Result<void>> Line::knock(std::string authorization) {
    const auto reached = co_await reach();
    if (!reached) co_return reached;
    const Post nothing{soap_type, {}, authorization};
    Exchange exchange(route_.recording.get(), route_.endpoint);
    exchange.sent(nothing, {});
    const Try sent = co_await post(nothing);
    exchange.came(sent.reply, sent.answer);
    exchange.keep();
    close();
    if (!sent.answer) co_return tl::unexpected(sent.answer.error());
    co_return Result<void>{};
}

awaitable<Result<void>> Line::open() {
    const auto reached = co_await reach();
    if (!reached) co_return reached;
    steps_.mechanism = route_.credential->name();
    steps_.stage = Stage::signing_on;
    auto done = co_await take_turn();
    if (done && route_.credential->login()) {
        done = co_await sign_on();
        end_turn(done ? Credential::Trial::good : Credential::Trial::unproved);
    }
    if (!done) {
        close();
        co_return done;
    }
    steps_.stage = Stage::open;
    co_return Result<void>{};
}

}  // namespace fairway::wmi
