// See quoted.hpp.
#include "engine/base/quoted.hpp"

#include <array>
#include <utility>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

// ' and ", and what German, English, French and Japanese texts have.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> quotes = {{{"'", "'"},
                                                                                  {"\"", "\""},
                                                                                  {"\u201e", "\u201c"},
                                                                                  {"\u201c", "\u201d"},
                                                                                  {"\u2018", "\u2019"},
                                                                                  {"\u00ab", "\u00bb"},
                                                                                  {"\u300c", "\u300d"}}};
constexpr std::size_t longest_name = 300;  // what is closed farther away was an apostrophe

}  // namespace

Quoted quoted_at(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at);
    const bool behind_letter = at > 0 && text::is_alnum(text[at - 1]);  // don't
    for (const auto& [open, close] : quotes) {
        if (!rest.starts_with(open) || (behind_letter && open == "'")) continue;
        const auto end = rest.find(close, open.size());
        if (end != std::string_view::npos && end < longest_name)
            return {rest.substr(open.size(), end - open.size()), end + close.size()};
    }
    return {};
}

std::vector<std::string_view> quoted_names(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < text.size();) {
        const Quoted one = quoted_at(text, at);
        if (one.bytes > 0) out.push_back(one.name);
        at += one.bytes > 0 ? one.bytes : 1;
    }
    return out;
}

}  // namespace fairway
