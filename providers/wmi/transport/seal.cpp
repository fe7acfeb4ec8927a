// See seal.hpp. Facts: WMI-21 and WMI-22.
#include "providers/wmi/transport/seal.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <optional>

#include "engine/base/text.hpp"

namespace fairway::wmi::seal {
namespace {

constexpr std::string_view boundary = "Encrypted Boundary";
constexpr std::size_t most_header = 4096, most_padding = 64, most_line = 512;

auto broken(std::string_view why) {
    return fail(Code::protocol, fmt::format("a sealed answer of the host cannot be read: {}", why));
}

bool begins_folded(std::string_view s, std::string_view with) {
    return text::same_folded(s.substr(0, with.size()), with);
}

// "--Encrypted Boundary", or with a blank after the dashes (Exchange, and the specification's own sample).
bool is_boundary(std::string_view line, std::string_view tail) {
    if (!line.starts_with("--")) return false;
    line = text::trim(line.substr(2));
    return line.size() == boundary.size() + tail.size() && begins_folded(line, boundary) && line.ends_with(tail);
}

// Takes the lines in front of the binary part, one by one.
class Lines {
public:
    explicit Lines(std::string_view body) : rest_(body) {}

    std::optional<std::string_view> next() {
        const auto end = rest_.substr(0, most_line).find("\r\n");
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(end + 2);
        return line;
    }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

// "type=application/soap+xml;charset=UTF-8;Length=1234"
std::optional<std::size_t> length_in(std::string_view original, std::string_view& content) {
    constexpr std::string_view type = "type=", length = "length=";
    const auto semicolon = original.rfind(';');
    if (!begins_folded(original, type) || semicolon == std::string_view::npos) return std::nullopt;
    content = text::trim(original.substr(type.size(), semicolon - type.size()));
    const std::string_view field = text::trim(original.substr(semicolon + 1));
    if (!begins_folded(field, length)) return std::nullopt;
    return text::number<std::size_t>(field.substr(length.size()));
}

// The closing boundary stands at the very end; between it and what the header's length says is the data.
bool drop_end(std::string_view& rest) {
    while (rest.ends_with("\r\n")) rest.remove_suffix(2);
    for (const std::string_view dashes : {"--", "-- "}) {
        const std::size_t size = dashes.size() + boundary.size() + 2;
        if (rest.size() < size || !rest.substr(rest.size() - size).starts_with(dashes)) continue;
        if (!is_boundary(rest.substr(rest.size() - size), "--")) continue;
        rest.remove_suffix(size);
        return true;
    }
    return false;
}

}  // namespace

std::string_view protocol_of(std::string_view scheme) {
    return text::same_folded(scheme, "Kerberos") ? "application/HTTP-Kerberos-session-encrypted"
                                                 : "application/HTTP-SPNEGO-session-encrypted";
}

std::string content_type(std::string_view protocol) {
    return fmt::format("multipart/encrypted;protocol=\"{}\";boundary=\"{}\"", protocol, boundary);
}

bool is_sealed(std::string_view content_type) { return begins_folded(text::trim(content_type), "multipart/encrypted"); }

std::string frame(std::string_view protocol, std::size_t length, std::string_view header, std::string_view data) {
    std::string out = fmt::format(
        "--{0}\r\n\tContent-Type: {1}\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={2}\r\n"
        "--{0}\r\n\tContent-Type: application/octet-stream\r\n",
        boundary, protocol, length);
    out.reserve(out.size() + 4 + header.size() + data.size() + 32);
    const auto size = static_cast<std::uint32_t>(header.size());
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((size >> shift) & 0xff);  // little-endian
    return out.append(header).append(data).append("--").append(boundary).append("--\r\n");
}

Result<Unframed> unframe(std::string_view body, std::string_view content_type) {
    if (!is_sealed(content_type)) return broken("it is not multipart/encrypted");
    Lines lines(body);
    Unframed out;
    std::optional<std::size_t> length;
    const auto first = lines.next();
    if (!first || !is_boundary(*first, "")) return broken("it does not start with the boundary");
    for (auto line = lines.next();; line = lines.next()) {
        if (!line) return broken("it ends before its encrypted part");
        if (is_boundary(*line, "")) break;
        constexpr std::string_view original = "originalcontent:";
        const std::string_view field = text::trim(*line);
        if (begins_folded(field, original)) length = length_in(text::trim(field.substr(original.size())), out.content);
    }
    const auto octets = lines.next();
    if (!octets || !text::same_folded(text::trim(*octets), "content-type: application/octet-stream"))
        return broken("its second part is not application/octet-stream");
    if (!length) return broken("it does not say how long the message is");

    std::string_view rest = lines.rest();
    if (rest.size() < 4) return broken("it ends before its encrypted part");
    std::uint32_t header = 0;
    for (std::size_t i = 0; i < 4; ++i) header |= std::uint32_t{static_cast<unsigned char>(rest[i])} << (8 * i);
    rest.remove_prefix(4);
    if (!drop_end(rest)) return broken("its end is missing (was it cut?)");
    if (header == 0 || header > most_header || header > rest.size())
        return broken("its header has an impossible length");
    // The trailer of Kerberos stands in the header (rotated) or behind the data (OMI), padding behind the data.
    const std::size_t data = rest.size() - header;
    if (data<*length&& * length - data> most_padding) return broken("it is shorter than it says (was it cut?)");
    if (data > *length && data - *length > most_padding) return broken("it is longer than it says");
    out.sealed = rest;
    out.header = header;
    out.length = *length;
    return out;
}

}  // namespace fairway::wmi::seal
