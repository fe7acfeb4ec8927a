// See moment.hpp.
#include "engine/cli/moment.hpp"

#include <fmt/format.h>

#include "engine/base/timestamp.hpp"

namespace fairway::cli {

Result<std::int64_t> moment(const Request& request, std::string_view option, std::string_view of_a_day) {
    const std::string words = request.get(option);
    const auto parsed = parse_timestamp(words.find('T') == std::string::npos ? words + std::string(of_a_day) : words);
    if (parsed) return parsed;
    return fail(
        Code::bad_input,
        fmt::format("--{} takes a day (2026-11-22, by UTC) or a time with its zone (2026-11-22T04:10:00Z), not `{}`",
                    option, text::printable(words)));
}

}  // namespace fairway::cli
