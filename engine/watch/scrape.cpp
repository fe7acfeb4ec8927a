// See scrape.hpp. RFC 9112, as far as a scraper needs it.
#include "engine/watch/scrape.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace fairway::watch {
namespace {

std::string reply(std::string_view status, std::string_view type, std::string_view body) {
    return fmt::format(
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n{}\r\n{}",
        status, type, body.size(), status.starts_with("405") ? "Allow: GET\r\n" : "", body);
}

std::string no(std::string_view status) { return reply(status, "text/plain", fmt::format("{}\n", status)); }

// A page of a browser that a stranger's name led here has that name in Host.
bool is_of_this_machine(std::string_view host) {
    if (host.starts_with('[')) host = host.substr(0, host.find(']') + 1);
    else host = host.substr(0, host.find(':'));
    return host == "127.0.0.1" || host == "[::1]" || text::same_folded(host, "localhost");
}

// The value of the one header Host; nothing: none, several, or a line that is no header.
std::optional<std::string_view> host_in(std::string_view headers) {
    std::optional<std::string_view> out;
    while (!headers.empty()) {
        const auto end = headers.find("\r\n");
        const std::string_view line = headers.substr(0, end);
        headers.remove_prefix(end == headers.npos ? headers.size() : end + 2);
        const auto colon = line.find(':');
        if (colon == 0 || colon == line.npos || line.find_first_of(" \t") < colon) return std::nullopt;
        if (!text::same_folded(line.substr(0, colon), "host")) continue;
        if (out) return std::nullopt;
        out = text::trim(line.substr(colon + 1));
    }
    return out;
}

}  // namespace

std::optional<std::string> answer_to(std::string_view request, const std::function<std::string()>& metrics) {
    const auto end = request.substr(0, most_request_bytes).find("\r\n\r\n");
    if (end == request.npos) {
        if (request.size() < most_request_bytes) return std::nullopt;
        return no("431 Request Header Fields Too Large");
    }
    const std::string_view head = request.substr(0, end);
    const auto first = std::min(head.find("\r\n"), head.size());
    const auto words = text::split(head.substr(0, first), ' ');
    if (words.size() != 3 || (words[2] != "HTTP/1.1" && words[2] != "HTTP/1.0")) return no("400 Bad Request");
    const auto host = host_in(head.substr(std::min(first + 2, head.size())));
    if (!host) return no("400 Bad Request");
    if (!is_of_this_machine(*host)) return no("403 Forbidden");
    if (words[1] != "/metrics") return no("404 Not Found");
    if (words[0] != "GET") return no("405 Method Not Allowed");
    return reply("200 OK", "text/plain; version=0.0.4; charset=utf-8", metrics());
}

}  // namespace fairway::watch
