// The text of an HTTP/1.1 request, and a reply read strictly from its bytes. It moves no bytes, and knows nothing of
// SOAP or of who signs on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "providers/wmi/transport/asio.hpp"
#include "providers/wmi/transport/http_reply.hpp"
#include "providers/wmi/wsman/room.hpp"

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
// Head and body in one text, so that they leave in one write (WMI-19). Always with a length: several servers do
// not take chunks (WMI-20).
std::string request_text(const Endpoint& endpoint, const Post& post);

// A body that takes no more than this, however long it says it is, sets nothing aside before it comes, and stops where
// the fleet has no room for it. Beast 1.74's own limit is lost when part of the body comes in one piece with the head.
struct BoundedBody {
    static constexpr std::uint64_t most = 8u << 20;

    struct value_type {
        std::string text = {};
        Room* room = nullptr;  // null: nobody else's answers count
        bool crowded = false;  // ended because there was no room
    };

    class reader {
    public:
        template <bool IsRequest, class Fields>
        reader(beast::http::header<IsRequest, Fields>& /*head*/, value_type& body) : body_(body) {}
        void init(const boost::optional<std::uint64_t>& length, error_code& ec) {
            ec = {};
            if (length && *length > most) ec = beast::http::error::body_limit;
        }
        template <class Buffers>
        std::size_t put(const Buffers& buffers, error_code& ec) {
            const std::size_t more = beast::buffer_bytes(buffers), all = body_.text.size() + more;
            body_.crowded = body_.room != nullptr && !body_.room->arrive(all);
            ec = {};
            if (all > most || body_.crowded) {
                ec = beast::http::error::body_limit;
                return 0;
            }
            for (const auto buffer : beast::buffers_range_ref(buffers))
                body_.text.append(static_cast<const char*>(buffer.data()), buffer.size());
            return more;
        }
        void finish(error_code& ec) { ec = {}; }

    private:
        value_type& body_;
    };
};

using ReplyParser = beast::http::response_parser<BoundedBody>;
void limit(ReplyParser& parser);
// What the parser holds at the end. Error: two lengths, which could make the next reply start in the wrong place.
Result<HttpReply> taken(ReplyParser&& parser);
// A whole reply at once; what follows it is left alone.
Result<HttpReply> read_http(std::string_view bytes);

}  // namespace fairway::wmi
