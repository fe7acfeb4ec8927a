// See directory_name.hpp. RFC 4514 section 3, without steps of several values, quoted values and hexadecimal ones, of
// which Active Directory makes none.
#include "engine/model/directory_name.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

constexpr std::size_t longest = 2048, most_steps = 64;
constexpr std::string_view specials = "\"+,;<>=\\# ";

tl::unexpected<Error> wrong(std::string_view what) {
    return fail(Code::bad_input, fmt::format("is no distinguished name like OU=Hyper-V,DC=corp,DC=example: {}", what));
}

// One value, up to the comma behind it, which stays.
Result<std::string> value(std::string_view& rest) {
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    std::string out;
    std::size_t kept = 0;  // blanks behind this do not count
    if (rest.starts_with('#')) return wrong("a value that begins with # needs a backslash in front");
    while (!rest.empty() && rest.front() != ',') {
        if (rest.front() == '\\') {
            const int high = rest.size() > 2 ? text::hex_digit(rest[1]) : -1;
            const int low = high < 0 ? -1 : text::hex_digit(rest[2]);
            if (low >= 0) {
                out += static_cast<char>(high * 16 + low);
                rest.remove_prefix(3);
            } else if (rest.size() > 1 && specials.find(rest[1]) != std::string_view::npos) {
                out += rest[1];
                rest.remove_prefix(2);
            } else {
                return wrong("a backslash with nothing behind it that needs one");
            }
            kept = out.size();
            continue;
        }
        if (std::string_view("\"+;<>=").find(rest.front()) != std::string_view::npos)
            return wrong(fmt::format("`{}` in a value needs a backslash in front", rest.front()));
        out += rest.front();
        rest.remove_prefix(1);
        if (out.back() != ' ') kept = out.size();
    }
    out.resize(kept);
    if (out.empty()) return wrong("a step has no value");
    if (!text::is_clean_line(out)) return wrong("a control character, or bytes that are not UTF-8");
    return out;
}

Result<std::string> type(std::string_view& rest) {
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) return wrong("a step without `=`");
    const std::string_view out = text::trim(rest.substr(0, equals));
    const bool good = !out.empty() && out.size() <= 64 && std::all_of(out.begin(), out.end(), [](char c) {
        c = text::fold(c);
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (!good || (out.front() >= '0' && out.front() <= '9')) return wrong("OU, CN or DC must be in front of `=`");
    rest.remove_prefix(equals + 1);
    return std::string(out);
}

}  // namespace

Result<DirectoryName> parse_directory_name(std::string_view text) {
    if (text.size() > longest) return wrong(fmt::format("longer than {} characters", longest));
    DirectoryName out;
    for (std::string_view rest = text;; rest.remove_prefix(1)) {
        if (out.size() == most_steps) return wrong("too many steps");
        Result<std::string> kind = type(rest);
        if (!kind) return tl::unexpected(kind.error());
        Result<std::string> what = value(rest);
        if (!what) return tl::unexpected(what.error());
        out.push_back({std::move(*kind), std::move(*what)});
        if (rest.empty()) return out;
    }
}

std::string domain_of(const DirectoryName& name) {
    std::string out;
    for (auto step = name.rbegin(); step != name.rend() && text::same_folded(step->type, "DC"); ++step)
        out.insert(0, text::fold(step->value) + (out.empty() ? "" : "."));
    return out;
}

}  // namespace fairway
