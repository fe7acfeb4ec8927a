// See replication.hpp.
#include "engine/report/replication.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t addresses_shown = 6;
// Of the machine's own tickets, and of NETWORK SERVICE's, which WS-Man's service on a host uses.
constexpr std::string_view purge = "klist purge -li 0x3e7", purge_service = "klist purge -li 0x3e4";

using fairway::text::printable;

std::string listed(const std::vector<Address>& addresses) {
    return fairway::text::some(addresses, addresses_shown, [](const Address& address) {
        return fmt::format("{} of {}", address.setting->name, address.object);
    });
}

std::string lag_text(const Lag& lag) {
    if (lag.silent)
        return fmt::format("{} does not say whether it has {}: {}", printable(lag.replica.server), listed(lag.behind),
                           printable(lag.silent->text));
    return fmt::format("{} does not yet have {}", printable(lag.replica.server), listed(lag.behind));
}

}  // namespace

std::string text(const Convergence& convergence, const Style& style) {
    const std::string sum = fmt::format("{} of {} values at {}", convergence.shown, convergence.of,
                                        count(convergence.replicas.size(), "domain controller"));
    const std::string waited = convergence.waited_s > 0 ? fmt::format(" after {} s", convergence.waited_s) : "";
    std::string out = fmt::format(
        "Replication  {}: {}{}\n",
        convergence.complete() ? style(Paint::good, "converged") : style(Paint::bad, "not converged"), sum, waited);
    for (const Lag& lag : convergence.lags) out += fmt::format("  {} {}\n", style(Paint::bad, "✗"), lag_text(lag));
    for (const auto& [replica, address] : convergence.overtaken)
        out += style(Paint::warn,
                     fmt::format("  ! {} holds a later change of {} of {} by somebody else, which is on its way here",
                                 printable(replica.server), address.setting->name, address.object)) +
               "\n";
    if (!convergence.complete())
        out +=
            "  Hosts may ask any of these for tickets. Wait (verify: --converge SECONDS; apply: --resume), or have "
            "them replicate now:\n"
            "  repadmin /syncall /AdeP   A controller that is gone for good must be removed from the directory.\n";
    return out;
}

Json json(const Convergence& convergence) {
    Json out = {{"converged", convergence.complete()},
                {"controllers", Json::array()},
                {"values", convergence.values},
                {"shown", convergence.shown},
                {"of", convergence.of},
                {"waited_s", convergence.waited_s},
                {"lags", Json::array()},
                {"overtaken", Json::array()}};
    const auto plain = [](const Address& address) {
        return Json{{"object", address.object}, {"setting", address.setting->name}};
    };
    for (const Replica& replica : convergence.replicas) out["controllers"].push_back(replica.server);
    for (const Lag& lag : convergence.lags) {
        Json one = {{"controller", lag.replica.server}, {"behind", Json::array()}};
        for (const Address& address : lag.behind) one["behind"].push_back(plain(address));
        if (lag.silent) one["error"] = lag.silent->text;
        out["lags"].push_back(std::move(one));
    }
    for (const auto& [replica, address] : convergence.overtaken) {
        Json one = plain(address);
        one["controller"] = replica.server;
        out["overtaken"].push_back(std::move(one));
    }
    return out;
}

std::string refusals_text(const std::string& run, std::int64_t until, std::int64_t now) {
    return fmt::format(
        "Hosts may remember until {} ({} min from now) that a ticket was refused to them (S4UCacheTimeout), so that a\n"
        "trial move fails although all is right. To have them forget at once, run on each source host:\n"
        "  {}\n  {}\nor wait it out: fairway verify --wait-for-caches {}\n",
        show_time(until), (until - now + 59) / 60, purge, purge_service, run);
}

std::string purge_text(const std::string& run, std::int64_t until) {
    return fmt::format(
        "Waiting until {}, because hosts remember that a ticket was refused to them (S4UCacheTimeout). To go on at "
        "once, press\n"
        "Ctrl-C, run on each source host:\n"
        "  {}\n  {}\nand then: fairway apply --purged --resume {}\n",
        show_time(until), purge, purge_service, run);
}

std::string refusals_hint(std::int64_t until) {
    return fmt::format(
        "it may be a refusal that the source host remembers until {}: run {} and {} there, and try again",
        show_time(until), purge, purge_service);
}

}  // namespace fairway::report
