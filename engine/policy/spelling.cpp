// See spelling.hpp. NetBIOS and DNS names: MS-NBTE 2.2.1 and RFC 1123 section 2.1. Service principal names:
// MS-ADTS 2.2.21 (class/host, class/host:port, class/host/name).
#include "engine/policy/spelling.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <optional>

#include "engine/base/guid.hpp"
#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"
#include "engine/base/timestamp.hpp"
#include "engine/base/zone.hpp"
#include "engine/model/directory_filter.hpp"
#include "engine/model/directory_name.hpp"
#include "engine/model/name_form.hpp"
#include "engine/model/window.hpp"

namespace fairway::spelling {
namespace {

bool only(std::string_view text, std::string_view also) {
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return text::is_alnum(c) || also.find(c) != std::string_view::npos; });
}

bool digits_only(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), text::is_digit);
}

std::string identifier_check(std::string_view text) {
    if (text.size() <= 64 && text::is_alnum(text[0]) && only(text, "._-")) return {};
    return "is not a name: up to 64 letters, digits, dots, hyphens and underscores, a letter or digit first";
}

std::string host_pattern_check(std::string_view text) {
    return only(text, "-*?") ? "" : "is not a pattern of host names: letters, digits, hyphens, * and ?";
}

bool dns_labels(std::string_view text) {
    if (text.size() > 253) return false;
    const auto labels = text::split(text, '.');
    const auto good = [](std::string_view label) {
        return !label.empty() && label.size() <= 63 && only(label, "-_") && label.front() != '-' && label.back() != '-';
    };
    return std::all_of(labels.begin(), labels.end(), good) && !digits_only(labels.back());
}

// What DNS itself writes, and nobody's ticket or account is called by. Empty: it is not that.
std::string dot_at_the_end(std::string_view text) {
    const std::string_view without = text.substr(0, text.size() - (text.ends_with('.') ? 1 : 0));
    return without != text && dns_labels(without) ? fmt::format("ends with a dot: write `{}`", without) : std::string();
}

std::string dns_name_check(std::string_view text) {
    if (dns_labels(text) && text.find('.') != std::string_view::npos) return {};
    const std::string dot = dot_at_the_end(text);
    return dot.empty() ? "is not a full DNS name like hv01.corp.example" : dot;
}

// A host's account is called by 15 characters at most, whatever the host calls itself.
std::string host_name_check(std::string_view text) {
    constexpr std::size_t longest = 15;
    const std::string odd = host_name_oddity(text);
    // DNS writes a dot at the end, and the directory a dollar sign.
    if (!odd.empty() && (text.ends_with('.') || text.ends_with('$'))) {
        const std::string_view without = text.substr(0, text.size() - 1);
        const std::string rest = host_name_check(without);
        if (rest.empty()) return fmt::format("{}; write `{}`", odd, without);
        if (text.ends_with('.')) return rest;
    }
    const std::string_view label = text.substr(0, text.find('.')), name = label.substr(0, longest);
    if (odd.empty() || !host_name_oddity(name).empty() || !dns_labels(text)) return odd;
    if (label != text) return fmt::format("{}; write `{}`, and the full name as `dns: {}`", odd, name, text);
    return fmt::format(
        "{}; write what its account is called, `{}` if that is its beginning, and its full name as `dns`", odd, name);
}

std::string host_dns_check(std::string_view text) {
    if (parse_address(text))
        return "is an address, and neither a ticket nor a certificate can be had for one: give the host's name, and "
               "the "
               "address as `reach: {address: …}`";
    return dns_name_check(text);
}

std::string address_check(std::string_view text) {
    if (dns_labels(text) || parse_address(text)) return {};
    const std::string dot = dot_at_the_end(text);
    return dot.empty() ? "is neither a DNS name nor an IP address" : dot;
}

std::string network_check(std::string_view text) {
    const auto canonical = canonical_network(text);
    return canonical ? "" : canonical.error().text;
}

std::string principal_check(std::string_view text) {
    const auto at = text.find('@');
    const bool good = at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
                      text.find('@', at + 1) == std::string_view::npos && text.find(' ') == std::string_view::npos;
    return good ? "" : "is not a principal like fairway@CORP.EXAMPLE";
}

