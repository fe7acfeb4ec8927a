// The frame, as Windows writes it (HT before the inner headers), and as strictly as it is known to work there.
#include "seal.hpp"

#include <charconv>
#include <cstdint>

#include "cim.hpp"

namespace lab {
namespace {

using Text = tl::expected<std::string, std::string>;

constexpr std::string_view kBoundary = "--Encrypted Boundary";
constexpr std::size_t kSignature = 16;  // of NTLM [MS-NLMP 2.2.2.9]

std::string protocol_of(std::string_view scheme) {
    return same_name(scheme, "Kerberos") ? "application/HTTP-Kerberos-session-encrypted"
                                         : "application/HTTP-SPNEGO-session-encrypted";
}

tl::unexpected<std::string> wrong(std::string_view why) { return tl::unexpected(std::string(why)); }

// Takes one line off the front; the inner headers may be indented, with HT, a blank or nothing.
std::optional<std::string_view> take_line(std::string_view& rest) {
    const auto end = rest.find("\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    auto line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    while (!line.empty() && (line.front() == '\t' || line.front() == ' ')) line.remove_prefix(1);
    return line;
}

bool expect_line(std::string_view& rest, std::string_view wanted) {
    const auto line = take_line(rest);
    return line && *line == wanted;
}

std::optional<std::size_t> read_length(std::string_view line) {
    constexpr std::string_view kLength = ";Length=";
    const auto at = line.find(kLength);
    if (!line.starts_with("OriginalContent:") || at == std::string_view::npos) return std::nullopt;
    const auto digits = line.substr(at + kLength.size());
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return length;
}

std::uint32_t from_little_endian(std::string_view bytes) {
    std::uint32_t number = 0;
    for (std::size_t i = 4; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[i]);
    return number;
}

std::string to_little_endian(std::uint32_t number) {
    std::string bytes;
    for (int i = 0; i < 4; ++i, number >>= 8) bytes += static_cast<char>(number & 0xFF);
    return bytes;
}

// RFC 4121 4.2.6.2: a wrap token whose trailer is rotated to the front, so that the data stands alone.
// A token that is not rotated could be decrypted here, but nobody has seen a Windows host take it.
bool is_rotated(std::string_view header) {
    if (header.size() < 32 || header[0] != 5 || header[1] != 4) return false;
    const auto high = static_cast<std::size_t>(static_cast<unsigned char>(header[6]));
    const auto rotation = high << 8 | static_cast<unsigned char>(header[7]);
    return rotation + 32 == header.size();
}

}  // namespace

bool is_sealed(std::string_view content_type) { return content_type.starts_with("multipart/encrypted"); }

Text unseal(gss_ctx_id_t context, std::string_view scheme, const HttpBody& sealed) {
    const auto protocol = protocol_of(scheme);
    if (context == GSS_C_NO_CONTEXT) return wrong("sealed, but this connection has no context");
    if (sealed.content_type.find("protocol=\"" + protocol + "\"") == std::string::npos) {
        return wrong("the protocol does not go with the scheme: " + sealed.content_type);
    }
    std::string_view rest = sealed.text;
    if (!expect_line(rest, kBoundary) || !expect_line(rest, "Content-Type: " + protocol)) {
        return wrong("the first part's head is wrong");
    }
    const auto original = take_line(rest);
    const auto length = original ? read_length(*original) : std::nullopt;
    if (!length) return wrong("OriginalContent has no Length");
    if (!expect_line(rest, kBoundary) || !expect_line(rest, "Content-Type: application/octet-stream")) {
        return wrong("the second part's head is wrong");
    }
    if (rest.size() < 4) return wrong("no length of the header");
    const std::size_t header = from_little_endian(rest);
    rest.remove_prefix(4);
    if (header > rest.size() || *length > rest.size() - header) return wrong("cut short");
    const SealedParts parts{std::string(rest.substr(0, header)), std::string(rest.substr(header, *length))};
    rest.remove_prefix(header + *length);
    if (rest != std::string(kBoundary) + "--\r\n") return wrong("the end is wrong");
    if (!is_ntlm(context) && !is_rotated(parts.header)) return wrong("the token's trailer is not in front");
    if (is_ntlm(context) && header != kSignature) return wrong("the signature has not 16 bytes");
    return unwrap(context, parts);
}

tl::expected<HttpBody, std::string> seal(gss_ctx_id_t context, std::string_view scheme, std::string plain) {
    const auto length = plain.size();
    const auto parts = wrap(context, std::move(plain));
    if (!parts) return tl::unexpected(parts.error());
    const auto protocol = protocol_of(scheme);
    HttpBody body{"multipart/encrypted;protocol=\"" + protocol + "\";boundary=\"Encrypted Boundary\"", {}};
    auto& text = body.text;
    text.append(kBoundary).append("\r\n\tContent-Type: ").append(protocol);
    text.append("\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=");
    text.append(std::to_string(length)).append("\r\n").append(kBoundary);
    text.append("\r\n\tContent-Type: application/octet-stream\r\n");
    text.append(to_little_endian(static_cast<std::uint32_t>(parts->header.size())));
    text.append(parts->header).append(parts->data).append(kBoundary).append("--\r\n");
    return body;
}

}  // namespace lab
