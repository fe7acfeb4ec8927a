// See directory_filter.hpp. RFC 4515 section 3, without approximate matches and matching of DN components, which Active
// Directory has not, and without attribute options, which it has no use for here.
#include "engine/model/directory_filter.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

using FilterKind = DirectoryFilter::Kind;

// LDAP_MATCHING_RULE_BIT_AND, _BIT_OR, _TRANSITIVE_EVAL.
constexpr std::array<std::string_view, 3> rules = {"1.2.840.113556.1.4.803", "1.2.840.113556.1.4.804",
                                                   "1.2.840.113556.1.4.1941"};
constexpr std::size_t longest_attribute = 64;

class Parser {
public:
    explicit Parser(std::string_view text) : all_(text), rest_(text) {}

    Result<DirectoryFilter> whole() {
        Result<DirectoryFilter> out = filter(1);
        if (out && !rest_.empty()) return wrong("has something behind its last parenthesis");
        return out;
    }

private:
    tl::unexpected<Error> wrong(std::string_view what) const {
        return fail(Code::bad_input, fmt::format("is no search filter (RFC 4515): {} at character {}", what,
                                                 all_.size() - rest_.size() + 1));
    }

    bool take(std::string_view token) {
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(token.size());
        return true;
    }

    Result<DirectoryFilter> filter(std::size_t depth) {
        if (depth > deepest_filter) return wrong("too many filters within each other");
        if (++parts_ > most_filter_parts) return wrong("too many parts");
        if (!take("(")) return wrong(rest_.starts_with(' ') ? "a blank where `(` is expected" : "`(` is expected");
        Result<DirectoryFilter> out = take("&")   ? joined(FilterKind::all_of, depth)
                                      : take("|") ? joined(FilterKind::any_of, depth)
                                      : take("!") ? negated(depth)
                                                  : comparison();
        if (out && !take(")")) return wrong("`)` is expected");
        return out;
    }

    Result<DirectoryFilter> joined(FilterKind kind, std::size_t depth) {
        DirectoryFilter out{.kind = kind};
        do {
            Result<DirectoryFilter> part = filter(depth + 1);
            if (!part) return part;
            out.parts.push_back(std::move(*part));
        } while (rest_.starts_with('('));
        return out;
    }

    Result<DirectoryFilter> negated(std::size_t depth) {
        Result<DirectoryFilter> part = filter(depth + 1);
        if (!part) return part;
        return DirectoryFilter{.kind = FilterKind::not_of, .parts = {std::move(*part)}};
    }

    Result<DirectoryFilter> comparison() {
        DirectoryFilter out;
        while (!rest_.empty() && (text::is_alnum(rest_.front()) || rest_.front() == '-')) {
            out.attribute += rest_.front();
            rest_.remove_prefix(1);
        }
        if (out.attribute.empty() || !text::is_letter(out.attribute.front()) ||
            out.attribute.size() > longest_attribute)
            return wrong("an attribute's name is expected");
        if (take(">=")) return with_value(std::move(out), FilterKind::at_least);
        if (take("<=")) return with_value(std::move(out), FilterKind::at_most);
        if (take("~=")) return wrong("`~=`, which Active Directory treats like `=`: write `=`");
        if (take(":")) return by_rule(std::move(out));
        if (!take("=")) return wrong("=, >=, <= or a rule is expected");
        return equality(std::move(out));
    }

    Result<DirectoryFilter> by_rule(DirectoryFilter out) {
        for (std::string_view rule : rules)
            if (take(std::string(rule) + ":=")) {
                out.rule = rule;
                return with_value(std::move(out), FilterKind::rule);
            }
        return wrong(fmt::format("one of the rules {} and `:=` is expected", fmt::join(rules, ", ")));
    }

    Result<DirectoryFilter> equality(DirectoryFilter out) {
        bool starred = false;
        do {
            Result<std::string> piece = value();
            if (!piece) return tl::unexpected(piece.error());
            out.pieces.push_back(std::move(*piece));
        } while (rest_.starts_with('*') && (starred = take("*")));
        const bool empty_within =
            out.pieces.size() > 2 && std::any_of(out.pieces.begin() + 1, out.pieces.end() - 1,
                                                 [](const std::string& piece) { return piece.empty(); });
        if (empty_within) return wrong("two asterisks side by side");
        out.kind = starred ? FilterKind::like : FilterKind::equal;
        if (!starred && out.pieces.front().empty()) return wrong("a value is expected");
        if (starred && out.pieces.size() == 2 && out.pieces[0].empty() && out.pieces[1].empty()) {
            out.kind = FilterKind::present;
            out.pieces.clear();
        }
        return out;
    }

    Result<DirectoryFilter> with_value(DirectoryFilter out, FilterKind kind) {
        Result<std::string> one = value();
        if (!one) return tl::unexpected(one.error());
        if (one->empty()) return wrong("a value is expected");
        out.kind = kind;
        out.pieces.push_back(std::move(*one));
        return out;
    }

    // Up to a parenthesis or an asterisk; a backslash and two hexadecimal digits are a byte.
    Result<std::string> value() {
        std::string out;
        while (!rest_.empty() && std::string_view("()*").find(rest_.front()) == std::string_view::npos) {
            if (rest_.front() == '\0') return wrong("NUL, which is written \\00");
            if (rest_.front() != '\\') {
                out += rest_.front();
                rest_.remove_prefix(1);
                continue;
            }
            const int high = rest_.size() > 2 ? text::hex_digit(rest_[1]) : -1;
            const int low = rest_.size() > 2 ? text::hex_digit(rest_[2]) : -1;
            if (high < 0 || low < 0) return wrong("a backslash without two hexadecimal digits behind it");
            out += static_cast<char>(high * 16 + low);
            rest_.remove_prefix(3);
        }
        return out;
    }

    std::string_view all_, rest_;
    std::size_t parts_ = 0;
};

}  // namespace

Result<DirectoryFilter> parse_directory_filter(std::string_view text) {
    if (text.size() > longest_filter)
        return fail(Code::bad_input, fmt::format("is longer than {} characters", longest_filter));
    return Parser(text).whole();
}

std::string escaped_for_filter(std::string_view value) {
    constexpr std::string_view special("*()\\\0", 5);
    std::string out;
    for (const char c : value)
        if (special.find(c) == std::string_view::npos) out += c;
        else out += fmt::format("\\{:02x}", static_cast<unsigned char>(c));
    return out;
}

}  // namespace fairway
