// See http.hpp.
#include "providers/wmi/transport/http.hpp"

#include <fmt/format.h>

namespace fairway::wmi {
namespace {

constexpr std::uint32_t most_header = 64u << 10;

}  // namespace

std::string url(const Endpoint& endpoint) {
    return fmt::format("{}://{}:{}/wsman", endpoint.tls ? "https" : "http", endpoint.name, endpoint.port);
}

std::string where(const Endpoint& endpoint) { return fmt::format("{} port {}", endpoint.address, endpoint.port); }

std::string request_text(const Endpoint& endpoint, const Post& post) {
    std::string out = fmt::format(
        "POST /wsman HTTP/1.1\r\nHost: {}:{}\r\nUser-Agent: Fairway\r\nConnection: Keep-Alive\r\n"
        "Content-Type: {}\r\nContent-Length: {}\r\n",
        endpoint.name, endpoint.port, post.content_type, post.body.size());
    out.reserve(out.size() + post.authorization.size() + post.body.size() + 32);
    if (!post.authorization.empty()) out.append("Authorization: ").append(post.authorization).append("\r\n");
    return out.append("\r\n").append(post.body);
}

void limit(ReplyParser& parser) {
    parser.body_limit(BoundedBody::most);
    parser.header_limit(most_header);
}

Result<HttpReply> taken(ReplyParser&& parser) {
    namespace http = beast::http;
    auto reply = parser.release();
    const auto lengths = reply.count(http::field::content_length);
    if (lengths > 1 || (lengths == 1 && reply.count(http::field::transfer_encoding) > 0))
        return fail(Code::protocol, "gave an answer with two lengths");
    HttpReply out{reply.result_int(),
                  std::string(reply[http::field::content_type]),
                  {},
                  std::move(reply.body().text),
                  reply.keep_alive()};
    for (const auto& field : reply) {
        if (field.name() == http::field::www_authenticate) out.challenges.emplace_back(field.value());
        out.headers.emplace_back(field.name_string(), field.value());
    }
    return out;
}

Result<HttpReply> read_http(std::string_view bytes) try {
    ReplyParser parser;
    limit(parser);
    parser.eager(true);
    error_code ec;
    for (auto rest = asio::buffer(bytes.data(), bytes.size()); !parser.is_done();) {
        const std::size_t used = parser.put(rest, ec);
        if (ec && ec != beast::http::error::need_more) return fail(Code::protocol, ec.message());
        rest += used;
        // Asked again with the same bytes, Beast 1.74 would assert that more had come.
        if (ec || used == 0 || rest.size() == 0) break;
    }
    if (!parser.is_done()) parser.put_eof(ec);
    if (ec || !parser.is_done()) return fail(Code::protocol, "ends in the middle");
    return taken(std::move(parser));
} catch (const std::exception& e) {
    return fail(Code::protocol, e.what());
}

}  // namespace fairway::wmi
