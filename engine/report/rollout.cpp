// See rollout.hpp.
#include "engine/report/rollout.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <vector>

#include "engine/base/text.hpp"
#include "engine/report/layout.hpp"

namespace fairway::report {
namespace {

std::string size_words(const WaveSize& size) {
    switch (size.by) {
        case WaveSize::By::count: return count(static_cast<std::size_t>(size.amount), "host");
        case WaveSize::By::percent: return fmt::format("{}%", size.amount);
        case WaveSize::By::rest: break;
    }
    return "the rest";
}

std::string canary_words(const Canary& canary) {
    constexpr std::size_t most_named = 5;
    if (canary.count > 0) return "a canary of " + count(static_cast<std::size_t>(canary.count), "host");
    if (!canary.tag.empty()) return "a canary of the hosts with tag " + fairway::text::printable(canary.tag);
    return "the canary " + fairway::text::some(canary.hosts, most_named, fairway::text::printable);
}

std::string order_words(const Rollout& rollout) {
    switch (rollout.order) {
        case Rollout::Order::paths: return "in the order that keeps most paths open";
        case Rollout::Order::name: return "in the order of names";
        case Rollout::Order::migration_domain: return "one migration domain after the other";
        case Rollout::Order::tags: break;
    }
    constexpr std::size_t tags_named = 5;
    return "by tag: " + fairway::text::some(rollout.tags, tags_named, fairway::text::printable);
}

// Hosts were chosen to be tried first, and the plan leaves them as they are.
std::string idle_canary(const Plan& plan) {
    if (!plan.rollout->canary.chosen()) return {};
    const auto& all = plan.phases;
    const bool waves = std::any_of(all.begin(), all.end(), [](const Phase& one) { return one.wave > 0; });
    if (!waves || std::any_of(all.begin(), all.end(), [](const Phase& one) { return one.canary; })) return {};
    return "The plan changes no host of the canary, so the first wave is an ordinary one\n";
}

}  // namespace

std::string rollout_line(const Plan& plan) {
    if (!plan.rollout) return {};
    const Rollout& rollout = *plan.rollout;
    std::vector<std::string> waves;
    if (rollout.canary.any()) waves.push_back(canary_words(rollout.canary));
    for (const WaveSize& size : rollout.waves) waves.push_back(size_words(size));
    if (rollout.waves.empty() || rollout.waves.back().by != WaveSize::By::rest) waves.push_back("the rest");
    return fmt::format("Rollout: {}{}, {}\n{}", fairway::text::join(waves, ", then "),
                       rollout.per == Rollout::Per::migration_domain ? " of each migration domain" : "",
                       order_words(rollout), idle_canary(plan));
}

std::string run_rules_text(const RunRules& rules) {
    std::string out;
    if (rules.window) out += fmt::format("Window: {}\n", fairway::text::printable(show(*rules.window)));
    if (rules.max_failures.percent)
        out += fmt::format("A phase ends the run when {}% of its hosts failed\n", *rules.max_failures.percent);
    if (rules.max_failures.count)
        out += fmt::format("A phase ends the run when {} of it failed\n",
                           count(static_cast<std::size_t>(*rules.max_failures.count), "host"));
    if (rules.on_failure == OnFailure::rollback)
        out += "A run that a failure, a gate or the window ends is rolled back\n";
    if (rules.on_failure == OnFailure::ask)
        out += "When a failure, a gate or the window ends a run, apply asks at the terminal whether to roll it back\n";
    return out;
}

std::string title_line(const Phase& phase) {
    if (phase.wave == 0) return title(phase);
    std::set<std::string_view> hosts;
    for (const Change& change : phase.changes) hosts.insert(change.address.object);
    return fmt::format("{}: {}", title(phase), count(hosts.size(), "host"));
}

std::string words(const Then& then) {
    std::vector<std::string> out;
    if (then.directory)
        out.push_back(
            "until every domain controller has this and the hosts have forgotten the tickets that were refused (15 "
            "minutes, or purge them)");
    if (then.minutes > 0)
        out.push_back(fmt::format("at least {}", count(static_cast<std::size_t>(then.minutes), "minute")));
    std::string words = out.empty() ? std::string() : "wait " + fairway::text::join(out, ", and ");
    if (then.gates.empty()) return words;
    return fmt::format("{}{} {}", words, words.empty() ? "gates" : "; then gates",
                       fairway::text::some(then.gates, then.gates.size(), [](Gate gate) { return name(gate); }));
}

std::string then_text(const Then& then, const Style& style) {
    return then.any() ? wrapped("then " + words(then), style, "  ", 4) : std::string();
}

}  // namespace fairway::report
