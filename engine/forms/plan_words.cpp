// See plan_words.hpp.
#include "engine/forms/plan_words.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "engine/base/duration.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"
#include "engine/report/style.hpp"

namespace fairway::forms {
namespace {

// Of many sets: "1 to 5 values".
struct Range {
    std::size_t least = 0, most = 0;  // of those that are not 0
    void add(std::size_t n) {
        if (n == 0) return;
        least = most == 0 ? n : std::min(least, n);
        most = std::max(most, n);
    }
    std::string words(std::string_view verb) const {
        const std::string number = least == most ? std::to_string(most) : fmt::format("{} to {}", least, most);
        return fmt::format("{} {} value{}", verb, number, most == 1 ? "" : "s");
    }
};

bool is_set_change(const Json& change) { return find(change, "add") || find(change, "remove"); }

std::string transition(const Group& group) {
    const Json& first = *group.front();
    if (!is_set_change(first)) {
        const Json *before = find(first, "before"), *after = find(first, "after");
        return fmt::format("{} → {}", before ? value_words(*before) : "", after ? value_words(*after) : "");
    }
    Range added, taken;
    for (const Json* change : group) {
        added.add(values_in(part_of(*change, "add")));
        taken.add(values_in(part_of(*change, "remove")));
    }
    std::vector<std::string> parts;
    for (const auto& [key, verb, range] :
         {std::tuple("add", "adds", &added), std::tuple("remove", "removes", &taken)}) {
        if (range->most == 0) continue;
        const Json& list = part_of(first, key);  // of one alone its values themselves, where they stand there
        parts.push_back(group.size() == 1 && list.is_array() ? fmt::format("{} {}", verb, value_words(list))
                                                             : range->words(verb));
    }
    return text::join(parts, "; ");
}

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

}  // namespace

std::size_t values_in(const Json& list) {
    const Json* names = find(list, "names");
    if (!names) return list.size();
    std::size_t out = 0;
    for (const Json& one : *names) {
        const auto ends = text::split(one.get_ref<const std::string&>(), '-');
        const auto first = text::number<std::size_t>(ends.front()), last = text::number<std::size_t>(ends.back());
        if (first && last && *first <= *last) out += *last - *first + 1;
    }
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
    std::vector<std::string> parts;
    if (is_set(then, "directory")) parts.emplace_back("all domain controllers have it");
    if (const std::int64_t minutes = number_of(then, "minutes")) parts.push_back(fmt::format("{} minutes", minutes));
    if (!gates.empty()) parts.push_back("gates: " + text::join(gates, ", "));
    return text::join(parts, "; ");
}

std::vector<Changes> alike(const Json& plan) {
    std::vector<Changes> out;
    for (const Json& phase : part_of(plan, "phases")) {
        std::map<std::tuple<std::string, std::string, std::string, std::string>, std::size_t> places;
        std::vector<Group> groups;
        for (const Json& change : part_of(phase, "changes")) {
            const Json* rules = find(change, "rules");
            const auto [it, fresh] = places.try_emplace(
                {text_of(change, "setting"), text_of(change, "risk"), rules ? value_words(*rules) : "",
                 is_set_change(change) ? std::string() : transition({&change})},
                groups.size());
            if (fresh) groups.emplace_back();
            groups[it->second].push_back(&change);
        }
        for (const Group& group : groups) {
            const Json& first = *group.front();
            const Json* rules = find(first, "rules");
            out.push_back({phase_words(phase), text_of(first, "setting"), transition(group), text_of(first, "risk"),
                           rules ? value_words(*rules) : "", names_in(group, "object")});
        }
    }
    return out;
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
                       pauses > 0 ? fmt::format(", and {} of pauses", show_estimate(pauses)) : "",
                       show_estimate(number_of(time, "undo_ms")),
                       is_set(time, "assumed") ? " (assumed: no run of this journal measured it)" : "");
}

std::string id_of(const Json& plan) {
    constexpr std::size_t shown = 12;  // digits, as everywhere
    return text_of(plan, "digest").substr(0, shown);
}

}  // namespace fairway::forms
