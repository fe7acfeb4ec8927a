// See rollback.hpp.
#include "engine/run/rollback.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "engine/model/catalogue.hpp"
#include "engine/plan/baseline.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/limits.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/scope.hpp"
#include "engine/run/glass_behind.hpp"
#include "engine/run/grading.hpp"
#include "engine/run/later.hpp"
#include "engine/run/stale.hpp"
#include "engine/run/survey.hpp"
#include "engine/run/verify.hpp"

namespace fairway {
namespace {

constexpr int most_attempts = 5;  // while others edit the same values

// The run and what came after it.
struct Past {
    Run run;
    std::vector<Run> later;
    std::vector<LeftOut> in_doubt;
    bool news = false;  // only now it is known what became of a later run's writes
};

bool has_open_step(const Run& run) {
    const auto last = last_steps(run);
    return std::any_of(last.begin(), last.end(), [](const auto& entry) {
        const std::optional<Outcome>& outcome = entry.second->outcome;
        return !outcome || *outcome == Outcome::unanswered || *outcome == Outcome::in_doubt;
    });
}

// As it is known when it was settled; what changed by that is news.
Result<void> settle_later(Run& run, bool& news, const RollbackHands& hands) {
    auto settled = settle_run(run.id, hands.reader, hands.journal, hands.clock);
    if (!settled) return tl::unexpected(settled.error());
    const auto before = last_steps(run), after = last_steps(settled->run);
    news = news || !std::equal(before.begin(), before.end(), after.begin(), after.end(),
                               [](auto& a, auto& b) { return a.second->outcome == b.second->outcome; });
    run = std::move(settled->run);
    return {};
}

Result<Past> past_of(const RollbackWish& wish, const RollbackHands& hands) {
    Past out{.run = {}, .later = {}, .in_doubt = {}, .news = wish.news};
    auto run = hands.journal.load(wish.run);
    if (!run) return tl::unexpected(run.error());
    if (auto may = may_be_undone(*run, hands.journal); !may) return tl::unexpected(may.error());
    if (wish.dry) {
        out.run = std::move(*run);
    } else {
        auto settled = settle_run(wish.run, hands.reader, hands.journal, hands.clock);
        if (!settled) return tl::unexpected(settled.error());
        out.run = std::move(settled->run);
        out.in_doubt = std::move(settled->in_doubt);
    }
    auto later = later_runs(out.run, hands.journal);
    if (!later) return tl::unexpected(later.error());
    out.later = std::move(*later);
    // What a later run wrote may have arrived since.
    for (Run& other : out.later)
        if (!wish.dry && has_open_step(other))
            if (auto settled = settle_later(other, out.news, hands); !settled) return tl::unexpected(settled.error());
    return out;
}

// Why nothing of the run is left to put back, with the names of the runs that did; empty: something is, or that is
// news. Whoever repeats a rollback that failed is not refused.
std::string nothing_left(const Past& past, const RollbackScope& scope, const Journal& journal) {
    const Undone gone = undone(past.run, past.later, [&](const Address& address, std::string_view element) {
        return scope.covers(address, element);
    });
    if (!gone.all || past.news) return {};
    std::string words =
        fmt::format("{} {} was rolled back already, by run {}; nothing was changed",
                    scope.is_part() ? "this part of run" : "run", past.run.id, text::join(gone.by, " and "));
    for (const std::string& other : gone.again) {
        words += fmt::format("\nRun {} changed the same values later", other);
        if (is_undoable(other, journal)) words += "; to undo that: fairway rollback " + other;
    }
    return words;
}

bool same_object(const Address& a, const Address& b) { return a.object == b.object && a.kind() == b.kind(); }

// `failed`: objects at which an attempt failed; they are not tried again.
Desired wanted_back(const Past& past, const RollbackScope& scope, const std::vector<LeftOut>& failed) {
    Desired wants = baseline(past.run, past.later);
    narrow(wants, scope, past.run);
    std::erase_if(wants, [&](const auto& entry) {
        return std::any_of(failed.begin(), failed.end(),
                           [&](const LeftOut& one) { return same_object(one.address, entry.first); });
    });
    return wants;
}

// What can be put back, and what is left out of it.
void share_out(WayBack& out, std::vector<Finding> findings, const Snapshot& snapshot, const Past& past) {
    for (Finding& finding : findings) {
        const auto doubt = std::find_if(past.in_doubt.begin(), past.in_doubt.end(),
                                        [&](const LeftOut& one) { return one.address == finding.address; });
        const bool in_doubt = doubt != past.in_doubt.end();
        if (finding.verdict == Verdict::unreadable) {
            const Error why = why_unread(finding, snapshot);
            const std::string words = fmt::format("{}: {}", in_words(finding.address), why.text);
            out.left_out.push_back({finding.address, {why.code, words}, in_doubt});
            continue;
        }
        if (in_doubt) out.left_out.push_back(*doubt);
        out.findings.push_back(std::move(finding));
    }
}

WayBack way_back(const RollbackWish& wish, const RollbackHands& hands, const Past& past,
                 const std::vector<LeftOut>& failed) {
    WayBack out{.plan = Plan(), .findings = {}, .left_out = failed};
    const Desired wants = wanted_back(past, wish.scope, failed);
    Snapshot snapshot = observe(hands.reader, scope(wants, hands.inventory), hands.progress);
    const Inventory inventory = read_further(hands.inventory, snapshot, hands.reader, hands.progress);
    share_out(out, judge(wants, snapshot), snapshot, past);
    out.blind = out.findings.empty() && !wants.empty();
    const Plan& undone = past.run.plan;
    Plan back = plan({.purpose = Purpose::rollback,
                      .source = past.run.id,
                      .source_digest = {},
                      .ticket = wish.ticket.empty() ? undone.ticket : wish.ticket,
                      .limits = undone.limits && undone.limits->rollbacks ? undone.limits : std::nullopt,
                      .undone = &undone},
                     out.findings, snapshot, inventory);
    grade_with(back, inventory, snapshot, hands.open_names);
    std::vector<Allowance> allowed = undone.allowed;
    for (const auto* more : {&past.run.allowed, &wish.allowed})
        allowed.insert(allowed.end(), more->begin(), more->end());
    back.allowed = needed(back, inventory, allowed);
    out.plan = PlanFile(std::move(back));
    return out;
}

// One attempt after the other, until there is nothing more that can be put back.
class Attempts {
public:
    Attempts(const RollbackWish& wish, const RollbackHands& hands, Past past)
        : wish_(wish), hands_(hands), past_(std::move(past)) {}

