// One plain value against its shape: the traps of YAML (a yes that another reader takes for true, a number
// with a unit, a text that looks like a number) each get an answer that says what to write instead.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/policy/shape.hpp"

namespace fairway {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return text::same_folded(w, word); });
}

// The words that YAML 1.1 or 1.2 reads as a truth value.
constexpr std::array<std::string_view, 8> truths = {"true", "false", "yes", "no", "on", "off", "y", "n"};

// True if some YAML reader takes the plain text for a number: 7, 1.10, 0x1f, 1_000, 1e3, .inf, 22:30.
bool looks_like_number(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    if (text.empty()) return false;
    if (is_one_of(text, std::array<std::string_view, 2>{".inf", ".nan"})) return true;
    if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'o'))
        return std::all_of(text.begin() + 2, text.end(),
                           [](char c) { return digit(c) || (text::fold(c) >= 'a' && text::fold(c) <= 'f'); });
    if (!digit(text.front()) && !(text.front() == '.' && text.size() > 1 && digit(text[1]))) return false;
    std::size_t i = 0;
    const auto skip = [&](std::string_view also) {
        while (i < text.size() && (digit(text[i]) || also.find(text[i]) != std::string_view::npos)) ++i;
    };
    skip("_");
    if (i < text.size() && text[i] == ':') {  // base 60, in YAML 1.1
        skip(":");
        if (text.find("::") != std::string_view::npos) return false;
    }
    if (i < text.size() && text[i] == '.') ++i, skip("_");
    if (i < text.size() && text::fold(text[i]) == 'e') {
        ++i;
        if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
        skip("");
    }
    return i == text.size();
}

std::string text_complaint(const Node& node, const Shape& shape, std::string_view name) {
    const std::string& text = node.text;
    if (!shape.choices.empty()) {
        if (std::find(shape.choices.begin(), shape.choices.end(), text) != shape.choices.end()) return {};
        if (!shape.noun.empty()) return fmt::format("unknown {} `{}`", shape.noun, text);
        if (shape.choices.size() == 1)
            return fmt::format("`{}` must be `{}`, not `{}`", name, shape.choices.front(), text);
        return fmt::format("`{}` must be one of {}, not `{}`", name, fmt::join(shape.choices, ", "), text);
    }
    if (text::trim(text).empty()) return fmt::format("`{}` is empty: it must be {}", name, shape.what);
    if (!node.quoted && is_one_of(text, truths))
        return fmt::format("`{}` must be {}; some readers of YAML take {} for true or false: put it in quotes", name,
                           shape.what, text);
    if (!node.quoted && looks_like_number(text))
        return fmt::format("`{}` must be {}; some readers of YAML take {} for a number: put it in quotes", name,
                           shape.what, text);
    const std::string why = shape.check ? shape.check(text) : std::string();
    return why.empty() ? std::string() : fmt::format("`{}` {}", text, why);
}

std::string boolean_complaint(const Node& node, std::string_view name) {
    if (!node.quoted && (node.text == "true" || node.text == "false")) return {};
    if (node.quoted && (node.text == "true" || node.text == "false"))
        return fmt::format("`{}` must be true or false: write it without quotes", name);
    if (is_one_of(node.text, truths))
        return fmt::format("`{}` must be true or false: write true or false, not {}", name, node.text);
    return fmt::format("`{}` must be true or false, not `{}`", name, node.text);
}

// "from 0 to 1000 migrations"
std::string range(const Shape& shape) {
    return fmt::format("from {} to {}{}{}", shape.least, shape.most, shape.unit.empty() ? "" : " ", shape.unit);
}

std::string integer_complaint(const Node& node, const Shape& shape, std::string_view name) {
    const std::string& text = node.text;
    const bool negative = !text.empty() && text.front() == '-';
    const std::string_view unsigned_text = std::string_view(text).substr(negative ? 1 : 0);
    const auto end_of_digits = std::find_if_not(unsigned_text.begin(), unsigned_text.end(), digit);
    const auto digits = static_cast<std::size_t>(end_of_digits - unsigned_text.begin());
    const std::string_view rest = text::trim(unsigned_text.substr(digits));
    const bool plain = digits > 0 && rest.empty() && (digits == 1 || unsigned_text.front() != '0');
    if (plain && node.quoted) return fmt::format("`{}` must be a number: write {} without quotes", name, text);
    if (plain) {
        const auto value = fairway::text::number<std::int64_t>(text);
        if (value && *value >= shape.least && *value <= shape.most) return {};
        return fmt::format("`{}` must be {}, not {}", name, range(shape), text);
    }
    const bool unit = digits > 0 && !rest.empty() && std::all_of(rest.begin(), rest.end(), [](char c) {
                          return (text::fold(c) >= 'a' && text::fold(c) <= 'z') || c == '%';
                      });
    if (unit && text::fold(rest) == shape.unit)
        return fmt::format("`{}` counts {}: write {} alone", name, shape.unit, unsigned_text.substr(0, digits));
    if (unit) return fmt::format("`{}` must be a whole number {}; `{}` is no unit of it", name, range(shape), rest);
    return fmt::format("`{}` must be a whole number {}, not `{}`", name, range(shape), text);
}

}  // namespace

std::string scalar_complaint(const Node& node, const Shape& shape, std::string_view name) {
    switch (shape.form) {
        case Shape::Form::text: return text_complaint(node, shape, name);
        case Shape::Form::boolean: return boolean_complaint(node, name);
        case Shape::Form::integer: return integer_complaint(node, shape, name);
        default: return {};
    }
}

}  // namespace fairway
