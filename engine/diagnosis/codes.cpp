// See codes.hpp.
#include "engine/diagnosis/codes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "engine/base/text.hpp"
#include "engine/diagnosis/cause_table.hpp"
#include "engine/diagnosis/quoted.hpp"

namespace fairway {
namespace {

bool in_word(char c) { return text::is_alnum(c) || std::string_view("-_.\\/%$@").find(c) != std::string_view::npos; }

std::optional<std::uint32_t> unsigned_code(std::string_view digits) {
    const auto number = text::number<std::uint64_t>(digits);
    return number && *number <= 0xffffffff ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

// A word as a code. `known`: only one of the table counts.
std::optional<std::uint32_t> code_of(std::string_view word, bool& known) {
    known = false;
    if (word.starts_with("0x") || word.starts_with("0X")) return text::number<std::uint32_t>(word.substr(2), 16);
    known = true;
    if (word.starts_with("%%")) return unsigned_code(word.substr(2));
    if (word.starts_with('-')) {
        const auto number = text::number<std::int32_t>(word);
        return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
    }
    if (word.size() == 8) return text::number<std::uint32_t>(word, 16);
    return word.size() == 10 ? unsigned_code(word) : std::nullopt;
}

}  // namespace

std::vector<std::uint32_t> codes_in(std::string_view text) {
    std::vector<std::uint32_t> out;
    for (std::size_t at = 0; at < text.size();) {
        if (const Quoted name = quoted_at(text, at); name.bytes > 0) {
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
        bool known = false;
        const auto code = code_of(word, known);
        if (!code || *code == 0 || (known && !find_code(*code))) continue;
        if (std::find(out.begin(), out.end(), *code) == out.end()) out.push_back(*code);
    }
    return out;
}

std::vector<std::uint32_t> codes_of(const Event& event) {
    std::vector<std::uint32_t> out;
    const auto take = [&out](std::string_view text) {
        for (const std::uint32_t code : codes_in(text))
            if (std::find(out.begin(), out.end(), code) == out.end()) out.push_back(code);
    };
    for (const Event::Datum& datum : event.data) take(datum.value);
    take(event.message);
    return out;
}

std::string show_code(std::uint32_t code) {
    const CodeCause* row = find_code(code);
    return row ? fmt::format("0x{:08X} ({})", code, row->symbol) : fmt::format("0x{:08X}", code);
}

}  // namespace fairway