std::string service_name_check(std::string_view text) {
    if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return "holds a letter beyond ASCII: no client asks for such a name, and look-alikes are written so";
    if (text.find('\\') != std::string_view::npos)
        return "holds a backslash: write the name as the directory holds it, without escapes";
    if (!text::is_clean_line(text)) return "holds a control character";
    const auto parts = text::split(text, '/');
    const auto good = [&](std::string_view part) { return !part.empty() && text::trim(part) == part; };
    const bool shape = (parts.size() == 2 || parts.size() == 3) && std::all_of(parts.begin(), parts.end(), good) &&
                       parts[1].find(' ') == std::string_view::npos;
    if (const std::string dot = shape ? dot_at_the_end(parts[1]) : std::string(); !dot.empty())
        return fmt::format("names a host that {}, for no client asks otherwise", dot);
    return shape ? "" : "is not a service principal name: class/host, as in cifs/HV01 or cifs/hv01.corp.example";
}

std::string file_below_check(std::string_view text) {
    constexpr std::string_view advice =
        ": name a file in the folder of this one or in one below it, as in rules/common.yaml";
    if (text.empty() || text.ends_with('/')) return "names no file";
    if (!text::is_clean_line(text)) return "holds a control character";
    if (text.starts_with('/')) return fmt::format("begins at the root{}", advice);
    for (const std::string_view part : text::split(text, '/'))
        if (part == "..") return fmt::format("leads out of the folder{}", advice);
    return {};
}

// sAMAccountName: what MS-SAMR 3.1.1.6 and the tools forbid, and `@`, which begins the domain here.
std::string account_check(std::string_view text) {
    const auto at = text.find('@');
    const std::string_view account = text.substr(0, at);
    // A tab behind the `@` is a mistake of the domain, which is reported below.
    const bool clean = text::is_clean_utf8(text) && text::is_clean_line(account) &&
                       account.find_first_of("\"/\\[]:;|=,+*?<>") == account.npos;
    if (!clean || account.empty() || account.size() > 256 || text::trim(account) != account)
        return "is not the name of an account, as in HV01$ (a computer's ends in a dollar sign)";
    if (at == std::string_view::npos) return {};
    const std::string_view domain = text.substr(at + 1);
    if (!dns_labels(domain) || text::fold(domain) != domain)
        return "names no domain behind the `@`: a full DNS name in lower case, as in HV01$@other.example";
    return {};
}

std::string service_pattern_check(std::string_view text) {
    if (!text::is_clean_line(text) || text.find('\\') != std::string_view::npos)
        return "holds a backslash or a control character, and no service principal name does";
    if (text.find('/') == std::string_view::npos && text != "*")
        return "is not a pattern of service principal names: class/host with * and ?, as in ldap/*";
    return {};
}

std::string directory_name_check(std::string_view text) {
    const auto name = parse_directory_name(text);
    return name ? "" : name.error().text;
}

std::string directory_filter_check(std::string_view text) {
    const auto filter = parse_directory_filter(text);
    return filter ? "" : filter.error().text;
}

// Digits alone, or every pair but the last followed by a colon; in lower case, or nothing.
std::string hexadecimal(std::string_view text) {
    const bool colons = text.find(':') != std::string_view::npos;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text::fold(text[i]);
        if (colons && i % 3 == 2) {
            if (c != ':' || i + 1 == text.size()) return {};
        } else if (text::hex_digit(c) >= 0) {
            out += c;
        } else {
            return {};
        }
    }
    return out.size() % 2 == 0 ? out : std::string();
}

std::string fingerprint_check(std::string_view text) {
    constexpr std::size_t sha1_digits = 40;
    if (!canonical_fingerprint(text).empty()) return {};
    constexpr std::string_view how = "`openssl x509 -noout -fingerprint -sha256 -in FILE` prints it";
    if (hexadecimal(text).size() == sha1_digits)
        return fmt::format("is a SHA-1 thumbprint, as Windows shows it, and SHA-256 is needed: {}", how);
    return fmt::format("is not a SHA-256 fingerprint, 64 hexadecimal digits or 32 pairs with colons: {}", how);
}

std::string timestamp_check(std::string_view text) {
    const auto time = parse_timestamp(text);
    return time ? "" : time.error().text;
}

std::string zone_check(std::string_view text) {
    const auto known = is_zone(std::string(text));
    return known ? "" : known.error().text;
}

std::string percent_check(std::string_view text) {
    const bool good = text.size() >= 2 && text.size() <= 4 && text.back() == '%' &&
                      digits_only(text.substr(0, text.size() - 1)) && (text.size() < 4 || text == "100%") &&
                      (text.size() == 2 || text.front() != '0');
    return good ? "" : "is not a share from 0% to 100%";
}

