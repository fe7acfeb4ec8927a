// See challenge.hpp.
#include "providers/wmi/transport/challenge.hpp"

#include <algorithm>

#include "engine/base/text.hpp"

namespace fairway::wmi {
namespace {

constexpr std::size_t most_challenges = 16, longest_scheme = 40;

bool is_token_char(char c) {  // tchar of RFC 7230 section 3.2.6
    return text::is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string_view leading_token(std::string_view s) {
    return {s.begin(), std::find_if_not(s.begin(), s.end(), is_token_char)};
}

// Takes the next element of a list off its front. A comma inside a quoted string parts nothing.
std::string_view take_element(std::string_view& list) {
    bool quoted = false;
    std::size_t at = 0;
    for (; at < list.size() && (quoted || list[at] != ','); ++at) {
        if (list[at] == '"') quoted = !quoted;
        else if (quoted && list[at] == '\\') ++at;
    }
    const std::string_view element = list.substr(0, at);
    list.remove_prefix(std::min(at + 1, list.size()));
    return text::trim(element);
}

// name=value, with blanks around the sign or not; a token68 has its signs at its end only.
bool is_parameter(std::string_view s) {
    const std::string_view name = leading_token(s);
    const std::string_view rest = text::trim(s.substr(name.size()));
    return !name.empty() && rest.starts_with('=') && rest.find_first_not_of('=') != std::string_view::npos;
}

}  // namespace

std::vector<Challenge> read_challenges(std::string_view header) {
    std::vector<Challenge> out;
    while (!header.empty() && out.size() < most_challenges) {
        const std::string_view element = take_element(header);
        const std::string_view scheme = leading_token(element);
        const std::string_view rest = element.substr(scheme.size());
        const bool parted = rest.empty() || rest.front() == ' ' || rest.front() == '\t';
        // A parameter of the scheme before it: realm="x".
        if (scheme.empty() || scheme.size() > longest_scheme || !parted || is_parameter(element)) continue;
        const std::string_view behind = text::trim(rest);
        out.push_back({std::string(scheme), is_parameter(behind) ? std::string{} : std::string(behind)});
    }
    return out;
}

}  // namespace fairway::wmi
