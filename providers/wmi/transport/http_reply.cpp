// See http_reply.hpp. Facts: WMI-15, WMI-24 and WMI-94.
#include "providers/wmi/transport/http_reply.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/wmi/transport/base64.hpp"
#include "providers/wmi/transport/challenge.hpp"

namespace fairway::wmi {
namespace {

enum class Body { any, none, page, too_long };

struct StatusRow {
    unsigned status;  // 0: any
    Body body;
    std::optional<Sent> after;  // nothing: after whatever was sent
    Code means;
    std::string_view what;
};

constexpr std::string_view not_opened =
    "the host could not open our sealed message, or its security context for this connection is gone; try "
    "`authentication: negotiate` for this host, and keep the exchange with --record DIR if that fails as well";
constexpr std::string_view not_sealed = "a host that insists on sealed messages answers like that";
constexpr std::string_view not_understood =
    "the host could not read the sign-on; if the inventory says `authentication: kerberos`, try `negotiate`: some "
    "hosts "
    "take Kerberos tickets only that way, and `fairway probe` tries both";
constexpr std::string_view through_a_proxy =
    "a proxy is between us and the host and did not reach it; reach the host directly";

// The first row that fits. The pages are those of http.sys, which answers before WinRM sees the request.
constexpr std::array status_rows = {
    // WMI-24: http.sys takes 16 KB of headers unless the registry says otherwise.
    StatusRow{
        400,
        Body::too_long,
        {},
        Code::unsupported,
        "the headers are longer than the host takes (Request Too Long). An account in many groups has such a long "
        "Kerberos ticket: use one in fewer groups, or raise MaxFieldLength and MaxRequestBytes in "
        "HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters there and restart the host"},
    StatusRow{403, Body::any, {}, Code::denied, "the host forbids it; the account needs Remote Management Users there"},
    StatusRow{404,
              Body::any,
              {},
              Code::protocol,
              "nothing called /wsman is there; is the WinRM service running and its listener on this port?"},
    StatusRow{405, Body::any, {}, Code::protocol, "what answers there takes no POST; is another service on this port?"},
    StatusRow{407,
              Body::any,
              {},
              Code::protocol,
              "a proxy between us and the host wants a sign-on of its own; reach the host directly"},
    StatusRow{411,
              Body::any,
              {},
              Code::protocol,
              "the host wants a length that was sent; something between us and the host changes requests"},
    StatusRow{413,
              Body::any,
              {},
              Code::unsupported,
              "the request is larger than the host takes; raise MaxEnvelopeSizekb there"},
    StatusRow{415,
              Body::any,
              {},
              Code::unsupported,
              "the host does not take this kind of message; it may insist on sealed ones"},
    StatusRow{502, Body::any, {}, Code::unreachable, through_a_proxy},
    StatusRow{
        503, Body::any, {}, Code::unreachable, "the host is busy or its WinRM service is starting; try again later"},
    StatusRow{504, Body::any, {}, Code::unreachable, through_a_proxy},
    StatusRow{0,
              Body::page,
              {},
              Code::protocol,
              "a web page: something else than WinRM answers on this port, or a proxy is between; check address and "
              "port"},
    StatusRow{400, Body::none, Sent::sealed, Code::protocol, not_opened},
    StatusRow{500, Body::none, Sent::sealed, Code::protocol, not_opened},
    StatusRow{400, Body::none, Sent::plain, Code::protocol, not_sealed},
    StatusRow{500, Body::none, Sent::plain, Code::protocol, not_sealed},
    StatusRow{400, Body::none, Sent::token, Code::protocol, not_understood},
    StatusRow{500, Body::none, Sent::token, Code::protocol, not_understood},
};

bool begins_folded(std::string_view s, std::string_view with) {
    return text::same_folded(s.substr(0, with.size()), with);
}

bool is_page(const HttpReply& reply) {
    const std::string_view body = text::trim(reply.body);
    return begins_folded(reply.content_type, "text/html") || begins_folded(body, "<!doctype html") ||
           begins_folded(body, "<html");
}

bool fits(const StatusRow& row, const HttpReply& reply, Sent sent) {
    if ((row.status != 0 && row.status != reply.status) || (row.after && *row.after != sent)) return false;
    switch (row.body) {
        case Body::none: return text::trim(reply.body).empty();
        case Body::page: return is_page(reply);
        case Body::too_long: return is_page(reply) && text::matches("*too long*", reply.body);
        case Body::any: break;
    }
    return true;
}

bool may_hold_soap(unsigned status) {
    // 400 and 500 carry faults (WMI-15); any other error is HTTP's own.
    return is_success(status) || status == 400 || status == 500;
}

template <class Take>  // returns whether that was the one
void each_challenge(const HttpReply& reply, Take take) {
    for (const std::string& header : reply.challenges)
        for (const Challenge& challenge : read_challenges(header))
            if (take(challenge)) return;
}

}  // namespace

bool is_success(unsigned status) { return status >= 200 && status < 300; }

// "Sun, 06 Nov 1994 08:49:37 GMT", the form that servers must send.
std::optional<std::int64_t> date_of(const HttpReply& reply) {
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    constexpr std::size_t length = 29;
    const auto header = std::find_if(reply.headers.begin(), reply.headers.end(),
                                     [](const auto& one) { return text::same_folded(one.first, "Date"); });
    if (header == reply.headers.end()) return std::nullopt;
    const std::string_view date = header->second;
    if (date.size() != length || date.substr(25) != " GMT") return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t digits) {
        return text::number<int>(date.substr(at, digits)).value_or(-1);
    };
    const auto month = months.find(date.substr(8, 3));
    const int day = number(5, 2), year = number(12, 4), hour = number(17, 2), minute = number(20, 2),
              second = number(23, 2);
    if (month % 3 != 0 || day < 1 || year < 1970 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
    const std::chrono::year_month_day when{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!when.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return std::chrono::seconds(std::chrono::sys_days(when).time_since_epoch()).count() + hour * 3600 + minute * 60 +
           second;
}

std::string offered(const HttpReply& reply) {
    std::vector<std::string> schemes;
    each_challenge(reply, [&](const Challenge& challenge) {
        schemes.push_back(challenge.scheme);
        return schemes.size() == 16;
    });
    return schemes.empty() ? "nothing" : text::join(schemes, ", ");
}

Result<std::optional<std::string>> token_of(const HttpReply& reply, std::string_view scheme) {
    std::string text;
    each_challenge(reply, [&](const Challenge& challenge) {
        if (text::same_folded(challenge.scheme, scheme)) text = challenge.token;
        return !text.empty();
    });
    if (text.empty()) return std::nullopt;
    auto token = base64::decode(text);
    if (!token) return fail(Code::protocol, fmt::format("the host's {} token is not base64", scheme));
    return token;
}

std::optional<Error> refusal_in(const HttpReply& reply, Sent sent) {
    const auto row = std::find_if(status_rows.begin(), status_rows.end(),
                                  [&](const StatusRow& one) { return fits(one, reply, sent); });
    if (row != status_rows.end()) return Error{row->means, fmt::format("HTTP {}: {}", reply.status, row->what)};
    if (may_hold_soap(reply.status)) return std::nullopt;
    return Error{Code::protocol,
                 fmt::format("HTTP {}, which no WS-Man server should answer; check address and port", reply.status)};
}

Result<std::string> soap_text(HttpReply reply, Sent sent) {
    if (reply.status == 401)
        return fail(Code::denied, fmt::format("the host did not accept the sign-on (it offers: {}); check the account, "
                                              "its password and the authentication in the inventory",
                                              offered(reply)));
    if (auto refusal = refusal_in(reply, sent)) return tl::unexpected(std::move(*refusal));
    if (begins_folded(reply.content_type, "multipart/"))
        return fail(Code::unsupported, "the host answered with a sealed message to a plain request");
    if (text::trim(reply.body).empty())
        return fail(Code::protocol, fmt::format("HTTP {} with nothing in it", reply.status));
    return std::move(reply.body);
}

}  // namespace fairway::wmi
