// See plan_words.hpp.
#include "engine/forms/plan_words.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "engine/base/duration.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/rollout.hpp"
#include "engine/model/setting.hpp"
#include "engine/report/rollout.hpp"
#include "engine/report/style.hpp"

namespace fairway::forms {
namespace {

std::string highest_risk(const Json& plan) {
    std::string_view out;
    for (const Risk risk : all_risks)
        for (const Json& phase : part_of(plan, "phases"))
            for (const Json& change : part_of(phase, "changes"))
                if (text_of(change, "risk") == name(risk)) out = name(risk);
    return std::string(out);
}

std::string paths_sentence(const Json& plan, std::string_view subject) {
    const Json &now = part_of(plan, "paths"), &phases = part_of(plan, "phases");
    const std::int64_t all = number_of(now, "open") + number_of(now, "closed") + number_of(now, "unknown");
    if (all == 0) return "The plan knows no paths between hosts.";
    std::string out = fmt::format("{} of {} are open now", number_of(now, "open"), counted(all, "path"));
    if (phases.empty()) return out + ".";
    out += fmt::format(", and {} after {}.", number_of(part_of(phases.back(), "paths"), "open"), subject);
    std::int64_t closes = 0;
    for (const Json& phase : phases) closes += number_of(phase, "closes");
    if (closes == 0) return out + " No step closes a path.";
    return out + fmt::format(" Steps close up to {} on the way.", counted(closes, "open path"));
}

// Of a list that is numbers of the plan's names.
std::vector<std::pair<std::size_t, std::size_t>> ranges_of(const Json& list) {
    std::vector<std::pair<std::size_t, std::size_t>> out;
    for (const Json& one : part_of(list, "names")) {
        const auto ends = text::split(one.get_ref<const std::string&>(), '-');
        const auto first = text::number<std::size_t>(ends.front()), last = text::number<std::size_t>(ends.back());
        if (first && last && *first <= *last) out.emplace_back(*first, *last);
    }
    return out;
}

}  // namespace

std::size_t values_in(const Json& list) {
    if (!find(list, "names")) return list.size();
    std::size_t out = 0;
    for (const auto& [first, last] : ranges_of(list)) out += last - first + 1;
    return out;
}

std::vector<std::string> values_of(const Json& list, const Json& plan) {
    if (!find(list, "names")) return texts_of(list);
    const Json& names = part_of(plan, "names");
    std::vector<std::string> out;
    for (const auto& [first, last] : ranges_of(list))
        for (std::size_t i = first; i <= last && i < names.size(); ++i) out.push_back(value_words(names[i]));
    return out;
}

std::string plan_sentence(const Json& plan) {
    const bool back = text_of(plan, "purpose") == "rollback";
    std::size_t changes = 0;
    std::set<std::string> hosts;
    for (const Json& phase : part_of(plan, "phases"))
        for (const Json& change : part_of(phase, "changes")) {
            ++changes;
            hosts.insert(text_of(change, "object"));
        }
    const std::string_view subject = back ? "this rollback" : "this plan";
    const std::string paths = paths_sentence(plan, subject);
    if (changes == 0) return paths + " There is nothing to change.";
    const std::string risk = highest_risk(plan);
    return fmt::format("{} It makes {} on {}; {}. {}", paths, report::count(changes, "change"),
                       report::count(hosts.size(), "host"),
                       risk.empty() ? "its file does not say their risk" : "the highest risk is " + risk,
                       back ? "It overwrites nothing that somebody else wrote since."
                            : "Every change can be undone by `fairway rollback RUN`, RUN being the run that made it.");
}

std::string phase_title(const Json& phase) {
    const std::int64_t wave = number_of(phase, "wave");
    return wave == 0 ? text_of(phase, "phase")
                     : fmt::format("wave {}{}", wave, is_set(phase, "canary") ? " (canary)" : "");
}

std::string phase_words(const Json& phase) {
    const std::int64_t wave = number_of(phase, "wave");
    if (wave == 0) return phase_title(phase);
    return text_of(phase, "phase") + ", " + phase_title(phase);
}

std::string then_words(const Json& phase) {
    const Json& then = part_of(phase, "then");
    const std::vector<std::string> gates = texts_of(part_of(then, "gates"));
    Then out{.directory = is_set(then, "directory"), .minutes = number_of(then, "minutes"), .gates = {}};
    for (const Gate gate : all_gates)
        if (std::find(gates.begin(), gates.end(), name(gate)) != gates.end()) out.gates.push_back(gate);
    return report::words(out);
}

std::string window_words(const Json& plan) {
    const Json& window = part_of(part_of(plan, "run_rules"), "window");
    if (window.empty()) return {};
    return fmt::format("{} until {} {}", text_of(window, "from"), text_of(window, "until"), text_of(window, "zone"));
}

std::string estimate_words(const Json& result) {
    const Json& time = part_of(result, "estimate");
    if (time.empty()) return {};
    const std::int64_t pauses = number_of(time, "pauses_ms");
    return fmt::format("up to {} to apply it{}; up to {} to undo it{}", show_estimate(number_of(time, "apply_ms")),
                       pauses > 0 ? fmt::format(", and {} of waiting between phases", show_estimate(pauses)) : "",
                       show_estimate(number_of(time, "undo_ms")),
                       is_set(time, "assumed") ? " (assumed: no run of this journal measured it)" : "");
}

std::string id_of(const Json& plan) {
    constexpr std::size_t shown = 12;  // digits, as everywhere
    return text_of(plan, "digest").substr(0, shown);
}

}  // namespace fairway::forms
