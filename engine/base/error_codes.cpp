// See error_codes.hpp.
#include "engine/base/error_codes.hpp"

#include <algorithm>
#include <optional>

#include "engine/base/quoted.hpp"
#include "engine/base/text.hpp"

namespace fairway {
namespace {

bool in_word(char c) { return text::is_alnum(c) || std::string_view("-_.\\/%$@").find(c) != std::string_view::npos; }

std::optional<std::uint32_t> unsigned_code(std::string_view digits) {
    const auto number = text::number<std::uint64_t>(digits);
    return number && *number <= 0xffffffff ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

// A word as a code. `bare`: it may be any other number as well.
std::optional<std::uint32_t> code_of(std::string_view word, bool& bare) {
    bare = false;
    if (word.starts_with("0x") || word.starts_with("0X")) return text::number<std::uint32_t>(word.substr(2), 16);
    bare = true;
    if (word.starts_with("%%")) return unsigned_code(word.substr(2));
    if (word.starts_with('-')) {
        const auto number = text::number<std::int32_t>(word);
        return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
    }
    if (word.size() == 8) return text::number<std::uint32_t>(word, 16);
    return word.size() == 10 ? unsigned_code(word) : std::nullopt;
}

}  // namespace

std::vector<std::uint32_t> codes_in(std::string_view text, bool (*is_known)(std::uint32_t code)) {
    std::vector<std::uint32_t> out;
    for (std::size_t at = 0; at < text.size();) {
        // ('0x80070005') is a code all the same.
        const bool in_brackets = at > 0 && text[at - 1] == '(';
        if (const Quoted name = quoted_at(text, at); name.bytes > 0 && !in_brackets) {
            at += name.bytes;
            continue;
        }
        if (!in_word(text[at])) {
            ++at;
            continue;
        }
        auto end = at;
        while (end < text.size() && in_word(text[end])) ++end;
        std::string_view word = text.substr(at, end - at);
        at = end;
        while (word.ends_with('.')) word.remove_suffix(1);  // the end of a sentence
        bool bare = false;
        const auto code = code_of(word, bare);
        if (!code || *code == 0 || (bare && !is_known(*code))) continue;
        if (std::find(out.begin(), out.end(), *code) == out.end()) out.push_back(*code);
    }
    return out;
}

}  // namespace fairway
