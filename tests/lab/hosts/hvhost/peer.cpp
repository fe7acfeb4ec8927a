// Asynchronous calls run to their end one by one: that is how Beast gives a blocking call a time limit.
#include "peer.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http.hpp>
#include <chrono>

namespace lab {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::chrono::seconds kPatience{60};

PeerError meaning(const boost::system::error_code& error) {
    if (error == asio::error::connection_refused) return PeerError::refused;
    if (error == beast::error::timeout) return PeerError::timed_out;
    return PeerError::broken;
}

}  // namespace

tl::expected<void, PeerError> Peer::connect(const std::string& host, const std::string& address, unsigned short port) {
    host_ = host;
    boost::system::error_code error;
    asio::ip::tcp::resolver resolver(io_);
    const auto addresses = resolver.resolve(address, std::to_string(port), error);
    if (error) return tl::unexpected(PeerError::unknown_host);
    stream_.expires_after(kPatience);
    stream_.async_connect(addresses, [&](const auto& result, const auto&) { error = result; });
    io_.restart();
    io_.run();
    if (error) return tl::unexpected(meaning(error));
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), error);
    return {};
}

tl::expected<PeerReply, PeerError> Peer::post(const std::string& path, const std::string& authorization,
                                              const std::string& body, const std::string& type) {
    http::request<http::string_body> request(http::verb::post, path, 11);
    request.set(http::field::host, host_);
    request.set(http::field::content_type, type);
    if (!authorization.empty()) request.set(http::field::authorization, authorization);
    request.body() = body;
    request.prepare_payload();

    http::response<http::string_body> response;
    boost::system::error_code error;
    stream_.expires_after(kPatience);
    http::async_write(stream_, request, [&](const auto& wrote, std::size_t) {
        error = wrote;
        if (error) return;
        http::async_read(stream_, buffer_, response, [&](const auto& read, std::size_t) { error = read; });
    });
    io_.restart();
    io_.run();
    if (error) return tl::unexpected(meaning(error));
    return PeerReply{response.result_int(), response.body(), std::string(response[http::field::www_authenticate]),
                     std::string(response[http::field::content_type])};
}

}  // namespace lab
