// See rollback_scope.hpp.
#include "engine/run/rollback_scope.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"

namespace fairway {
namespace {

bool is_key(Key key, std::string_view element, std::string_view value) {
    return text::same_folded(key_of(key, element), key_of(key, value));
}

// What the run's changes of each list add and take.
std::map<Address, Set> changed_elements(const Run& run) {
    std::map<Address, Set> out;
    for (const Change* change : numbered(run.plan)) {
        const Set *before = as_set(change->before), *after = as_set(change->after);
        if (!before || !after) continue;
        const Key key = change->address.setting->key;
        Set& all = out[change->address];
        for (const Set& some : {subtract(key, *after, *before), subtract(key, *before, *after)})
            all = unite(key, all, some);
    }
    return out;
}

Set named(Key key, const Set& all, const std::vector<std::string>& values) {
    Set::Elements out;
    for (const std::string_view element : all)
        if (std::any_of(values.begin(), values.end(),
                        [&](const std::string& value) { return is_key(key, element, value); }))
            out.push_back(element);
    return Set::of(std::move(out));
}

// The others of the list stay as they are, and nothing is said of them.
void spare_others(Want& want, Key key, const std::vector<std::string>& values) {
    Set all = *as_set(want.operand);
    if (want.from) all = unite(key, all, *as_set(*want.from));
    want.put_back = unite(key, want.put_back, subtract(key, all, named(key, all, values)));
    for (TakenOver& other : want.taken_over) other.values = named(key, other.values, values);
    std::erase_if(want.taken_over, [](const TakenOver& other) { return other.values.empty(); });
}

}  // namespace

bool RollbackScope::is_part() const {
    return only || !except.empty() || !settings.empty() || of_waves || !values.empty();
}

bool RollbackScope::covers(const Address& address) const {
    if (except.contains(address.object) || (only && !only->contains(address.object))) return false;
    if (of_waves && !of_waves->contains(address)) return false;
    return settings.empty() || std::find(settings.begin(), settings.end(), address.setting->name) != settings.end();
}

bool RollbackScope::covers(const Address& address, std::string_view element) const {
    return covers(address) &&
           (values.empty() || std::any_of(values.begin(), values.end(), [&](const std::string& value) {
                return is_key(address.setting->key, element, value);
            }));
}

Result<std::set<Address>> addresses_of_waves(const Run& run, const std::vector<std::int64_t>& waves) {
    std::set<Address> out;
    std::set<std::int64_t> there;
    for (const Phase& phase : run.plan.phases) {
        if (phase.wave == 0) continue;
        there.insert(phase.wave);
        if (std::find(waves.begin(), waves.end(), phase.wave) == waves.end()) continue;
        for (const Change& change : phase.changes) out.insert(change.address);
    }
    for (const std::int64_t wave : waves)
        if (!there.contains(wave))
            return fail(Code::bad_input, there.empty() ? fmt::format("run {} has no waves", run.id)
                                                       : fmt::format("run {} has no wave {}; it has {}", run.id, wave,
                                                                     fmt::join(there, ", ")));
    return out;
}

Result<void> knows_its_values(const Run& run, const std::vector<std::string>& values) {
    const auto changed = changed_elements(run);
    for (const std::string& value : values)
        if (std::none_of(changed.begin(), changed.end(), [&](const auto& list) {
                return !named(list.first.setting->key, list.second, {value}).empty();
            }))
            return fail(Code::bad_input, fmt::format("run {} changed no list by the value `{}`; fairway show {} lists "
                                                     "what it changed",
                                                     run.id, text::printable(value), run.id));
    return {};
}

void narrow(Desired& wants, const RollbackScope& scope, const Run& run) {
    std::erase_if(wants, [&](const auto& entry) { return !scope.covers(entry.first); });
    if (scope.values.empty()) return;
    const auto changed = changed_elements(run);
    std::erase_if(wants, [&](const auto& entry) {
        const auto it = changed.find(entry.first);
        return it == changed.end() || named(entry.first.setting->key, it->second, scope.values).empty();
    });
    for (auto& [address, all] : wants)
        for (Want& want : all) spare_others(want, address.setting->key, scope.values);
}

}  // namespace fairway
