// See admission.hpp.
#include "engine/run/admission.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

// The VM is not there, or may not be touched. Which of several of one name is meant, only its id says.
Result<AdmittedVm> admit_one(const MigrationDomain& domain, const std::string& name, const TrialMoves& wanted,
                             Mover& mover) {
    std::vector<AdmittedVm> found;
    std::optional<Error> unread;
    for (const std::string& host : domain.hosts) {
        auto machine = mover.find(host, wanted.id.empty() ? name : wanted.id);
        if (!machine) unread = machine.error();
        else if (*machine) found.push_back({host, std::move(**machine)});
    }
    if (found.empty() && unread) return tl::unexpected(*unread);
    if (found.empty())
        return fail(
            Code::not_found,
            fmt::format("no host of migration domain {} has the VM {}: nothing was proved there", domain.name, name));
    if (found.size() > 1)
        return fail(Code::refused,
                    fmt::format("{} is on {} and on {}; say which VM is meant by its id (verify.moves.id), so "
                                "no move was tried",
                                name, found[0].host, found[1].host));
    const Machine& vm = found.front().vm;
    if (!text::same_folded(vm.name, name))
        return fail(Code::refused,
                    fmt::format("the VM {} on {} is called {} and not {}; it may be another one than the "
                                "policy means, so no move was tried",
                                vm.id, found.front().host, vm.name, name));
    if (!vm.running)
        return fail(Code::refused,
                    fmt::format("{} on {} does not run, so no move of it would be a live migration; start it", name,
                                found.front().host));
    if (vm.memory_mb && *vm.memory_mb > wanted.max_memory_mb)
        return fail(Code::refused,
                    fmt::format("{} on {} starts with {} MB of memory and trial moves are for VMs of at most "
                                "{} MB (verify.moves.max_memory_mb); is it the VM that is meant?",
                                name, found.front().host, *vm.memory_mb, wanted.max_memory_mb));
    return std::move(found.front());
}

auto busy(const std::string& host, std::int64_t run, std::int64_t most, const char* kind) {
    return fail(Code::refused, most < 1
                                   ? fmt::format("{} allows no {} at all, so no move was tried", host, kind)
                                   : fmt::format("{} is busy: {} of at most {} {}s run there, so no move was tried; "
                                                 "verify again later",
                                                 host, run, most, kind));
}

}  // namespace

std::vector<std::pair<std::string, Result<AdmittedVm>>> admit(const MigrationDomain& domain, const TrialMoves& wanted,
                                                              Mover& mover) {
    std::vector<std::pair<std::string, Result<AdmittedVm>>> out;
    for (const std::string& name : wanted.vms) out.emplace_back(name, admit_one(domain, name, wanted, mover));
    const auto missing = [](const auto& one) { return !one.second && one.second.error().code == Code::not_found; };
    const auto first_missing = std::stable_partition(out.begin(), out.end(), std::not_fn(missing));
    // Another domain may have it; only where none is there, nothing is proved.
    out.erase(first_missing == out.begin() && !out.empty() ? out.begin() + 1 : first_missing, out.end());
    return out;
}

Result<void> Rooms::open(const std::vector<std::string>& hosts, const std::vector<Leg>& legs, Mover& mover) {
    const bool storage = std::any_of(legs.begin(), legs.end(), [](const Leg& leg) { return leg.storage; });
    for (const std::string& host : hosts) {
        if (free_.contains(host)) continue;
        const auto room = mover.room(host);
        if (!room) return tl::unexpected(room.error());
        if (!room->draining.empty())
            return fail(Code::refused, fmt::format("{}: {}, so no move was tried; verify when it takes VMs again", host,
                                                   room->draining));
        if (room->live >= room->most_live) return busy(host, room->live, room->most_live, "live migration");
        if (storage && room->storage >= room->most_storage)
            return busy(host, room->storage, room->most_storage, "storage migration");
        free_[host] = {room->most_live - room->live, room->most_storage - room->storage};
    }
    return {};
}

bool Rooms::take(const Leg& leg) {
    for (const std::string& host : {leg.from, leg.to})
        if (free_[host].live < 1 || (leg.storage && free_[host].storage < 1)) return false;
    for (const std::string& host : {leg.from, leg.to}) {
        --free_[host].live;
        if (leg.storage) --free_[host].storage;
    }
    return true;
}

void Rooms::give_back(const Leg& leg) {
    for (const std::string& host : {leg.from, leg.to}) {
        ++free_[host].live;
        if (leg.storage) ++free_[host].storage;
    }
}

}  // namespace fairway
