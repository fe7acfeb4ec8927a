// See ways.hpp.
#include "engine/watch/ways.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace fairway::watch {
namespace {

std::string as_json(const News& news, const About& about, const Way&) {
    return print_json(message_json(news, about), -1) + "\n";
}

std::string as_mail(const News& news, const About& about, const Way& way) {
    return mail_text(news, about, way.address);
}

bool only_of(std::string_view text, std::string_view others) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return text::is_alnum(c) || others.find(c) != std::string_view::npos;
    });
}

tl::unexpected<Error> wrong(std::string_view what) { return fail(Code::bad_input, std::string(what)); }

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "::1" ||
           (host.starts_with("127.") && only_of(host, ".") && std::none_of(host.begin(), host.end(), text::is_letter));
}

// Host and port, "[::1]:8443".
Result<void> read_authority(std::string_view text, Url& out) {
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos) return wrong("its IPv6 address has no end");
        out.host = text.substr(1, end - 1);
        rest = text.substr(end + 1);
        if (!only_of(out.host, ":.")) return wrong("its IPv6 address is none");
    } else {
        const auto colon = text.find(':');
        out.host = text.substr(0, colon);
        rest = colon == text.npos ? std::string_view() : text.substr(colon);
        if (!only_of(out.host, "-.")) return wrong("it has no host, or one that is no name");
    }
    if (rest.empty()) return {};
    const auto port = rest.starts_with(':') ? text::number<std::uint16_t>(rest.substr(1)) : std::nullopt;
    if (!port || *port == 0) return wrong("its port is no number from 1 to 65535");
    out.port = *port;
    return {};
}

Result<void> read_webhook(std::string_view text, Way& way) {
    auto url = parse_url(text);
    if (!url) return tl::unexpected(url.error());
    way.url = std::move(*url);
    way.shown = fmt::format("webhook at {}", way.url.host);
    return {};
}

// Strict: what stands in it stands in a header, and sendmail takes it from there.
Result<void> read_mail(std::string_view text, Way& way) {
    const auto at = text.find('@');
    if (at == text.npos || text.size() > 254 || text.starts_with('-') || !only_of(text.substr(0, at), "._+-=") ||
        !only_of(text.substr(at + 1), "-."))
        return wrong("it is no plain address, like ops@corp.example");
    way.address = text;
    way.shown = fmt::format("mail to {}", text);
    return {};
}

Result<void> read_command(std::string_view text, Way& way) {
    if (text.starts_with('[')) {
        const auto json = parse_json(text, {.bytes = 65536, .depth = 2});
        const auto list = json ? texts_at(Json{{"command", *json}}, "command") : tl::unexpected(json.error());
        if (!list) return wrong(list.error().text);
        way.command = *list;
    } else {
        way.command = {std::string(text)};
    }
    const auto has_zero = [](const std::string& one) { return one.find('\0') != one.npos; };
    if (way.command.empty() || !way.command[0].starts_with('/') ||
        std::any_of(way.command.begin(), way.command.end(), has_zero))
        return wrong("it takes the full path of a program, or [\"/path\", \"argument\", …]");
    way.shown = fmt::format("command {}", way.command[0]);
    return {};
}

constexpr std::array rows = {
    WayRow{WayKind::webhook, "webhook", "URL", read_webhook, as_json},
    WayRow{WayKind::mail, "mail", "ADDRESS", read_mail, as_mail},
    WayRow{WayKind::command, "command", "PROGRAM", read_command, as_json},
};

// "webhook=URL, mail=ADDRESS, command=PROGRAM".
std::string words_of_ways() {
    std::vector<std::string> out;
    for (const WayRow& row : rows) out.push_back(fmt::format("{}={}", row.name, row.argument));
    return text::join(out, ", ");
}

}  // namespace

std::span<const WayRow> way_table() { return rows; }

Result<Url> parse_url(std::string_view text) {
    Url out;
    const std::string_view whole = text;
    if (text.starts_with("https://")) text.remove_prefix(8);
    else if (text.starts_with("http://")) text.remove_prefix(7), out.tls = false, out.port = 80;
    else return wrong("it is no URL that begins with https://");
    const auto slash = text.find_first_of("/?");
    const std::string_view path = slash == text.npos ? std::string_view() : text.substr(slash);
    if (!path.empty() && !only_of(path, "/?&=-._~%+:@!$'()*,;"))
        return wrong("its path has a character that must be written as %XX");
    if (whole.size() > 2048) return wrong("it is longer than 2048 bytes");
    if (auto read = read_authority(text.substr(0, slash), out); !read) return tl::unexpected(read.error());
    out.target = path.empty() || path[0] == '?' ? "/" + std::string(path) : std::string(path);
    if (!out.tls && !is_loopback(out.host))
        return wrong("without TLS a message goes to this machine alone (127.0.0.1); give an https:// URL");
    if (!out.tls && out.host == "localhost") out.host = "127.0.0.1";
    return out;
}

Result<Way> parse_way(const std::string& text) {
    const auto equals = text.find('=');
    const std::string_view name = std::string_view(text).substr(0, equals);
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const WayRow& one) { return one.name == name; });
    if (row == rows.end() || equals == text.npos) return wrong(fmt::format("--tell takes {}", words_of_ways()));
    const std::string_view value = std::string_view(text).substr(equals + 1);
    Way out{.row = &*row, .key = fmt::format("{}-{}", name, sha256(value).substr(0, 12)), .shown = {}};
    if (auto read = row->read(value, out); !read) return wrong(fmt::format("--tell {}: {}", name, read.error().text));
    return out;
}

std::string body_of(const Way& way, const News& news, const About& about) { return way.row->body(news, about, way); }

}  // namespace fairway::watch
