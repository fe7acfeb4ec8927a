// See names.hpp.
#include "providers/ldap/wire/names.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"
#include "engine/model/directory_filter.hpp"

namespace fairway::ldap {

// RFC 4514 2.4: the specials wherever they stand, a blank or '#' in front, a blank at the end, NUL in hex.
std::string escape_dn_value(std::string_view value) {
    constexpr std::string_view special = "\"+,;<>\\=";
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        const bool edge_blank = c == ' ' && (i == 0 || i + 1 == value.size());
        if (c == '\0') {
            out += "\\00";
            continue;
        }
        if (special.find(c) != std::string_view::npos || edge_blank || (c == '#' && i == 0)) out += '\\';
        out += c;
    }
    return out;
}

std::string dn(std::span<const Rdn> steps, std::string_view base) {
    std::string out;
    for (const Rdn& step : steps) {
        if (!out.empty()) out += ',';
        out += step.type;
        out += '=';
        out += escape_dn_value(step.value);
    }
    if (!out.empty() && !base.empty()) out += ',';
    out += base;
    return out;
}

std::string naming_context(std::string_view domain) {
    const std::vector<std::string_view> labels = text::split(domain, '.');
    std::vector<Rdn> steps;
    steps.reserve(labels.size());
    for (std::string_view label : labels) steps.push_back({"DC", label});
    return dn(steps, "");
}

Filter Filter::present(std::string_view attribute) { return Filter(fmt::format("({}=*)", attribute)); }

Filter Filter::equal(std::string_view attribute, std::string_view value) {
    return Filter(fmt::format("({}={})", attribute, escaped_for_filter(value)));
}

Filter Filter::equal_bytes(std::string_view attribute, std::string_view bytes) {
    std::string value;
    for (const char c : bytes) value += fmt::format("\\{:02x}", static_cast<unsigned char>(c));
    return Filter(fmt::format("({}={})", attribute, value));
}

Filter Filter::begins(std::string_view attribute, std::string_view start) {
    return Filter(fmt::format("({}={}*)", attribute, escaped_for_filter(start)));
}

Filter Filter::joined(char sign, const std::vector<Filter>& parts) {
    std::string out = fmt::format("({}", sign);
    for (const Filter& part : parts) out += part.text_;
    return Filter(out + ")");
}

Filter Filter::at_least(std::string_view attribute, std::int64_t number) {
    return Filter(fmt::format("({}>={})", attribute, number));
}

Filter Filter::ordered(std::string_view attribute, std::string_view sign, std::string_view value) {
    return Filter(fmt::format("({}{}{})", attribute, sign, escaped_for_filter(value)));
}

Filter Filter::like(std::string_view attribute, std::span<const std::string> pieces) {
    std::string out = fmt::format("({}=", attribute);
    for (std::size_t i = 0; i < pieces.size(); ++i) out += (i ? "*" : "") + escaped_for_filter(pieces[i]);
    return Filter(out + ")");
}

Filter Filter::by_rule(std::string_view attribute, std::string_view rule, std::string_view value) {
    return Filter(fmt::format("({}:{}:={})", attribute, rule, escaped_for_filter(value)));
}

Filter Filter::not_of(const Filter& part) { return Filter("(!" + part.text_ + ")"); }

Filter Filter::all_of(const std::vector<Filter>& parts) { return joined('&', parts); }
Filter Filter::any_of(const std::vector<Filter>& parts) { return joined('|', parts); }

std::vector<Filter> any_of_each(std::span<const Filter> parts, std::size_t most) {
    std::vector<Filter> out;
    for (; !parts.empty(); parts = parts.subspan(std::min(most, parts.size()))) {
        const auto some = parts.first(std::min(most, parts.size()));
        out.push_back(Filter::any_of({some.begin(), some.end()}));
    }
    return out;
}

std::string account_name(std::string_view host) { return std::string(host) + "$"; }

Result<std::string> server_uri(std::string_view scheme, std::string_view host, unsigned port) {
    constexpr auto allowed = [](char c) { return text::is_alnum(c) || c == '.' || c == '-' || c == '_'; };
    const auto address = parse_address(host);
    if (address && address->v6) return fmt::format("{}://[{}]:{}", scheme, host, port);
    if (host.empty() || host.front() == '-' || !std::all_of(host.begin(), host.end(), allowed))
        return fail(Code::bad_input,
                    fmt::format("`{}` is no host name or address; list each directory server by itself", host));
    return fmt::format("{}://{}:{}", scheme, host, port);
}

}  // namespace fairway::ldap
