// See phase_start.hpp.
#include "engine/run/phase_start.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/duration.hpp"

namespace fairway {
namespace {

Stop window_stop(std::string words) { return {Stop::Reason::window, {Code::refused, std::move(words)}}; }

}  // namespace

std::string_view name(Stop::Reason reason) {
    constexpr std::array<std::string_view, 6> words = {"asked", "window", "waiting", "gate", "failure", "unheard"};
    return words.at(static_cast<std::size_t>(reason));
}

Stop too_late(const std::string& because, Latest latest) {
    return window_stop(
        fmt::format("{}; what follows has to begin by {}, to leave time for it and for undoing everything "
                    "in the window, so nothing else was begun",
                    because, show_time(latest)));
}

bool PhaseStart::any_done(std::size_t phase) const {
    const Numbers numbers = numbers_of(plan_, plan_.phases[phase]);
    for (std::size_t number = numbers.first; number < numbers.end; ++number)
        if (fates_.is_done(number)) return true;
    return false;
}

Estimate PhaseStart::estimate_of(std::size_t phase) const {
    std::vector<const Change*> to_make;
    std::vector<std::vector<const Change*>> to_undo(plan_.phases.size());
    std::size_t number = 0;
    for (std::size_t i = 0; i < plan_.phases.size(); ++i)
        for (const Change& change : plan_.phases[i].changes) {
            const bool done = fates_.is_done(number), open = i == phase && !done && !fates_.contains(number);
            if (open) to_make.push_back(&change);
            if (open || done) to_undo[i].push_back(&change);
            ++number;
        }
    Estimate out = estimate(to_make, to_undo, hands_.in_flight, pace_);
    // A rollback reads everything to make its plan, and again before its first write.
    out.undo_ms += 2 * known_.reading_ms;
    return out;
}

std::optional<Stop> PhaseStart::stopped() const {
    if (hands_.stop()) return Stop{Stop::Reason::asked, {Code::refused, "stopped on request, between two changes"}};
    if (auto heard = hands_.heard(); !heard) return Stop{Stop::Reason::unheard, std::move(heard.error())};
    if (!hands_.window) return std::nullopt;
    const std::int64_t now = hands_.clock();
    if (hands_.window->holds(now)) return std::nullopt;
    if (now < hands_.window->from)
        return window_stop(
            fmt::format("the window opens at {}; nothing begins before", show_time(hands_.window->from)));
    return window_stop(fmt::format("the window ended at {}; nothing begins after it", show_time(hands_.window->until)));
}

MayBegin::Clock::time_point PhaseStart::deadline() const {
    if (!hands_.window) return MayBegin::Clock::time_point::max();
    return MayBegin::Clock::now() + std::chrono::seconds(hands_.window->until - hands_.clock());
}

std::optional<Stop> PhaseStart::too_short_for(std::size_t phase) const {
    return too_short_for(phase, estimate_of(phase));
}

std::optional<Stop> PhaseStart::too_short_for(std::size_t phase, const Estimate& needed) const {
    if (!hands_.window) return std::nullopt;
    const std::int64_t left_ms = (hands_.window->until - hands_.clock()) * 1000;
    if (needed.whole_ms() <= left_ms) return std::nullopt;
    return window_stop(fmt::format(
        "{} of the window is left, and {} would take about {} and undoing everything {}{}, so it was not begun",
        show_estimate(left_ms), title(plan_.phases[phase]), show_estimate(needed.phase_ms),
        show_estimate(needed.undo_ms), needed.assumed ? " (assumed: no run was measured yet)" : ""));
}

Latest PhaseStart::latest_for(std::size_t phase) const {
    if (!hands_.window) return any_time;
    return hands_.window->until - (estimate_of(phase).whole_ms() + 999) / 1000;
}

// A pause that leaves no room for what follows is not begun: its time is kept free for undoing everything.
std::optional<Stop> PhaseStart::no_room_after_pause(const Phase& done, std::size_t phase, const std::string& run,
                                                    Latest latest) const {
    if (done.then.minutes == 0) return std::nullopt;
    const std::int64_t end = hands_.pause_end(done, run);
    if (end <= hands_.clock() || end <= latest) return std::nullopt;
    return window_stop(fmt::format(
        "the window ends at {}; after the pause behind {}, which lasts until {}, it has no room for {} and for undoing "
        "everything, so nothing else was begun",
        show_time(hands_.window->until), title(done), show_time(end), title(plan_.phases[phase])));
}

// Waits for every phase of which something is done; a run that is gone on with asks again. The gates are those of the
// last of them.
std::optional<Stop> PhaseStart::wait_before(std::size_t phase, const std::string& run) {
    // Who goes on with a run has decided: a host that died as the canary does not lock the others.
    if (const Phase* wave = known_.again ? nullptr : fates_.untried_before(plan_, phase))
        return Stop{Stop::Reason::failure,
                    {Code::refused, fmt::format("nothing of {} was made, so {} was not begun", title(*wave),
                                                title(plan_.phases[phase]))}};
    const Phase* last = nullptr;
    const Latest latest = latest_for(phase);
    for (; waited_for_ < phase; ++waited_for_) {
        if (!any_done(waited_for_)) continue;
        last = &plan_.phases[waited_for_];
        if (!last->then.any()) continue;
        if (auto stop = no_room_after_pause(*last, phase, run, latest)) return stop;
        if (auto stop = hands_.wait(*last, run, latest)) return stop;
    }
    if (!last || last->then.gates.empty()) return std::nullopt;
    if (auto stop = stopped()) return stop;  // a gate may move VMs, and nothing begins outside of the window
    return hands_.ask_gates(*last, plan_.phases[phase], run, latest);
}

std::optional<Stop> PhaseStart::before(std::size_t number, const std::string& run) {
    const std::size_t phase = fates_.phase_at(number);
    if (auto stop = stopped()) return stop;
    if (current_ == phase) return std::nullopt;
    if (auto stop = wait_before(phase, run)) return stop;
    if (auto stop = stopped()) return stop;
    const Estimate needed = estimate_of(phase);
    if (auto stop = too_short_for(phase, needed)) return stop;
    current_ = phase;
    estimates_.emplace_back(title(plan_.phases[phase]), needed);
    return std::nullopt;
}

Result<std::optional<Span>> common_span(std::span<const Window> windows, std::int64_t now) {
    std::optional<Span> out;
    for (const Window& window : windows) {
        const auto span = span_at(window, now);
        if (!span) return fail(Code::refused, fmt::format("the window {} is over", show(window)));
        if (!out) out = *span;
        else out = Span{std::max(out->from, span->from), std::min(out->until, span->until)};
        if (out->from >= out->until)
            return fail(Code::refused, fmt::format("the window {} is not open at the same time as the other one, {}",
                                                   show(window), show(windows.front())));
    }
    return out;
}

}  // namespace fairway