    Result<RolledBack> go() {
        for (int attempt = 1; attempt <= most_attempts; ++attempt) {
            const bool again = attempt > 1;
            if (again)
                if (auto looked = look_again(); !looked) return tl::unexpected(looked.error());
            WayBack back = way_back(wish_, hands_, past_, failed_);
            out_.left_out = back.left_out;
            if (!again) out_.first = back;
            if (!again && !back.blind) hands_.planned(back, again);
            if (wish_.dry || back.blind || back.plan->size() == 0) {
                out_.overtaken = again && is_stale();
                break;
            }
            if (again) hands_.planned(back, again);
            else if (auto may = may_begin(*back.plan); !may) return tl::unexpected(may.error());
            out_.attempts.push_back({back.plan, hands_.apply(back.plan)});
            if (!goes_on()) break;
        }
        return finish();
    }

private:
    // What this command wrote is not settled once more.
    Result<void> look_again() {
        auto later = later_runs(past_.run, hands_.journal);
        if (!later) return tl::unexpected(later.error());
        past_.later = std::move(*later);
        return {};
    }

    Result<void> may_begin(const Plan& plan) const {
        if (auto within = within_limits(plan, hands_.inventory); !within) return within;
        return hands_.may_begin(plan);
    }

    // The last attempt wrote nothing, because others had been faster.
    bool is_stale() const {
        const Result<Applied>& last = out_.attempts.back().applied;
        return !last && last.error().code == Code::stale;
    }

    // Whether there may be more to do.
    bool goes_on() {
        const Result<Applied>& last = out_.attempts.back().applied;
        if (!last) return is_stale();
        if (!last->at) return false;  // complete, or stopped on request
        if (last->untouched && last->code == Code::stale) return true;
        failed_.push_back({*last->at, {last->code, last->because}, last->ending == Ending::in_doubt});
        return true;
    }

    Result<RolledBack> finish() {
        if (!out_.attempts.empty() && !out_.attempts.back().applied && !out_.overtaken) return std::move(out_);
        if (auto looked = look_again(); !looked) return tl::unexpected(looked.error());
        out_.may_still_arrive = late_writes(past_.run, past_.later);
        return std::move(out_);
    }

    const RollbackWish& wish_;
    const RollbackHands& hands_;
    Past past_;
    std::vector<LeftOut> failed_;
    RolledBack out_;
};

}  // namespace

bool WayBack::conflicts() const {
    return std::any_of(plan->notes.begin(), plan->notes.end(), [](const Finding& note) {
        return note.verdict == Verdict::conflict || note.verdict == Verdict::absent || note.verdict == Verdict::unknown;
    });
}

bool RolledBack::complete() const {
    if (!already.empty()) return true;
    if (!first || first->blind || first->conflicts() || !left_out.empty()) return false;
    if (attempts.empty() || overtaken) return true;
    const Result<Applied>& last = attempts.back().applied;
    return last && last->ending == Ending::complete;
}

Result<RolledBack> roll_back(const RollbackWish& wish, const RollbackHands& hands) {
    auto past = past_of(wish, hands);
    if (!past) return tl::unexpected(past.error());
    if (std::string already = nothing_left(*past, wish.scope, hands.journal); !already.empty())
        return RolledBack{.already = std::move(already)};
    if (auto may = may_be_put_back(wanted_back(*past, wish.scope, {}), past->run, hands.journal); !may)
        return tl::unexpected(may.error());
    return Attempts(wish, hands, std::move(*past)).go();
}

}  // namespace fairway
