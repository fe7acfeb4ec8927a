// See clock.hpp. The rootDSE is shown to everybody (LDAP-43).
#include "providers/ldap/controller/clock.hpp"

#include <fmt/format.h>

#include "providers/ldap/controller/root.hpp"
#include "providers/ldap/wire/anonymous.hpp"
#include "providers/ldap/wire/guards.hpp"

namespace fairway::ldap {

Result<ClockSeen> read_clock(const std::string& server, unsigned port, const Clock& now_ms,
                             std::chrono::milliseconds patience) {
    constexpr std::int64_t second = 1000;  // currentTime has no parts of one
    const NoPipeSignal quiet;
    Anonymous wire;
    if (wire.connect(server, port, patience) < 0)
        return fail(Code::unreachable, fmt::format("{} takes no connection on port {}", server, port));
    const std::int64_t asked = now_ms();
    const auto shown = wire.root_value(Filter::present("objectClass"), "currentTime", patience);
    const std::int64_t answered = now_ms();
    if (!shown) return fail(shown.error().code, fmt::format("{}: {}", server, shown.error().text));
    const auto time = parse_time_s(shown->value_or(""));
    if (!time) return fail(Code::protocol, fmt::format("{} does not say its currentTime", server));
    return clock_seen(*time * second, asked, answered, second);
}

}  // namespace fairway::ldap
