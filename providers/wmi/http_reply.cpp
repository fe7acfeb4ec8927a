// See http_reply.hpp.
#include "providers/wmi/http_reply.hpp"

#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/wmi/base64.hpp"

namespace fairway::wmi {
namespace {

struct Row {
    unsigned status;
    Code means;
    std::string_view what;
};

constexpr std::array rows = {
    Row{403, Code::denied, "the host forbids it; the account needs Remote Management Users there"},
    Row{404, Code::protocol,
        "nothing called /wsman is there; is the WinRM service running and its listener on this port?"},
    Row{405, Code::protocol, "what answers there takes no POST; is another service on this port?"},
    Row{411, Code::protocol,
        "the host wants a length that was sent; something between us and the host changes requests"},
    Row{413, Code::unsupported, "the request is larger than the host takes; raise MaxEnvelopeSizekb there"},
    Row{415, Code::unsupported, "the host does not take this kind of message; it may insist on sealed ones"},
    Row{503, Code::unreachable, "the host is busy or its WinRM service is starting; try again later"},
};

bool begins_folded(std::string_view s, std::string_view with) {
    return text::same_folded(s.substr(0, with.size()), with);
}

bool is_html(const HttpReply& reply) {
    const std::string_view body = text::trim(reply.body);
    return begins_folded(reply.content_type, "text/html") || begins_folded(body, "<!doctype html") ||
           begins_folded(body, "<html");
}

bool may_hold_soap(unsigned status) {
    // 400 and 500 carry faults (sheet 6.1); any other error is HTTP's own.
    return (status >= 200 && status < 300) || status == 400 || status == 500;
}

std::string_view scheme_of(std::string_view challenge) {
    challenge = text::trim(challenge);
    return challenge.substr(0, challenge.find_first_of(" ,"));
}

}  // namespace

std::string offered(const HttpReply& reply) {
    std::vector<std::string> schemes;
    for (const std::string& challenge : reply.challenges) schemes.emplace_back(scheme_of(challenge));
    return schemes.empty() ? "nothing" : text::join(schemes, ", ");
}

Result<std::optional<std::string>> token_of(const HttpReply& reply, std::string_view scheme) {
    for (const std::string& challenge : reply.challenges) {
        if (!text::same_folded(scheme_of(challenge), scheme)) continue;
        const std::string_view rest = text::trim(text::trim(challenge).substr(scheme.size()));
        if (rest.empty()) continue;
        auto token = base64::decode(rest);
        if (!token) return fail(Code::protocol, fmt::format("the host's {} token is not base64", scheme));
        return token;
    }
    return std::nullopt;
}

Result<std::string> soap_text(HttpReply reply) {
    if (reply.status == 401)
        return fail(Code::denied, fmt::format("the host did not accept the sign-on (it offers: {}); check the account, "
                                              "its password and the authentication in the inventory",
                                              offered(reply)));
    for (const Row& row : rows)
        if (row.status == reply.status) return fail(row.means, fmt::format("HTTP {}: {}", reply.status, row.what));
    if (is_html(reply))
        return fail(Code::protocol, fmt::format("HTTP {} with a web page: something else than WinRM answers on this "
                                                "port, or a proxy stands between; check address and port",
                                                reply.status));
    if (!may_hold_soap(reply.status))
        return fail(Code::protocol,
                    fmt::format("HTTP {}, which no WS-Man server should answer; check address and port", reply.status));
    if (begins_folded(reply.content_type, "multipart/"))
        return fail(Code::unsupported, "the host answered with a sealed message to a plain request");
    if (text::trim(reply.body).empty())
        return fail(Code::protocol, fmt::format("HTTP {} with nothing in it{}", reply.status,
                                                reply.status == 400 || reply.status == 500
                                                    ? "; a host that insists on sealed messages answers like that"
                                                    : ""));
    return std::move(reply.body);
}

}  // namespace fairway::wmi
