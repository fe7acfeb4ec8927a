// See story.hpp.
#include "engine/report/story.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"
#include "engine/model/value_json.hpp"
#include "engine/plan/baseline.hpp"
#include "engine/plan/limits.hpp"
#include "engine/report/address.hpp"
#include "engine/report/gates.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/run.hpp"
#include "engine/report/term.hpp"

namespace fairway::report {
namespace {

// A change with its last step; no step: the run did not come to it.
// A later run that changed the same address, and what came of that.
struct Later {
    const Run* run;
    Outcome outcome;
};

struct Told {
    std::size_t number;
    const Phase& phase;
    const Change& change;
    const Step* step;
    std::vector<Later> later;
};

// What came of all that the run tried to change, but what it did not touch.
std::map<Address, Outcome> outcomes_of(const Run& run) {
    const std::vector<const Change*> changes = numbered(run.plan);
    std::map<Address, Outcome> out;
    for (const auto& [number, step] : last_steps(run)) {
        const Outcome outcome = step->outcome.value_or(Outcome::in_doubt);
        if (number < changes.size() && outcome != Outcome::not_done)
            out.insert_or_assign(changes[number]->address, outcome);
    }
    return out;
}

std::vector<Told> told(const Run& run, std::span<const Run> later) {
    std::vector<Told> out;
    const auto last = last_steps(run);
    std::vector<std::pair<const Run*, std::map<Address, Outcome>>> others;
    for (const Run& other : later) others.emplace_back(&other, outcomes_of(other));
    for (const Phase& phase : run.plan.phases)
        for (const Change& change : phase.changes) {
            const auto step = last.find(out.size());
            Told one{out.size(), phase, change, step == last.end() ? nullptr : step->second, {}};
            for (const auto& [other, addresses] : others)
                if (const auto it = addresses.find(change.address); one.step && it != addresses.end())
                    one.later.push_back({other, it->second});
            out.push_back(std::move(one));
        }
    return out;
}

std::string_view state_of(const Told& one) {
    if (!one.step) return "not_begun";
    return one.step->outcome ? name(*one.step->outcome) : "cut_off";
}

std::string state_words(const Told& one) {
    if (!one.step) return "never begun";
    const Step& step = *one.step;
    std::string out =
        step.outcome ? std::string(words(*step.outcome)) : "cut off: nobody has looked yet what became of it";
    out += fmt::format(", begun {}", show_time(step.intended));
    if (step.settled != 0 && step.settled != step.intended) out += fmt::format(", known {}", show_time(step.settled));
    return out;
}

std::string changed_elements(const Change& change, const Style& style) {
    const Set *before = as_set(change.before), *after = as_set(change.after);
    if (!before) return {};
    const Key key = change.address.setting->key;
    const Set fresh = subtract(key, *after, *before), gone = subtract(key, *before, *after);
    constexpr std::size_t most_elements = 8;
    const auto listed = [](const Set& set) { return text::some(set, most_elements, text::printable); };
    std::string out;
    if (!fresh.empty()) out += "       " + style(Paint::good, "+ " + listed(fresh)) + "\n";
    if (!gone.empty()) out += "       " + style(Paint::bad, "- " + listed(gone)) + "\n";
    return out;
}

std::string step_text(const Told& one, const Run& run, const Style& style) {
    const Outcome* outcome = one.step && one.step->outcome ? &*one.step->outcome : nullptr;
    const bool done = outcome && *outcome == Outcome::done;
    std::string out = fmt::format(" {:>3}  {} {} {} {}: {}\n", one.number + 1,
                                  done       ? style(Paint::good, "✓")
                                  : one.step ? style(Paint::bad, "✗")
                                             : "·",
                                  name(one.change.address.kind()), text::printable(one.change.address.object),
                                  one.change.address.setting->name, text::printable(transition(one.change)));
    out += changed_elements(one.change, style) + "       " + state_words(one) + "\n";
    if (one.step && !one.step->note.empty()) out += "       " + text::printable(one.step->note) + "\n";
    for (const auto& [other, came_to] : one.later) {
        const bool back = other->rolls_back == run.id, sure = came_to == Outcome::done;
        const std::string_view what =
            back ? (sure ? "put back" : "not surely put back") : (sure ? "changed again" : "perhaps changed again");
        const std::string how = sure ? std::string() : fmt::format(" ({})", words(came_to));
        out += style(Paint::warn,
                     fmt::format("       {} by run {}, {}{}", what, other->id, show_time(other->started), how)) +
               "\n";
    }
    return out;
}

std::string gates_text(const Run& run, const Phase& phase, const Style& style) {
    std::string out;
    for (const GateSeen& one : run.gates)
        if (one.phase == title(phase)) out += text(one, style);
    return out;
}

// In the plan and when it was applied.
std::vector<Allowance> allowed_of(const Run& run) {
    std::vector<Allowance> out = run.plan.allowed;
    out.insert(out.end(), run.allowed.begin(), run.allowed.end());
    return out;
}

std::string story_heading(const Run& run, const std::vector<Told>& all, const Undone& gone) {
    const Plan& plan = run.plan;
    std::string out = fmt::format("Run {}: {}{}, estate {}, plan {}\n", run.id,
                                  run.rolls_back.empty() ? "policy " : "rollback of run ",
                                  text::printable(run.rolls_back.empty() ? plan.source : run.rolls_back),
                                  text::printable(plan.estate), plan_id(run.plan_digest));
    out += fmt::format(
        "Ticket {}, by {}@{}, started {}, {}\n", plan.ticket.empty() ? "none" : text::printable(plan.ticket),
        text::printable(run.who), text::printable(run.host), show_time(run.started),
        run.end.empty() ? "no end: killed, or running now"
                        : fmt::format("ended {}: {}", show_time(run.ended), end_words(run.end, run.reason)));
    if (!run.because.empty()) out += text::printable_lines(run.because) + "\n";
    for (const Term& term : run.terms)
        out += fmt::format("{} until {}, by {}@{} {}: {}\n", &term == run.terms.data() ? "Break-glass" : "Extended",
                           show_time(term.until), text::printable(term.who), text::printable(term.host),
                           show_time(term.at), text::printable(term.reason));
    out += allowed_text(allowed_of(run));
    const auto done = std::count_if(all.begin(), all.end(),
                                    [](const Told& one) { return one.step && one.step->outcome == Outcome::done; });
    out += fmt::format("{} of {} done\n", done, count(all.size(), "change"));
    if (!gone.by.empty())
        out += fmt::format("{} by run {}\n", gone.all ? "Rolled back" : "Partly rolled back",
                           text::join(gone.by, " and "));
    return out;
}

}  // namespace

std::string end_words(std::string_view end, std::string_view reason) {
    std::string out(end);
    std::replace(out.begin(), out.end(), '_', ' ');
    return reason.empty() || reason == "failure" ? out : fmt::format("{} ({})", out, text::printable(reason));
}

std::string story_text(const Run& run, std::span<const Run> later, const Style& style) {
    const std::vector<Told> all = told(run, later);
    std::string out = story_heading(run, all, undone(run, later));
    const Phase* phase = nullptr;
    for (const Told& one : all) {
        if (phase && phase != &one.phase) out += gates_text(run, *phase, style);
        if (phase != &one.phase) out += "\n" + style(Paint::bold, title(one.phase)) + "\n";
        phase = &one.phase;
        out += step_text(one, run, style);
    }
    return out;
}

Json story_json(const Run& run, std::span<const Run> later) {
    Json steps = Json::array();
    for (const Told& one : told(run, later)) {
        Json runs = Json::array();
        for (const Later& later_one : one.later) runs.push_back(later_one.run->id);
        steps.push_back(address_json(one.change.address, {{"phase", title(one.phase)},
                                                          {"before", to_json(one.change.before)},
                                                          {"after", to_json(one.change.after)},
                                                          {"rules", one.change.rules},
                                                          {"state", state_of(one)},
                                                          {"begun", time_or_null(one.step ? one.step->intended : 0)},
                                                          {"known", time_or_null(one.step ? one.step->settled : 0)},
                                                          {"note", one.step ? one.step->note : ""},
                                                          {"changed_later_by", std::move(runs)}}));
    }
    return {{"run", run.id},
            {"plan_id", plan_id(run.plan_digest)},
            {"who", run.who},
            {"host", run.host},
            {"ticket", run.plan.ticket},
            {"started", time_or_null(run.started)},
            {"ended", time_or_null(run.ended)},
            {"end", run.end},
            {"reason", run.reason},
            {"because", run.because},
            {"rolls_back", run.rolls_back},
            {"rolled_back_by", undone(run, later).by},
            {"allowed", to_json(allowed_of(run))},
            {"terms", json(run.terms)},
            {"gates", json(run.gates)},
            {"changes", std::move(steps)}};
}

Json timeline_json(const Run& run) {
    const auto last = last_steps(run);
    Json out = Json::array();
    for (const Phase& phase : run.plan.phases) {
        const Numbers numbers = numbers_of(run.plan, phase);
        std::int64_t begun = 0, known = 0, done = 0;
        for (const auto& [number, step] : last) {
            if (!numbers.hold(number)) continue;
            begun = begun == 0 ? step->intended : std::min(begun, step->intended);
            known = std::max(known, step->settled);
            done += step->outcome == Outcome::done ? 1 : 0;
        }
        out.push_back({{"phase", title(phase)},
                       {"begun", time_or_null(begun)},
                       {"known", time_or_null(known)},
                       {"changes", phase.changes.size()},
                       {"done", done}});
    }
    return out;
}

}  // namespace fairway::report
