// See converge.hpp.
#include "engine/run/converge.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace fairway {
namespace {

constexpr std::int64_t first_pause_s = 1, longest_pause_s = 15;

// One replica that is not the run's own, and what it must show yet.
struct Other {
    Replica replica;
    std::vector<Address> behind;
    std::optional<Error> silent = {};
};

using Wanted = std::map<Address, ChangeStamp>;

// What is looked for, as the run's own replica of each domain has it.
Result<Wanted> wanted_at(Replicas& replicas, const Replica& own, std::span<const Address> addresses) {
    const Result<ChangeStamps> stamps = replicas.stamps(own, addresses);
    if (!stamps) return tl::unexpected(stamps.error());
    Wanted out;
    for (const auto& [address, stamp] : *stamps) {
        if (!stamp) return tl::unexpected(stamp.error());
        if (!*stamp)
            return fail(Code::denied,
                        fmt::format("{} does not show when {} of {} was changed (replPropertyMetaData), so "
                                    "it is not known whether others have it",
                                    own.server, address.setting->name, address.object));
        out.emplace(address, **stamp);
    }
    return out;
}

void ask(Replicas& replicas, Other& other, const Wanted& wanted, Convergence& out) {
    const Result<ChangeStamps> stamps = replicas.stamps(other.replica, other.behind);
    other.silent = stamps ? std::nullopt : std::optional(stamps.error());
    if (!stamps) return;
    std::erase_if(other.behind, [&](const Address& address) {
        const auto it = stamps->find(address);
        if (it == stamps->end() || !it->second || !*it->second) return false;
        const auto order = **it->second <=> wanted.at(address);
        if (order > 0) out.overtaken.emplace_back(other.replica, address);
        return order >= 0;
    });
    // A replica that answers, but not about an account, says why.
    for (const Address& address : other.behind)
        if (const auto it = stamps->find(address); it != stamps->end() && !it->second)
            other.silent = it->second.error();
}

void count(const std::vector<Other>& others, Convergence& out) {
    out.lags.clear();
    std::size_t missing = 0;
    for (const Other& other : others) {
        missing += other.behind.size();
        if (!other.behind.empty()) out.lags.push_back({other.replica, other.behind, other.silent});
    }
    out.shown = out.of - missing;
}

}  // namespace

Result<Convergence> converge(Replicas& replicas, std::span<const Address> addresses, const Patience& patience) {
    const Result<std::vector<Holder>> all = replicas.all();
    if (!all) return tl::unexpected(all.error());
    Convergence out;
    out.values = addresses.size();
    Wanted wanted;
    std::vector<Other> others;
    for (const Holder& holder : *all) {
        out.replicas.push_back(holder.replica);
        if (!holder.own) continue;
        auto own = wanted_at(replicas, holder.replica, addresses);
        if (!own) return tl::unexpected(own.error());
        for (const Holder& other : *all) {
            if (other.own || other.replica.domain != holder.replica.domain) continue;
            others.push_back({other.replica, {}});
            for (const auto& [address, stamp] : *own) others.back().behind.push_back(address);
            out.of += own->size();
        }
        out.of += own->size();
        wanted.merge(*own);
    }
    const std::int64_t began = patience.clock();
    for (std::int64_t pause = first_pause_s;; pause = std::min(pause * 2, longest_pause_s)) {
        for (Other& other : others)
            if (!other.behind.empty()) ask(replicas, other, wanted, out);
        count(others, out);
        out.waited_s = patience.clock() - began;
        patience.say(out);
        const std::int64_t left = patience.limit_s - out.waited_s;
        if (out.complete() || left <= 0) return out;
        if (!patience.sleep(std::min(pause, left))) {
            out.interrupted = true;
            return out;
        }
    }
}

}  // namespace fairway
