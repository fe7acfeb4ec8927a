// See aside.hpp.
#include "engine/run/aside.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/run/stale.hpp"

namespace fairway {

Aside::Aside(const Plan& plan, Tolerance tolerance) : tolerance_(std::move(tolerance)) {
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) changes_.push_back({&change, phase.kind});
    fates_.assign(changes_.size(), Fate::unchanged);
}

void Aside::leave_object(const LeftOut& one) {
    for (std::size_t number = 0; number < changes_.size(); ++number) {
        const Address& address = changes_[number].change->address;
        if (is_done(number) || address.object != one.address.object || address.kind() != one.address.kind()) continue;
        if (address == one.address) fates_[number] = one.in_doubt ? Fate::in_doubt : Fate::failed;
        else if (fates_[number] == Fate::unchanged) fates_[number] = Fate::skipped;
    }
    left_out_.push_back(one);
}

void Aside::leave_by_choice() {
    for (const auto& [host, word] : tolerance_.without) skip(host, word);
}

bool Aside::bears(const std::set<std::string>& hosts) const {
    std::set<std::string> all = failed_;
    all.insert(hosts.begin(), hosts.end());
    return all.size() < tolerance_.failures;
}

bool Aside::goes_on_after(std::size_t number, bool in_doubt) {
    const Address& address = changes_[number].change->address;
    fates_[number] = in_doubt ? Fate::in_doubt : Fate::failed;
    failed_.insert(address.object);
    if (!bears({})) return false;
    skip(address.object, fmt::format("{} {}", in_words(address), in_doubt ? "is in doubt" : "failed"));
    return true;
}

void Aside::leave_failed(const Change& change, const std::string& because_of, const Error& why) {
    failed_.insert(because_of);
    const Address& address = change.address;
    bool told = false;
    for (std::size_t number = 0; number < changes_.size(); ++number) {
        if (is_done(number) || changes_[number].change->address != address) continue;
        told = told || fates_[number] == Fate::failed;
        fates_[number] = Fate::failed;
    }
    if (!told) left_out_.push_back({address, why});
    if (because_of == address.object) skip(because_of, fmt::format("{} failed", in_words(address)));
    else skip_resting_on(address.object);
}

void Aside::pass_over(std::size_t number, const std::string& why) {
    fates_[number] = Fate::skipped;
    left_out_.push_back({changes_[number].change->address, {Code::refused, why}, false, true});
}

void Aside::skip(const std::string& host, const std::string& why) {
    bool any = false;
    for (std::size_t number = 0; number < changes_.size(); ++number) {
        if (changes_[number].change->address.object != host || is_done(number)) continue;
        any = true;
        if (fates_[number] == Fate::unchanged) pass_over(number, why);
    }
    if (any) skip_resting_on(host);
}

void Aside::skip_resting_on(const std::string& host) {
    for (std::size_t number = 0; number < changes_.size(); ++number)
        if (fates_[number] == Fate::unchanged && rests_on(changes_[number], host))
            pass_over(number, fmt::format("{} of the same migration domain is not done, and a path from or to it may need "
                                          "what this takes away",
                                          host));
}

// What a removal takes, a path from or to a host whose replacement is not in place may still need. Names of computers that
// are gone open no path.
bool Aside::rests_on(const Numbered& one, const std::string& host) const {
    if (one.phase != PhaseKind::directory_removals) return false;
    const auto of_host = tolerance_.domains.find(host), own = tolerance_.domains.find(one.change->address.object);
    if (of_host == tolerance_.domains.end() || own == tolerance_.domains.end() || own->second != of_host->second) return false;
    const Set *before = as_set(one.change->before), *after = as_set(one.change->after);
    const Key key = one.change->address.setting->key;
    return !before || !covers(key, taken_as_gone(*one.change), subtract(key, *before, *after));
}

}  // namespace fairway
