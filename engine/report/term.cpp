// See term.hpp.
#include "engine/report/term.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/report/run.hpp"

namespace fairway::report {
namespace {

std::string line_with_clock(const Termed& one) {
    const std::string clock = clock_words(one);
    return term_line(one) + (clock.empty() ? "" : "; " + clock);
}

}  // namespace

std::string term_line(const Termed& one) {
    const Term& last = one.run.terms.back();
    const std::string state = one.state == TermState::past   ? "is past its end since"
                              : one.state == TermState::open ? "is open until"
                                                             : "is over; its end was";
    return fmt::format("break-glass run {} {} {}, by {}@{} for {}: {}", one.run.id, state, show_time(last.until),
                       fairway::text::printable(last.who), fairway::text::printable(last.host),
                       fairway::text::printable(one.run.plan.ticket), fairway::text::printable(last.reason));
}

std::string clock_words(const Termed& one) {
    if (one.ahead == 0 || one.state != TermState::open) return {};
    return fmt::format(
        "the clock of this machine is wrong: the journal has an entry of run {} of {}, which is later than "
        "now, so the run would end too late; set the clock",
        one.run.id, show_time(one.ahead));
}

std::string open_text(const std::vector<Termed>& runs, const Style& style) {
    std::string out;
    for (const Termed& one : runs)
        if (one.state != TermState::over)
            out += style(one.state == TermState::past ? Paint::bad : Paint::warn, "! " + line_with_clock(one)) + "\n";
    return out;
}

std::vector<EstateFinding> findings(const std::vector<Termed>& runs, const std::string& estate) {
    std::vector<EstateFinding> out;
    for (const Termed& one : runs) {
        if (one.state == TermState::over || one.run.plan.estate != estate) continue;
        const bool past = one.state == TermState::past;
        const std::string to_do =
            past ? (one.left.empty() ? "nothing of it is left to put back, and `fairway expire` ends it"
                                     : "`fairway expire` puts back what is left of it")
                 : fmt::format("`fairway rollback {}` ends it now", one.run.id);
        // Where nothing is left, it is the run that somebody has to look after.
        const std::vector<std::string> about = past && one.left.empty() ? std::vector{one.run.id} : one.left;
        for (const std::string& object : about)
            out.push_back({.fault = past ? EstateFault::glass_past : EstateFault::glass_open,
                           .object = object,
                           .dn = {},
                           .condition = {},
                           .because = fmt::format("{}; {}", line_with_clock(one), to_do)});
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
                           {"says", term_line(one)},
                           {"hosts", hosts_of(one.run)},
                           {"left", one.left},
                           {"ticket", one.run.plan.ticket},
                           {"terms", json(one.run.terms)}});
    return out;
}

Json json(const std::vector<RunLine>& history, const std::vector<Termed>& runs) {
    Json out = json(history);
    for (Json& line : out) {
        line["break_glass"] = nullptr;
        for (const Termed& one : runs)
            if (line["run"] == one.run.id)
                line["break_glass"] = {{"state", name(one.state)},
                                       {"reason", one.run.terms.back().reason},
                                       {"hosts", hosts_of(one.run)},
                                       {"left", one.left}};
    }
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
