// See plans.hpp.
#include "tests/laws/plans.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string>

#include "engine/plan/plan_file.hpp"
#include "tests/laws/hold.hpp"

namespace fairway::laws {
namespace {

// Nothing is taken from the directory in a plan's first phase, and nothing is added to it in its last.
void order_is_kept(const Plan& plan) {
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) {
            const bool first = phase.kind == PhaseKind::directory_additions;
            if (phase.kind == PhaseKind::hosts) continue;
            bool grows = change.after == Value(true), shrinks = change.after == Value(false);
            if (as_set(change.after)) {
                const Setting& row = *change.address.setting;
                const auto before = keys(row, change.before), after = keys(row, change.after);
                grows = !std::includes(before.begin(), before.end(), after.begin(), after.end());
                shrinks = !std::includes(after.begin(), after.end(), before.begin(), before.end());
            }
            hold(first ? !shrinks : !grows, "11 additions come first and removals last",
                 fmt::format("{} {}", change.address.object, change.address.setting->name));
        }
}

void survives_its_file(const Plan& plan) {
    const std::string file = print_plan(plan);
    const Result<PlanFile> again = parse_plan(file);
    hold(again.has_value(), "8 a plan survives its file", again ? "" : again.error().text);
    hold(print_plan(**again) == file, "8 a plan survives its file", "it prints differently after reading");
}

void waves_are_kept(const Case& start, const Plan& plan) {
    if (!plan.rollout) return;
    Case without = start;
    without.rollout.reset();
    std::multiset<std::string> all, divided;
    const auto texts = [](const Plan& of, std::multiset<std::string>& out) {
        for (const Change* change : numbered(of))
            out.insert(fmt::format("{} {} {}", change->address.object, change->address.setting->name,
                                   show(*change->address.setting, change->after)));
    };
    texts(plan_of(without), all);
    texts(plan, divided);
    hold(all == divided, "19 waves lose no change", "the plan without waves has others");
    std::set<std::string> before;
    PhaseKind kind{};
    for (const Phase& phase : plan.phases) {
        hold(phase.kind >= kind, "19 additions, hosts, removals", std::string(name(phase.kind)));
        kind = phase.kind;
        if (phase.kind != PhaseKind::hosts) continue;
        std::set<std::string> hosts;
        for (const Change& change : phase.changes) hosts.insert(change.address.object);
        for (const std::string& host : hosts) hold(before.insert(host).second, "19 a host is in one wave", host);
        if (phase.canary && plan.rollout->per == Rollout::Per::estate)
            hold(static_cast<std::int64_t>(hosts.size()) <= plan.rollout->canary.count, "19 the canary is no larger",
                 fmt::format("{} hosts", hosts.size()));
    }
}

}  // namespace

void plan_is_sound(const Case& start, const Plan& plan) {
    survives_its_file(plan);
    order_is_kept(plan);
    waves_are_kept(start, plan);
}

}  // namespace fairway::laws
