// See aside.hpp.
#include "engine/run/aside.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/run/stale.hpp"

namespace fairway {

namespace {

// What a removal takes, a path from or to a host whose replacement is not in place may still need. Names of computers
// that are gone open no path.
bool may_close_paths(const Change& change, PhaseKind phase) {
    if (phase != PhaseKind::directory_removals) return false;
    const Set *before = as_set(change.before), *after = as_set(change.after);
    const Key key = change.address.setting->key;
    return !before || !covers(key, taken_as_gone(change), subtract(key, *before, *after));
}

}  // namespace

Aside::Aside(const Plan& plan, Tolerance tolerance) : tolerance_(std::move(tolerance)) {
    for (const Phase& phase : plan.phases) {
        std::set<std::string_view>& hosts = hosts_of_phase_.emplace_back();
        for (const Change& change : phase.changes) {
            phases_.emplace(&change, hosts_of_phase_.size() - 1);
            hosts.insert(change.address.object);
            of_host_[change.address.object].push_back(changes_.size());
            const auto domain = tolerance_.domains.find(change.address.object);
            if (domain != tolerance_.domains.end() && may_close_paths(change, phase.kind))
                takes_in_[domain->second].push_back(changes_.size());
            changes_.push_back(&change);
        }
    }
    fates_.assign(changes_.size(), Fate::unchanged);
}

void Aside::leave_object(const LeftOut& one) {
    for (const std::size_t number : of_host_[one.address.object]) {
        const Address& address = changes_[number]->address;
        if (is_done(number) || address.kind() != one.address.kind()) continue;
        if (address == one.address) fates_[number] = one.in_doubt ? Fate::in_doubt : Fate::failed;
        else if (fates_[number] == Fate::unchanged) fates_[number] = Fate::skipped;
    }
    left_out_.push_back(one);
    skip_resting_on(one.address.object);
}

void Aside::leave_by_choice() {
    std::vector<std::string> missing;  // who is given first why, so that nobody is said to rest on another one of them
    for (const auto& [host, word] : tolerance_.without)
        if (skip_own(host, word)) missing.push_back(host);
    for (const std::string& host : missing) skip_resting_on(host);
}

std::size_t Aside::borne_of(std::size_t phase) const {
    const Amount& amount = tolerance_.of_phase;
    if (amount.count) return static_cast<std::size_t>(*amount.count);
    return std::max<std::size_t>(1, hosts_of_phase_[phase].size() * static_cast<std::size_t>(*amount.percent) / 100);
}

bool Aside::bears(const Failed& more) const {
    Failed all = failed_;
    for (const auto& [phase, hosts] : more) all[phase].insert(hosts.begin(), hosts.end());
    const auto borne = [&](const auto& one) { return one.second.size() < borne_of(one.first); };
    if (tolerance_.of_phase.any() && !std::all_of(all.begin(), all.end(), borne)) return false;
    std::set<std::string_view> hosts;
    for (const auto& [phase, failed] : all) hosts.insert(failed.begin(), failed.end());
    return hosts.size() < tolerance_.failures;
}

bool Aside::goes_on_after(std::size_t number, bool in_doubt) {
    const Address& address = changes_[number]->address;
    fates_[number] = in_doubt ? Fate::in_doubt : Fate::failed;
    failed_[phase_at(number)].insert(address.object);
    if (!bears({})) return false;
    skip(address.object, fmt::format("{} {}", in_words(address), in_doubt ? "is in doubt" : "failed"));
    return true;
}

void Aside::leave_failed(const Change& change, const std::string& because_of, const Error& why) {
    failed_[phase_of(change)].insert(because_of);
    const Address& address = change.address;
    bool told = false;
    for (const std::size_t number : of_host_[address.object]) {
        if (is_done(number) || changes_[number]->address != address) continue;
        told = told || fates_[number] == Fate::failed;
        fates_[number] = Fate::failed;
    }
    if (!told) left_out_.push_back({address, why});
    if (because_of == address.object) skip(because_of, fmt::format("{} failed", in_words(address)));
    else skip_resting_on(address.object);
}

const Phase* Aside::untried_before(const Plan& plan, std::size_t phase) const {
    if (plan.purpose == Purpose::rollback || plan.phases[phase].wave == 0) return nullptr;
    std::size_t number = 0;
    for (std::size_t i = 0; i < phase; ++i) {
        const Phase& wave = plan.phases[i];
        const std::size_t end = number + wave.changes.size();
        const bool tried = std::any_of(fates_.begin() + static_cast<std::ptrdiff_t>(number),
                                       fates_.begin() + static_cast<std::ptrdiff_t>(end),
                                       [](Fate fate) { return fate == Fate::changed || fate == Fate::unchanged; });
        if (wave.wave > 0 && !tried && (wave.canary || hosts_of_phase_[i].size() > 1)) return &wave;
        number = end;
    }
    return nullptr;
}

void Aside::pass_over(std::size_t number, const std::string& why) {
    fates_[number] = Fate::skipped;
    left_out_.push_back({changes_[number]->address, {Code::refused, why}, false, true});
}

void Aside::skip(const std::string& host, const std::string& why) {
    if (skip_own(host, why)) skip_resting_on(host);
}

bool Aside::skip_own(const std::string& host, const std::string& why) {
    bool any = false;
    for (const std::size_t number : of_host_[host]) {
        if (is_done(number)) continue;
        any = true;
        if (fates_[number] == Fate::unchanged) pass_over(number, why);
    }
    return any;
}

void Aside::skip_resting_on(const std::string& host) {
    const auto domain = tolerance_.domains.find(host);
    if (domain == tolerance_.domains.end()) return;
    for (const std::size_t number : takes_in_[domain->second])
        if (fates_[number] == Fate::unchanged)
            pass_over(number,
                      fmt::format("{} of the same migration domain is not done, and a path from or to it may need "
                                  "what this takes away",
                                  host));
}

}  // namespace fairway
