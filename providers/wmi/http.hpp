// The text of an HTTP/1.1 request, and a reply read strictly from its bytes. It moves no bytes, and knows nothing of
// SOAP or of who signs on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "providers/wmi/asio.hpp"
#include "providers/wmi/http_reply.hpp"

namespace fairway::wmi {

struct Endpoint {
    std::string name;     // for the Host header, for certificates and for people
    std::string address;  // where to connect: a name or an IP address
    std::uint16_t port = 5985;
    bool tls = false;
};
std::string url(const Endpoint& endpoint);    // http://name:port/wsman
std::string where(const Endpoint& endpoint);  // "address port 5985", for people

struct Post {
    std::string_view content_type, body;
    std::string_view authorization = {};  // value of the header; empty: none
};
// Head and body in one text, so that they leave in one write (sheet 7.8). Always with a length: several servers do
// not take chunks (7.4).
std::string request_text(const Endpoint& endpoint, const Post& post);

// A body that takes no more than this, however long it says it is, and sets nothing aside before it comes. Beast
// 1.74's own limit is lost when part of the body comes in one piece with the head.
struct BoundedBody : beast::http::string_body {
    static constexpr std::uint64_t most = 8u << 20;

    class reader : public beast::http::string_body::reader {
    public:
        using beast::http::string_body::reader::reader;
        void init(const boost::optional<std::uint64_t>& length, error_code& ec) {
            if (length && *length > most) ec = beast::http::error::body_limit;
            else beast::http::string_body::reader::init(boost::none, ec);
        }
        template <class Buffers>
        std::size_t put(const Buffers& buffers, error_code& ec) {
            const std::size_t more = beast::buffer_bytes(buffers);
            if (more > room_) {
                ec = beast::http::error::body_limit;
                return 0;
            }
            room_ -= more;
            return beast::http::string_body::reader::put(buffers, ec);
        }

    private:
        std::uint64_t room_ = most;
    };
};

using ReplyParser = beast::http::response_parser<BoundedBody>;
void limit(ReplyParser& parser);
// What the parser holds at the end. Error: two lengths, which could make the next reply start in the wrong place.
Result<HttpReply> taken(ReplyParser&& parser);
// A whole reply at once; what follows it is left alone.
Result<HttpReply> read_http(std::string_view bytes);

}  // namespace fairway::wmi
