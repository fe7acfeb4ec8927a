// See markup.hpp.
#include "engine/forms/markup.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

namespace fairway::forms {
namespace {

constexpr std::size_t names_shown = 3;
constexpr std::size_t long_name = 63;  // of DNS

struct Entity {
    std::string_view from, to;
};

std::string replaced(std::string_view text, std::span<const Entity> entities) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto it = std::find_if(entities.begin(), entities.end(),
                                     [&](const Entity& one) { return text.substr(i).starts_with(one.from); });
        out += it == entities.end() ? text.substr(i, 1) : it->to;
        i += it == entities.end() ? 1 : it->from.size();
    }
    return out;
}

std::string base64_of_hex(std::string_view hex) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0, held = 0;
    for (const char c : hex) {
        bits = (bits << 4) | static_cast<unsigned>(text::hex_digit(c));
        held += 4;
        if (held < 6) continue;
        held -= 6;
        out += digits[(bits >> held) & 63u];
    }
    if (held > 0) out += digits[(bits << (6 - held)) & 63u];
    while (out.size() % 4 != 0) out += '=';
    return out;
}

std::string_view mark_of(std::string_view word) {
    if (word == "critical" || word == "forbidden") return "&#9650;&#9650;";
    if (word == "high") return "&#9650;";
    return word == "medium" ? "&#9670;" : "&#9679;";
}

}  // namespace

std::string escaped(std::string_view text) {
    // XML has not the last two (XML 1.0, section 2.2).
    constexpr std::array entities = {Entity{"&", "&amp;"},
                                     Entity{"<", "&lt;"},
                                     Entity{">", "&gt;"},
                                     Entity{"\"", "&quot;"},
                                     Entity{"'", "&#39;"},
                                     Entity{"\xef\xbf\xbe", "\\u{fffe}"},
                                     Entity{"\xef\xbf\xbf", "\\u{ffff}"}};
    return replaced(text::printable(text), entities);
}

std::string name_tag(std::string_view name) {
    return fmt::format(R"(<bdi class="name{}" dir="ltr" translate="no">{}</bdi>)",
                       name.size() > long_name ? " long" : "", escaped(name));
}

std::string code_tag(std::string_view text) { return fmt::format(R"(<code translate="no">{}</code>)", escaped(text)); }

std::string with_code(std::string_view sentence) {
    std::string out;
    bool code = false;
    for (const std::string_view part : text::split(sentence, '`')) {
        out += code ? code_tag(part) : escaped(part);
        code = !code;
    }
    return out;
}

std::string badge(std::string_view kind, std::string_view word) {
    return fmt::format(R"(<span class="badge {}-{}"><span aria-hidden="true" class="g">{}</span> {}</span>)",
                       escaped(kind), escaped(word), mark_of(word), escaped(word));
}

std::string name_tags(const std::vector<std::string>& names) {
    std::string first, all;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string one = name_tag(names[i]);
        if (i < names_shown) first += (i == 0 ? "" : " ") + one;
        all += (i == 0 ? "" : " ") + one;
    }
    if (names.size() <= names_shown)
        return names.size() <= 1 ? all : fmt::format("<strong>{}</strong> {}", names.size(), all);
    return fmt::format(R"(<details class="all"><summary><strong>{}</strong> {} <span class="more">and {} more</span>)"
                       R"(</summary><p class="names">{}</p></details>)",
                       names.size(), first, names.size() - names_shown, all);
}

std::string command_box(std::string_view command, std::string_view what) {
    std::string lines;
    for (const std::string_view line : text::split(command, '\n')) lines += (lines.empty() ? "" : "\n") + escaped(line);
    return fmt::format(R"(<div class="cmd"><pre tabindex="0" role="group" aria-label="{0}"><code translate="no">{1})"
                       R"(</code></pre><button type="button" class="copy" aria-label="Copy: {0}">Copy</button></div>)",
                       escaped(what), lines);
}

std::string bar(double share) {
    return fmt::format(R"(<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">)"
                       R"(<rect class="trk" width="100" height="8"/><rect width="{:.1f}" height="8"/></svg>)",
                       100 * std::clamp(share, 0.0, 1.0));
}

std::string hash_source(std::string_view content) { return fmt::format("'sha256-{}'", base64_of_hex(sha256(content))); }

std::string script_json(std::string json) {
    constexpr std::array entities = {Entity{"<", "\\u003c"}, Entity{">", "\\u003e"}, Entity{"&", "\\u0026"},
                                     Entity{"\u2028", "\\u2028"}, Entity{"\u2029", "\\u2029"}};
    return replaced(json, entities);
}

}  // namespace fairway::forms
