// See site.hpp. Fact: LDAP-32.
#include "providers/ldap/controller/site.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/controller/ping.hpp"
#include "providers/ldap/wire/anonymous.hpp"
#include "providers/ldap/wire/guards.hpp"
#include "providers/ldap/wire/result.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t most_asked = 3;

Result<Pong> ping(const std::string& domain, const ServiceRecord& controller, std::chrono::milliseconds patience) {
    Anonymous wire;
    if (wire.connect(controller.host, controller.port, patience) < 0)
        return fail(Code::unreachable, "there is no connection");
    const auto answer = wire.root_value(ping_of(domain), std::string(ping_attribute), patience);
    if (!answer) return tl::unexpected(answer.error());
    // An invalid question is answered without an entry or a value (MS-ADTS 6.3.3.3), one for another domain as well.
    if (!*answer) return fail(Code::not_found, "it does not serve the domain");
    return parse_pong(**answer);
}

// It becomes one label of a name that DNS is asked for.
bool can_be_looked_up(std::string_view site) {
    const auto fine = [](char c) { return text::is_alnum(c) || c == '-' || c == '_'; };
    return !site.empty() && site.size() <= 63 && std::all_of(site.begin(), site.end(), fine);
}

}  // namespace

std::string own_site(const std::string& domain, std::span<const ServiceRecord> controllers,
                     std::chrono::milliseconds patience) {
    const NoPipeSignal quiet;
    for (const ServiceRecord& controller : controllers.first(std::min(controllers.size(), most_asked))) {
        Result<Pong> pong = ping(domain, controller, patience);
        if (pong && !text::same_folded(pong->domain, domain))
            pong = fail(Code::protocol, fmt::format("it serves {}", printable(pong->domain)));
        if (!pong) {
            log::debug(fmt::format("ldap: {} does not say which site this machine is in: {}", controller.host,
                                   pong.error().text));
            continue;
        }
        if (can_be_looked_up(pong->our_site)) {
            log::info(
                fmt::format("ldap: {} says that this machine is in the site {}", controller.host, pong->our_site));
            return pong->our_site;
        }
        log::debug(fmt::format("ldap: {} knows no site of this machine that DNS could know (`{}`)", controller.host,
                               printable(pong->our_site)));
        break;
    }
    return {};
}

}  // namespace fairway::ldap
