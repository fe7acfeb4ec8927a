// The way from one host to another: one HTTP connection, every step of it with a time limit.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <string>
#include <tl/expected.hpp>

namespace lab {

enum class PeerError { refused, timed_out, broken, unknown_host };

struct PeerReply {
    unsigned status = 0;
    std::string body;
    std::string authenticate;  // WWW-Authenticate
    std::string type;
};

class Peer {
public:
    Peer() : stream_(io_) {}

    // `address`: where the name leads by the source's resolver; it may be the name.
    [[nodiscard]] tl::expected<void, PeerError> connect(const std::string& host, const std::string& address,
                                                        unsigned short port);
    [[nodiscard]] tl::expected<PeerReply, PeerError> post(const std::string& path, const std::string& authorization,
                                                          const std::string& body,
                                                          const std::string& type = "application/json");

private:
    boost::asio::io_context io_;
    boost::beast::tcp_stream stream_;
    boost::beast::flat_buffer buffer_;
    std::string host_;
};

}  // namespace lab
