// See ntlm.hpp. Whoever is between can change a CHALLENGE. The client's answer covers all three messages with a code
// (the MIC) only if the server sent its time along (3.1.5.1.2), so a message without one names nothing here.
#include "providers/sign_on/ntlm.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>

#include "engine/base/text.hpp"

namespace fairway::ntlm {
namespace {

constexpr std::string_view signature{"NTLMSSP\0", 8};
constexpr std::size_t target_name_at = 12, flags_at = 20, target_info_at = 40, payload_from = 48;          // 2.2.1.2
constexpr std::uint32_t has_target_info = 0x00800000, of_a_domain = 0x00010000, of_a_server = 0x00020000;  // 2.2.2.5
constexpr std::size_t most_message = 16384, most_pairs = 32, most_name = 255;
enum Id : std::uint16_t { end = 0, dns_computer = 3, dns_domain = 4, timestamp = 7 };  // 2.2.2.1

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint32_t out = 0;
    for (std::size_t i = size; i-- > 0;) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
    return out;
}

using Pairs = std::map<std::uint16_t, std::string_view>;

// AV_PAIRs up to the one that ends them. Empty: one does not fit, or comes twice, or there is no end.
std::optional<Pairs> read_pairs(std::string_view bytes) {
    Pairs out;
    while (bytes.size() >= 4 && out.size() < most_pairs) {
        const auto id = static_cast<std::uint16_t>(number(bytes, 0, 2));
        const std::size_t size = number(bytes, 2, 2);
        bytes.remove_prefix(4);
        if (id == end) return size == 0 ? std::optional(out) : std::nullopt;
        if (size > bytes.size() || !out.emplace(id, bytes.substr(0, size)).second) return std::nullopt;
        bytes.remove_prefix(size);
    }
    return std::nullopt;
}

bool is_of_name(char c) { return text::is_alnum(c) || c == '-' || c == '_' || c == '.'; }

// UTF-16LE that is a DNS name of ASCII with at least one dot; folded. Empty: it is none.
std::string name_of(std::string_view utf16) {
    if (utf16.size() % 2 != 0 || utf16.size() > 2 * most_name) return {};
    std::string out;
    for (std::size_t i = 0; i < utf16.size(); i += 2) {
        if (utf16[i + 1] != '\0' || !is_of_name(utf16[i])) return {};
        out += utf16[i];
    }
    const bool whole = !out.empty() && out.front() != '.' && out.back() != '.' && out.find("..") == out.npos;
    return whole && out.find('.') != out.npos ? text::fold(out) : std::string{};
}

}  // namespace

std::string domain_of(std::string_view challenge) {
    if (challenge.size() < payload_from || challenge.size() > most_message || !challenge.starts_with(signature) ||
        number(challenge, signature.size(), 4) != 2)
        return {};
    const std::uint32_t flags = number(challenge, flags_at, 4);
    if ((flags & has_target_info) == 0 || (flags & (of_a_domain | of_a_server)) != of_a_domain) return {};
    const std::size_t size = number(challenge, target_info_at, 2), at = number(challenge, target_info_at + 4, 4);
    if (at < payload_from || at > challenge.size() || size > challenge.size() - at) return {};
    const auto pairs = read_pairs(challenge.substr(at, size));
    if (!pairs || !pairs->contains(timestamp) || pairs->at(timestamp).size() != 8 || !pairs->contains(dns_domain))
        return {};
    std::string domain = name_of(pairs->at(dns_domain));
    const bool itself = pairs->contains(dns_computer) && name_of(pairs->at(dns_computer)) == domain;
    return itself ? std::string{} : domain;
}

bool names_what_it_says(std::string_view token) {
    for (auto at = token.find(signature); at != token.npos; at = token.find(signature, at + 1)) {
        const std::string_view message = token.substr(at);
        if (message.size() < flags_at + 4 || number(message, signature.size(), 4) != 2) continue;
        const bool says = (number(message, flags_at, 4) & (of_a_domain | of_a_server)) != 0;
        if (says && number(message, target_name_at, 2) == 0) return false;
    }
    return true;
}

}  // namespace fairway::ntlm
