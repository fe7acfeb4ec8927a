// See ready.hpp.
#include "engine/run/ready.hpp"

#include <fmt/format.h>
#include <set>

#include "engine/base/text.hpp"
#include "engine/run/phase_start.hpp"
#include "engine/run/stale.hpp"

namespace fairway {
namespace {

// The changes that are still to be made; `only`: those of one phase.
std::vector<ToMake> to_make(const Plan& plan, const Known& known, const Phase* only = nullptr) {
    std::vector<ToMake> out;
    std::size_t number = 0;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) {
            if ((!only || only == &phase) && !known.aside.contains(number) && !known.aside.is_done(number))
                out.push_back({&change, known.is_torn(number)});
            ++number;
        }
    return out;
}

Progress until_stopped(const Hands& hands) {
    return [stop = hands.stop](std::size_t, std::size_t) { return !stop(); };
}

Known known_of(const Settled& settled, const Tolerance& tolerance) {
    Known out{.last = {}, .aside = Aside(settled.run.plan, tolerance), .again = true};
    for (const auto& [number, step] : last_steps(settled.run)) {
        out.last[number] = step->outcome.value_or(Outcome::in_doubt);
        if (step->outcome == Outcome::done) out.aside.done(number);
    }
    for (const LeftOut& one : settled.in_doubt) out.aside.leave_object(one);
    return out;
}

// What cannot be read now, of what is still to be made. An Error: that is all of it.
Result<void> leave_unreadable(Known& known, const Plan& plan, const Hands& hands) {
    const std::vector<ToMake> wanted = to_make(plan, known);
    std::vector<Address> addresses;
    for (const ToMake& one : wanted) addresses.push_back(one.change->address);
    if (addresses.empty()) return {};
    const Snapshot snapshot = hands.reader.read(addresses, until_stopped(hands));
    std::vector<std::string> lines;
    Code code{};
    for (const Address& address : addresses) {
        const Reading& now = snapshot.at(address);
        if (now) continue;
        if (lines.empty()) code = now.error().code;
        lines.push_back(fmt::format("{}: {}", in_words(address), now.error().text));
        known.aside.leave_object({address, {now.error().code, lines.back()}});
    }
    if (lines.empty() || !to_make(plan, known).empty()) return {};
    return fail(code, text::join(lines, "\n"));
}

// Nothing is begun outside of the window, nor what it has no room for. Asked before anything is read.
Result<void> in_window(const Plan& plan, const Known& known, const Hands& hands) {
    const PhaseStart start(plan, known, hands);
    auto stop = hands.window ? start.stopped() : std::nullopt;
    const std::vector<ToMake> left = to_make(plan, known);
    if (!stop && !left.empty()) stop = start.too_short_for(known.aside.phase_of(*left.front().change));
    if (!stop || stop->reason != Stop::Reason::window) return {};
    return fail(stop->why.code, stop->why.text + "; nothing was written");
}

// A wave of which nothing can be made shows nothing for those behind it.
Result<void> each_wave_tried(const Plan& plan, const Known& known) {
    std::set<std::size_t> phases;
    for (const ToMake& one : to_make(plan, known)) phases.insert(known.aside.phase_of(*one.change));
    for (const std::size_t phase : phases)
        if (const Phase* wave = known.aside.untried_before(plan, phase))
            return fail(Code::refused, fmt::format("nothing of {} can be made, so {} would go by nothing; nothing was "
                                                   "written. Make a fresh plan without the hosts of {}",
                                                   title(*wave), title(plan.phases[phase]), title(*wave)));
    return {};
}

}  // namespace

bool Known::is_torn(std::size_t number) const {
    const auto it = last.find(number);
    return it != last.end() && it->second == Outcome::torn;
}

Result<void> ready_for(Known& known, const Plan& plan, const Hands& hands, const Phase* only) {
    const std::vector<Complaint> complaints = preflight(to_make(plan, known, only), hands.reader, until_stopped(hands));
    Failed failed;
    for (const Complaint& one : complaints) failed[known.aside.phase_of(*one.change)].insert(one.host);
    if (!failed.empty() && !known.aside.bears(failed)) return together(complaints);
    for (const Complaint& one : complaints) known.aside.leave_failed(*one.change, one.host, one.why);
    const std::vector<ToMake> left = to_make(plan, known, only);
    if (!only && left.empty() && !complaints.empty()) return together(complaints);
    return hands.rights ? permitted(left, *hands.rights, until_stopped(hands)) : Result<void>();
}

static Result<void> all_ready(Known& known, const Plan& plan, const Hands& hands) {
    const std::int64_t began_ms = hands.steady_ms();
    auto ready = ready_for(known, plan, hands);
    known.reading_ms = hands.steady_ms() - began_ms;
    return ready;
}

Result<Known> known_before(const Plan& plan, const Hands& hands) {
    Known known{.last = {}, .aside = Aside(plan, hands.tolerance)};
    known.aside.leave_by_choice();
    if (plan.size() > 0 && to_make(plan, known).empty())
        return fail(Code::refused, "the plan changes nothing at the hosts that are not left out, so no run was made");
    if (auto open = in_window(plan, known, hands); !open) return tl::unexpected(open.error());
    if (auto ready = all_ready(known, plan, hands); !ready) return tl::unexpected(ready.error());
    if (auto tried = each_wave_tried(plan, known); !tried) return tl::unexpected(tried.error());
    return known;
}

Result<Known> known_again(const Settled& settled, const Hands& hands) {
    const Plan& plan = settled.run.plan;
    Known known = known_of(settled, hands.tolerance);
    known.aside.leave_by_choice();
    if (auto open = in_window(plan, known, hands); !open) return tl::unexpected(open.error());
    if (auto seen = leave_unreadable(known, plan, hands); !seen) return tl::unexpected(seen.error());
    if (auto ready = all_ready(known, plan, hands); !ready) return tl::unexpected(ready.error());
    return known;
}

Result<std::vector<LeftOut>> may_begin(const PlanFile& file, const Hands& hands) {
    auto known = known_before(*file, hands);
    if (!known) return tl::unexpected(known.error());
    return known->aside.left_out();
}

}  // namespace fairway
