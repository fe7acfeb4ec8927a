// See pass_gates.hpp.
#include "engine/cli/pass_gates.hpp"

#include <fmt/format.h>
#include <thread>

#include "engine/base/text.hpp"
#include "engine/cli/await.hpp"
#include "engine/cli/carry_out.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/report/event_lines.hpp"
#include "engine/report/gates.hpp"
#include "engine/report/trial.hpp"
#include "engine/run/gates.hpp"

namespace fairway::cli {

std::optional<Stop> pass_gates(Ground& ground, const Run& run, const Phase& done, const Phase& next, Latest latest,
                               const Stage& stage) {
    Inventory inventory = ground.inventory;
    cover_like(inventory, run.plan.not_covered);
    const Connections& connections = ground.connections;
    std::vector<std::string> refused;
    std::optional<Error> not_recorded;
    const Between between{
        .run = run,
        .done = done,
        .next = next,
        .inventory = inventory,
        .reader = *ground.reader,
        .replicas = [&] { return connections.replicas(); },
        .logs = [&] { return connections.host_logs(); },
        .mover = [&] { return connections.mover(); },
        .patience = patience_with_replicas(stage, latest),
        .latest = latest,
        .watch = {.ended = [latest](const Trial&) { return !interrupted() && system_now() <= latest; },
                  .moving =
                      [&](const Trial& trial) {
                          stage.bar(report::under_way(trial), static_cast<std::size_t>(trial.proof.percent), 100);
                      },
                  .sleep = [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); },
                  .clock = system_now},
        .progress = unless_interrupted(stage)};
    stage.say(fmt::format("Gates behind {}\n", title(done)));
    ask_gates(between, [&](const GateSeen& seen) {
        stage.say(report::text(seen, stage.style));
        stage.tell([&] { return report::event_json(run.id, seen); });
        if (!seen.passed) refused.push_back(seen.gate);
        if (auto recorded = ground.journal.record(run.id, seen); !recorded) not_recorded = recorded.error();
    });
    if (interrupted())
        return Stop{Stop::Reason::asked, {Code::refused, "stopped on request, at the gates behind " + title(done)}};
    if (not_recorded) return Stop{Stop::Reason::gate, *not_recorded};
    if (refused.empty()) return std::nullopt;
    return Stop{Stop::Reason::gate,
                {Code::refused, fmt::format("not passed behind {}: {}; {} was not begun", title(done),
                                            text::join(refused, ", "), title(next))}};
}

}  // namespace fairway::cli
