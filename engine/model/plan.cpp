// See plan.hpp and run.hpp.
#include "engine/model/plan.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <unordered_map>

#include "engine/model/account_facts.hpp"
#include "engine/model/run.hpp"

namespace fairway {

std::size_t Plan::size() const {
    std::size_t n = 0;
    for (const Phase& phase : phases) n += phase.changes.size();
    return n;
}

// A plan file of an older version may name no paths.
std::int64_t paths_closed(const Plan& plan) {
    std::unordered_map<std::string_view, std::uint64_t> numbers;
    const auto number = [&](std::string_view host) { return numbers.emplace(host, numbers.size()).first->second; };
    std::vector<std::uint64_t> paths;
    std::int64_t unnamed = 0;
    for (const Phase& phase : plan.phases) {
        if (phase.closed.empty()) unnamed += phase.closes;
        for (const StepPaths& step : phase.closed)
            step.each([&](const std::string& from, const std::string& to) {
                paths.push_back(number(from) << 32 | number(to));
            });
    }
    std::sort(paths.begin(), paths.end());
    return unnamed + (std::unique(paths.begin(), paths.end()) - paths.begin());
}

std::string title(const Phase& phase) {
    if (phase.wave == 0) return std::string(name(phase.kind));
    return fmt::format("wave {}{}", phase.wave, phase.canary ? " (canary)" : "");
}

std::vector<Replica> last_replicas(const Run& run) {
    std::vector<Replica> out;
    for (const Replica& one : run.replicas) {
        const auto it =
            std::find_if(out.begin(), out.end(), [&](const Replica& other) { return other.domain == one.domain; });
        if (it == out.end()) out.push_back(one);
        else *it = one;
    }
    return out;
}

std::map<std::size_t, const Step*> last_steps(const Run& run) {
    std::map<std::size_t, const Step*> out;
    for (const Step& step : run.steps) out[step.number] = &step;
    return out;
}

std::set<Address> changed_by(const Run& run) {
    const std::vector<const Change*> changes = numbered(run.plan);
    std::set<Address> out;
    for (const auto& [number, step] : last_steps(run))
        if (number < changes.size() && step->outcome != Outcome::not_done) out.insert(changes[number]->address);
    return out;
}

std::vector<const Change*> numbered(const Plan& plan) {
    std::vector<const Change*> out;
    out.reserve(plan.size());
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) out.push_back(&change);
    return out;
}

Numbers numbers_of(const Plan& plan, const Phase& phase) {
    Numbers out;
    for (const Phase& one : plan.phases) {
        out = {out.end, out.end + one.changes.size()};
        if (one.kind == phase.kind && one.wave == phase.wave) return out;
    }
    return {out.end, out.end};
}

Set added(const Change& change) {
    const Set *before = as_set(change.before), *after = as_set(change.after);
    return before && after ? subtract(change.address.setting->key, *after, *before) : Set();
}

Set taken_as_gone(const Change& change) {
    const Premise* premise = change.premises.about({change.address.object, &setting::delegation_vanished});
    return premise ? *as_set(*premise->holds) : Set();
}

}  // namespace fairway
