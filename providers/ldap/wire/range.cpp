// See range.hpp.
#include "providers/ldap/wire/range.hpp"

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/ldap/wire/result.hpp"

namespace fairway::ldap {
namespace {

std::optional<std::size_t> bound(std::string_view text) {
    constexpr std::size_t most_digits = 9;
    return text.size() > most_digits ? std::nullopt : text::number<std::size_t>(text);
}

}  // namespace

Result<std::optional<Range>> parse_range(std::string_view name) {
    constexpr std::string_view option = "range=";
    const std::size_t semicolon = name.find(';');
    if (semicolon == std::string_view::npos) return std::optional<Range>();
    const auto broken = [&] {
        return fail(Code::protocol, fmt::format("`{}` is no range of an attribute's values", printable(name)));
    };
    const std::string_view behind = name.substr(semicolon + 1);
    // Other options (languages, binary) were not asked for.
    if (behind.size() <= option.size() || !text::same_folded(behind.substr(0, option.size()), option)) return broken();
    const std::string_view bounds = behind.substr(option.size());
    const std::size_t dash = bounds.find('-');
    if (dash == std::string_view::npos) return broken();
    const auto first = bound(bounds.substr(0, dash)), last = bound(bounds.substr(dash + 1));
    const bool open = bounds.substr(dash + 1) == "*";
    if (!first || (!open && (!last || *last < *first))) return broken();
    return std::optional<Range>({name.substr(0, semicolon), *first, open ? std::nullopt : last});
}

std::string ask_from(std::string_view attribute, std::size_t have) {
    return fmt::format("{};range={}-*", attribute, have);
}

Result<void> check_slice(const Range& range, std::size_t have, std::size_t count) {
    if (range.first != have)
        return fail(Code::protocol, fmt::format("{}: the slice from {} was asked for and the one from {} came",
                                                printable(range.attribute), have, range.first));
    if (range.last && *range.last - range.first + 1 != count)
        return fail(Code::protocol, fmt::format("{}: a slice of {} values holds {}", printable(range.attribute),
                                                *range.last - range.first + 1, count));
    return {};
}

}  // namespace fairway::ldap
