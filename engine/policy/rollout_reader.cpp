// See rollout_reader.hpp.
#include "engine/policy/rollout_reader.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/zone.hpp"
#include "engine/model/limits.hpp"
#include "engine/policy/reading.hpp"
#include "engine/policy/words.hpp"

namespace fairway {
namespace {

Canary read_canary(const Node& rollout) {
    Canary out;
    const Node* canary = rollout.at("canary");
    if (!canary) return out;
    if (canary->is(Node::Kind::scalar)) out.count = integer_of(*canary).value_or(0);
    out.hosts = texts_of(items_at(*canary, "hosts"));
    out.tag = text_at(*canary, "tag");
    return out;
}

WaveSize read_size(const Node& node) {
    if (node.text == rest_words.front()) return {};
    Node number = node;
    const bool percent = number.text.ends_with('%');
    if (percent) number.text.pop_back();
    return {percent ? WaveSize::By::percent : WaveSize::By::count, integer_of(number).value_or(0)};
}

// In the order in which they are looked at, whatever the document's order is.
std::vector<Gate> read_gates(const Node& rollout) {
    const std::vector<std::string> given = texts_of(items_at(rollout, "gates"));
    if (given.empty()) return usual_gates();
    std::vector<Gate> out;
    for (const Gate gate : all_gates)
        if (std::find(given.begin(), given.end(), name(gate)) != given.end()) out.push_back(gate);
    return out;
}

std::vector<WaveSize> read_waves(const Node& rollout, Complaints& complaints) {
    std::vector<WaveSize> out;
    const Node* rest = nullptr;
    for (const Node& node : items_at(rollout, "waves")) {
        if (!node.is(Node::Kind::scalar)) continue;
        if (rest)
            complaints.add(
                node, fmt::format("no host is left for the wave `{}`: `rest` takes all, so it stands last", node.text));
        out.push_back(read_size(node));
        if (out.back().by == WaveSize::By::percent && out.back().amount == 0)
            complaints.add(node, "a wave of 0% changes no host");
        if (out.back().by == WaveSize::By::rest && !rest) rest = &node;
    }
    return out;
}

}  // namespace

std::optional<Rollout> read_rollout(const Node& policy, Complaints& complaints) {
    const Node* rollout = policy.at("rollout");
    if (!rollout) return std::nullopt;
    Rollout out;
    out.canary = read_canary(*rollout);
    out.waves = read_waves(*rollout, complaints);
    out.per = word_at(*rollout, "per", per_words, Rollout::Per::estate);
    out.order = word_at(*rollout, "order", order_words, Rollout::Order::paths);
    if (const Node* order = rollout->at("order")) out.tags = texts_of(items_at(*order, "tags"));
    if (!out.tags.empty()) out.order = Rollout::Order::tags;
    out.pause_minutes = integer_at(*rollout, "pause_minutes").value_or(0);
    out.gates = read_gates(*rollout);
    if (rollout->at("canary") || rollout->at("waves")) return out;
    for (const std::string_view key : {"per", "order", "pause_minutes", "gates"})
        if (const Node* idle = rollout->at(key))
            complaints.add(*idle,
                           fmt::format("`{}` is of waves, and there are none: `canary` and `waves` say which", key));
    return std::nullopt;
}

RunRules read_run_rules(const Node& policy, Complaints& complaints) {
    RunRules out;
    const Node* rollout = policy.at("rollout");
    if (!rollout) return out;
    out.max_failures = amount_from(text_at(*rollout, "max_failures")).value_or(Amount());
    if (out.max_failures.percent == 0)
        complaints.add(*rollout->at("max_failures"), "0% of the hosts: no run could begin; leave it out for one host");
    if (rollout->at("on_failure")) out.on_failure = word_at(*rollout, "on_failure", on_failure_words, OnFailure::stop);
    const Node* window = rollout->at("window");
    if (!window || !window->at("from") || !window->at("until")) return out;
    const std::string from = text_at(*window, "from"), until = text_at(*window, "until");
    const std::string zone = text_at(*window, "zone");
    // What a table complained of is not complained of again.
    if (!window_end_oddity(from).empty() || !window_end_oddity(until).empty()) return out;
    if (!zone.empty() && !is_zone(zone)) return out;
    const auto made = window_from(from, until, zone);
    if (made) out.window = *made;
    else complaints.add(*window, made.error().text);
    return out;
}

}  // namespace fairway
