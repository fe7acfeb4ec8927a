// What is written into filters and names, read back by readers of their own that know the grammars (RFC 4515
// section 3, RFC 4514 section 3) and nothing of the writers. The input is a length, a value of that length, another.
#include <optional>

#include "engine/base/text.hpp"
#include "providers/ldap/wire/names.hpp"
#include "tests/fuzz/law.hpp"

using namespace fairway;
using fairway::fuzz::law;

namespace {

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<char> hexpair(std::string_view text) {
    if (text.size() < 2 || digit(text[0]) < 0 || digit(text[1]) < 0) return std::nullopt;
    return static_cast<char>(digit(text[0]) * 16 + digit(text[1]));
}

struct Node {
    char sign = 0;  // & | = *
    std::string attribute, value;
    std::vector<Node> parts;
    bool operator==(const Node&) const = default;
};

// RFC 4515: filter = "(" ( "&" *filter / "|" *filter / attr "=" assertionvalue / attr "=*" ) ")"
std::optional<Node> read_filter(std::string_view& in) {
    if (!in.starts_with('(')) return std::nullopt;
    in.remove_prefix(1);
    Node out;
    if (in.starts_with('&') || in.starts_with('|')) {
        out.sign = in.front();
        in.remove_prefix(1);
        while (in.starts_with('(')) {
            auto part = read_filter(in);
            if (!part) return std::nullopt;
            out.parts.push_back(std::move(*part));
        }
    } else {
        while (!in.empty() && in.front() != '=') out.attribute += in.front(), in.remove_prefix(1);
        if (in.empty()) return std::nullopt;
        in.remove_prefix(1);
        out.sign = in.starts_with("*)") ? '*' : '=';
        if (out.sign == '*') in.remove_prefix(1);
        while (!in.empty() && in.front() != ')') {
            // Other than NUL, the parentheses, the asterisk and the backslash, or escaped.
            if (in.front() == '\0' || in.front() == '(' || in.front() == '*') return std::nullopt;
            if (in.front() != '\\') {
                out.value += in.front();
                in.remove_prefix(1);
                continue;
            }
            const auto byte = hexpair(in.substr(1));
            if (!byte) return std::nullopt;
            out.value += *byte;
            in.remove_prefix(3);
        }
    }
    if (!in.starts_with(')')) return std::nullopt;
    in.remove_prefix(1);
    return out;
}

using Step = std::pair<std::string, std::string>;

// RFC 4514: string = [ ( leadchar / pair ) [ *( stringchar / pair ) ( trailchar / pair ) ] ]
std::optional<std::string> read_value(std::string_view& in) {
    std::string out;
    bool blank_behind = false;
    for (bool first = true; !in.empty() && in.front() != ','; first = false) {
        const char c = in.front();
        blank_behind = c == ' ';
        if (c == '\\') {
            constexpr std::string_view pairs = "\\\"+,;<> #=";
            const auto byte = hexpair(in.substr(1));
            if (byte) out += *byte, in.remove_prefix(3);
            else if (in.size() > 1 && pairs.find(in[1]) != std::string_view::npos) out += in[1], in.remove_prefix(2);
            else return std::nullopt;
            continue;
        }
        constexpr std::string_view never("\"+;<>\0", 6);
        if (never.find(c) != std::string_view::npos || (first && (c == ' ' || c == '#'))) return std::nullopt;
        out += c;
        in.remove_prefix(1);
    }
    if (blank_behind) return std::nullopt;
    return out;
}

std::optional<std::vector<Step>> read_dn(std::string_view in) {
    std::vector<Step> out;
    while (!in.empty()) {
        const auto equals = in.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        const std::string type(in.substr(0, equals));
        in.remove_prefix(equals + 1);
        auto value = read_value(in);
        if (!value) return std::nullopt;
        out.emplace_back(type, std::move(*value));
        if (in.empty()) break;
        in.remove_prefix(1);
        if (in.empty()) return std::nullopt;
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    std::string_view input = fuzz::text_of(data, size);
    if (input.empty()) return 0;
    const std::size_t length = std::min<std::size_t>(static_cast<unsigned char>(input[0]), input.size() - 1);
    const std::string one(input.substr(1, length)), other(input.substr(1 + length));

    using ldap::Filter;
    const Filter filter =
        Filter::all_of({Filter::equal("a", one), Filter::any_of({Filter::equal("b", other), Filter::present("c")}),
                        Filter::all_of({})});
    std::string_view text = filter.text();
    const auto read = read_filter(text);
    const Node wanted{
        '&',
        "",
        "",
        {{'=', "a", one, {}}, {'|', "", "", {{'=', "b", other, {}}, {'*', "c", "", {}}}}, {'&', "", "", {}}}};
    law(read && text.empty() && *read == wanted, "a filter asks for the values that it was made of");

    const ldap::Rdn steps[] = {{"CN", one}, {"OU", other}};
    const std::vector<Step> names = {{"CN", one}, {"OU", other}, {"DC", "corp"}};
    law(read_dn(ldap::dn(steps, "DC=corp")) == names, "a name is made of the values that it was made of");
    std::vector<Step> labels;
    for (const std::string_view label : text::split(one, '.')) labels.emplace_back("DC", label);
    law(read_dn(ldap::naming_context(one)) == labels, "a naming context has a step for each label");

    if (const auto uri = ldap::server_uri("ldap", one, 389))
        law(uri->starts_with("ldap://") && uri->ends_with(":389") &&
                uri->find_first_of(" ,/?%@", 7) == std::string::npos,
            "a server is one host and nothing else");
    return 0;
}
