// See lasting.hpp.
#include "engine/cli/lasting.hpp"

#include <fmt/format.h>

#include "engine/base/duration.hpp"
#include "engine/base/text.hpp"

namespace fairway::cli {

Result<Lasting> lasting_wish(const Request& request) {
    constexpr std::int64_t shortest = 60, longest = 24 * 3600;
    constexpr std::size_t longest_reason = 500;
    for (const std::string_view option : {"for", "reason"})
        if (!request.has(option))
            return fail(Code::bad_input, fmt::format("break-glass needs --{}; `fairway help break-glass`", option));
    const auto lasts = parse_duration(request.get("for"));
    if (!lasts || *lasts < shortest || *lasts > longest)
        return fail(Code::bad_input, fmt::format("--for takes a time from 1m to 24h, like 45m or 1h30m, not `{}`",
                                                 text::printable(request.get("for"))));
    const std::string reason(text::trim(request.get("reason")));
    if (reason.empty() || reason.size() > longest_reason || !text::is_clean_line(reason))
        return fail(
            Code::bad_input,
            fmt::format("--reason takes one line of at most {} bytes, without control characters", longest_reason));
    return Lasting{*lasts, reason};
}

}  // namespace fairway::cli
