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

using ReplyParser = beast::http::response_parser<beast::http::string_body>;
void limit(ReplyParser& parser);
// What the parser holds at the end. Error: two lengths, which could make the next reply start in the wrong place.
Result<HttpReply> taken(ReplyParser&& parser);
// A whole reply at once; what follows it is left alone.
Result<HttpReply> read_http(std::string_view bytes);

}  // namespace fairway::wmi