// The network that an address lies in: the bits beyond the prefix cleared.
Subnet around(IpAddress address, int prefix) {
    for (int bit = prefix; bit < (address.v6 ? 128 : 32); ++bit) {
        auto& byte = address.bytes[static_cast<std::size_t>(bit / 8)];
        byte = static_cast<std::uint8_t>(byte & ~(0x80 >> (bit % 8)));
    }
    return {address, static_cast<std::uint8_t>(prefix)};
}

Result<Subnet> subnet(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return fail(Code::bad_input, "is not a network like 10.20.0.0/24 or fd00:20::/64");
    const int longest = address->v6 ? 128 : 32;
    if (slash == std::string_view::npos)
        return fail(Code::bad_input,
                    fmt::format("has no prefix: write {}/{} if this one address is meant", show(*address), longest));
    const auto prefix = text::number<int>(text.substr(slash + 1));
    if (!prefix || *prefix < 0 || *prefix > longest)
        return fail(Code::bad_input, fmt::format("has no prefix from 0 to {}", longest));
    const Subnet network = around(*address, *prefix);
    if (network.base != *address)
        return fail(Code::bad_input, fmt::format("has host bits set: the network is {}", show(network)));
    if (*prefix == 0) return fail(Code::bad_input, "is every network: write `any` for all of IPv4 and IPv6");
    return network;
}

std::string guid_check(std::string_view text) {
    return is_guid(text) ? "" : "is not a GUID like 6d1f6a52-3c0e-4e6b-9c6e-0f1a1dca9a01, without braces";
}

}  // namespace

// No look-ahead in the patterns: not every reader of schemas has it. Constant from the start, since other
// other files' tables are made from these.
constinit const Rule identifier{identifier_check, "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"};
constinit const Rule host_name{host_name_check, "^[A-Za-z0-9-]{1,15}$"};
constinit const Rule host_pattern{host_pattern_check, "^[A-Za-z0-9*?-]+$"};
constinit const Rule dns_name{dns_name_check, "^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+$"};
constinit const Rule host_dns{host_dns_check, "^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+$"};
constinit const Rule address{address_check, "^[A-Za-z0-9._:-]+$"};
constinit const Rule network{network_check, "^[0-9A-Fa-f:.]+/[0-9]{1,3}( metric [0-9]+)?$"};
constinit const Rule principal{principal_check, "^[^@ ]+@[^@ ]+$"};
constinit const Rule service_name{service_name_check, "^[^/\\\\]+/[^/ \\\\]+(/[^/\\\\]+)?$"};
constinit const Rule account{account_check,
                             "^[^@\"/\\\\\\[\\]:;|=,+*?<>]{1,256}(@[a-z0-9_-]{1,63}([.][a-z0-9_-]{1,63})*)?$"};
constinit const Rule service_pattern{service_pattern_check, "^([*]|[^/\\\\]*/[^\\\\]*)$"};
constinit const Rule directory_name{directory_name_check, "^[A-Za-z][A-Za-z0-9-]* *=.+$"};
constinit const Rule directory_filter{directory_filter_check, "^[(].+[)]$"};
constinit const Rule fingerprint{fingerprint_check, "^([0-9A-Fa-f]{64}|([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2})$"};
constinit const Rule timestamp{
    timestamp_check,
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"};
constinit const Rule window_end{
    window_end_oddity,
    "^([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})|[A-Za-z]+ "
    "[0-9]{2}:[0-9]{2})$"};
constinit const Rule zone{zone_check, "^[A-Za-z0-9_+/-]+$"};
constinit const Rule file_below{file_below_check, "^[^/].*$"};
constinit const Rule guid{guid_check, "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"};
constinit const Rule percent{percent_check, "^(100|[1-9]?[0-9])%$"};

std::string canonical_fingerprint(std::string_view text) {
    constexpr std::size_t sha256_digits = 64;
    std::string digits = hexadecimal(text);
    return digits.size() == sha256_digits ? digits : std::string();
}

Result<std::string> canonical_network(std::string_view text) {
    constexpr std::string_view metric_word = "metric ";
    const auto blank = text.find(' ');
    const auto base = subnet(text.substr(0, blank));
    if (!base) return tl::unexpected(base.error());
    if (blank == std::string_view::npos) return show(*base);
    std::string_view rest = text.substr(blank + 1);
    const bool metric = rest.substr(0, metric_word.size()) == metric_word;
    const auto value = metric ? text::number<std::uint32_t>(rest.substr(metric_word.size())) : std::nullopt;
    if (!value) return fail(Code::bad_input, "has something behind the network that is not ` metric N`");
    return fmt::format("{} metric {}", show(*base), *value);
}

}  // namespace fairway::spelling
