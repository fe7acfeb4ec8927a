// See window.hpp.
#include "tests/laws/window.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/run/pace.hpp"
#include "engine/run/rollback.hpp"
#include "tests/laws/hold.hpp"

namespace fairway::laws {
namespace {

constexpr std::string_view law = "22 a window holds";
constexpr std::int64_t start_s = 1'800'000'000, minute = 60, second_ms = 1000;

// Each round of writes takes as long as is assumed where nothing was measured.
class Timed : public Writer {
public:
    Timed(LawWriter& writer, std::int64_t& now_ms) : writer_(writer), now_ms_(now_ms) {}

    void write_all(std::span<const Write> writes, const MayBegin& may_begin, const WriteAnswered& answered) override {
        // Some of it passes before each request: what is prepared in time may be too late when it is its turn.
        const std::int64_t each_ms = assumed_round_ms / static_cast<std::int64_t>(writes.size());
        const std::int64_t over_ms = now_ms_ + assumed_round_ms;
        const auto watched = [&] {
            now_ms_ = std::min(now_ms_ + each_ms, over_ms);
            const bool may = may_begin();
            if (may) last_begun_ms = now_ms_;
            return may;
        };
        writer_.write_all(writes, watched, answered);
        now_ms_ = over_ms;
    }

    std::int64_t last_begun_ms = 0;

private:
    LawWriter& writer_;
    std::int64_t& now_ms_;
};

struct Life {
    Case c;
    Journal journal = open_journal();
    LawWriter writer;
    std::int64_t now_ms = start_s * second_ms;
    Timed timed{writer, now_ms};

    Life(const Case& start, std::size_t in_flight) : c(start), writer(c.world, in_flight) {}
    Life(const Life&) = delete;
    Life& operator=(const Life&) = delete;

    Hands hands(LawReader& reader, std::optional<Span> window) {
        return {.reader = reader,
                .writer = timed,
                .journal = journal,
                .clock = [this] { return now_ms / second_ms; },
                .steady_ms = [this] { return now_ms; },
                .window = window,
                .in_flight = writer.in_flight};
    }
    Result<Applied> apply(const PlanFile& plan, std::optional<Span> window, const std::string& rolls_back = {}) {
        LawReader reader(c);
        return fairway::apply(plan, {.who = "law", .host = "lab", .rolls_back = rolls_back}, hands(reader, window));
    }
    Result<Applied> go_on(const std::string& run) {
        LawReader reader(c);
        return fairway::resume(run, hands(reader, {}));
    }
    Result<RolledBack> undo(const std::string& run) {
        LawReader reader(c);
        return fairway::roll_back({.run = run}, {.reader = reader,
                                                 .journal = journal,
                                                 .inventory = c.inventory,
                                                 .open_names = names_of(c.world),
                                                 .clock = [this] { return now_ms / second_ms; },
                                                 .apply = [&](const PlanFile& plan) { return apply(plan, {}, run); }});
    }
};

}  // namespace

bool a_short_window(const Case& start, const Plan& plan, Dice& dice) {
    if (plan.size() == 0) return false;
    const PlanFile file(plan);
    const std::size_t in_flight = 1 + dice.below(3);
    const Span window{start_s, start_s + minute * static_cast<std::int64_t>(dice.below(2 * plan.size() + 4)) +
                                   static_cast<std::int64_t>(dice.below(minute))};
    Life undisturbed(start, in_flight), undone(start, in_flight), gone_on(start, in_flight);
    const auto whole = undisturbed.apply(file, {});
    hold(whole && whole->ending == Ending::complete, law, "an undisturbed run ends");
    const auto applied = undone.apply(file, window);
    const std::string what =
        fmt::format("{} s for {} changes, {} in flight", window.until - window.from, plan.size(), in_flight);
    hold(undone.timed.last_begun_ms < window.until * second_ms, law, what + ": a write began after its end");
    if (!applied) {
        hold(undone.writer.writes == 0 && undone.journal.history()->empty(), law, what + ": refused, and written");
        return false;
    }
    if (applied->ending == Ending::complete) return false;
    hold(applied->reason == Stop::Reason::window, law, fmt::format("{}: {}", what, applied->because));
    const auto back = undone.undo(applied->run);
    hold(back.has_value(), law, back ? "" : back.error().text);
    hold(undone.now_ms <= window.until * second_ms, law, what + ": undoing it did not fit");
    hold(same(undone.c.world, start.world), law, what + ": the worlds differ after the rollback");

    const auto stopped = gone_on.apply(file, window);
    hold(stopped && gone_on.go_on(stopped->run)->ending == Ending::complete, law, what + ": it does not go on");
    hold(same(gone_on.c.world, undisturbed.c.world), law, what + ": it goes on to something else");
    return true;
}

}  // namespace fairway::laws
