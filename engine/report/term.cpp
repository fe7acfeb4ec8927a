// See term.hpp.
#include "engine/report/term.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace fairway::report {

std::string term_line(const Termed& one) {
    const Term& last = one.run.terms.back();
    const std::string state = one.state == TermState::past   ? "is past its end since"
                              : one.state == TermState::open ? "is open until"
                                                             : "is over; its end was";
    return fmt::format("break-glass run {} {} {}, by {}@{} for {}: {}", one.run.id, state, show_time(last.until),
                       fairway::text::printable(last.who), fairway::text::printable(last.host),
                       fairway::text::printable(one.run.plan.ticket), fairway::text::printable(last.reason));
}

std::string open_text(const std::vector<Termed>& runs, const Style& style) {
    std::string out;
    for (const Termed& one : runs)
        if (one.state != TermState::over)
            out += style(one.state == TermState::past ? Paint::bad : Paint::warn, "! " + term_line(one)) + "\n";
    return out;
}

std::vector<EstateFinding> findings(const std::vector<Termed>& runs, const std::string& estate) {
    std::vector<EstateFinding> out;
    for (const Termed& one : runs) {
        if (one.state == TermState::over || one.run.plan.estate != estate) continue;
        const bool past = one.state == TermState::past;
        const std::string because = fmt::format("{}; {}", term_line(one),
                                                past ? "its timer did not run `fairway expire`, or it failed"
                                                     : fmt::format("`fairway rollback {}` ends it now", one.run.id));
        for (const std::string& host : hosts_of(one.run))
            out.push_back({.fault = past ? EstateFault::glass_past : EstateFault::glass_open,
                           .object = host,
                           .dn = {},
                           .condition = {},
                           .because = because});
    }
    return out;
}

std::vector<std::string> hosts_of(const Run& run) {
    std::vector<std::string> out;
    for (const Change* change : numbered(run.plan))
        if (std::find(out.begin(), out.end(), change->address.object) == out.end())
            out.push_back(change->address.object);
    return out;
}

Json json(const std::vector<Termed>& runs) {
    Json out = Json::array();
    for (const Termed& one : runs)
        if (one.state != TermState::over)
            out.push_back({{"run", one.run.id},
                           {"estate", one.run.plan.estate},
                           {"state", name(one.state)},
                           {"hosts", hosts_of(one.run)},
                           {"ticket", one.run.plan.ticket},
                           {"terms", json(one.run.terms)}});
    return out;
}

Json json(const std::vector<Term>& terms) {
    Json out = Json::array();
    for (const Term& term : terms) out.push_back(json(term));
    return out;
}

Json json(const Term& term) {
    return {{"until", show_time(term.until)},
            {"reason", term.reason},
            {"who", term.who},
            {"host", term.host},
            {"at", show_time(term.at)}};
}

}  // namespace fairway::report
