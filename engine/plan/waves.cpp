// See waves.hpp.
#include "engine/plan/waves.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <unordered_map>

#include "engine/base/text.hpp"
#include "engine/plan/wave_order.hpp"

namespace fairway {
namespace {

bool is_chosen(const Host& host, const Canary& canary) {
    const auto same = [&](const std::string& name) { return text::same_folded(name, host.name); };
    return std::any_of(canary.hosts.begin(), canary.hosts.end(), same) ||
           std::find(host.tags.begin(), host.tags.end(), canary.tag) != host.tags.end();
}

// How far in front the host's tags put it.
std::size_t tag_place(const Host& host, const std::vector<std::string>& tags) {
    const auto first = std::find_if(tags.begin(), tags.end(), [&](const std::string& tag) {
        return std::find(host.tags.begin(), host.tags.end(), tag) != host.tags.end();
    });
    return static_cast<std::size_t>(first - tags.begin());
}

std::vector<Changed> changed_hosts(std::vector<Change> changes, const Rollout& rollout, const Inventory& inventory) {
    std::unordered_map<std::string_view, const Host*> hosts;
    for (const Host& host : inventory.hosts) hosts.emplace(host.name, &host);
    std::unordered_map<std::string_view, std::size_t> domains;
    for (const MigrationDomain& domain : inventory.domains) domains.emplace(domain.name, domains.size());
    std::vector<Changed> out;
    for (Change& change : changes) {
        if (out.empty() || out.back().name != change.address.object) {
            Changed one{.name = change.address.object, .domain = {}, .domain_place = domains.size(), .changes = {}};
            if (const auto it = hosts.find(one.name); it != hosts.end()) {
                one.domain = it->second->domain;
                if (const auto place = domains.find(one.domain); place != domains.end())
                    one.domain_place = place->second;
                one.tag_place = tag_place(*it->second, rollout.tags);
                one.canary = is_chosen(*it->second, rollout.canary);
            }
            out.push_back(std::move(one));
        }
        out.back().changes.push_back(std::move(change));
    }
    return out;
}

// How many hosts each wave takes of `all`, of which `chosen` are the canary by name. The first is the canary's.
std::vector<std::size_t> sizes(const Rollout& rollout, std::size_t all, std::size_t chosen) {
    std::vector<std::size_t> out;
    std::size_t left = all;
    const auto take = [&](std::size_t wanted) {
        out.push_back(std::min(wanted, left));
        left -= out.back();
    };
    take(rollout.canary.chosen() ? chosen : static_cast<std::size_t>(rollout.canary.count));
    for (const WaveSize& size : rollout.waves) {
        const auto amount = static_cast<std::size_t>(size.amount);
        take(size.by == WaveSize::By::rest    ? left
             : size.by == WaveSize::By::count ? amount
                                              : (all * amount + 99) / 100);
    }
    take(left);
    return out;
}

// The canary's hosts first, if they are named; then as the policy wants it.
void put_in_order(std::span<Changed> hosts, Rollout::Order order) {
    std::stable_sort(hosts.begin(), hosts.end(), [&](const Changed& a, const Changed& b) {
        const auto key = [&](const Changed& one) {
            const bool by_domain = order == Rollout::Order::migration_domain || order == Rollout::Order::paths;
            return std::tuple(!one.canary, order == Rollout::Order::tags ? one.tag_place : 0,
                              by_domain ? one.domain_place : 0);
        };
        return key(a) < key(b);
    });
}

// Domain by domain: in each so that most paths stay open, where the waves end.
void keep_paths_open(std::span<Changed> hosts, std::size_t canaries, const std::vector<std::size_t>& counts,
                     WaveOrder& order) {
    const auto same_domain = [](std::span<Changed> from) {
        const auto end = std::find_if(from.begin(), from.end(), [&](const Changed& one) {
            return one.domain_place != from.front().domain_place;
        });
        return static_cast<std::size_t>(end - from.begin());
    };
    for (std::size_t begin = canaries, size = 0; begin < hosts.size(); begin += size) {
        size = same_domain(hosts.subspan(begin));
        const std::span<Changed> domain = hosts.subspan(begin, size);
        std::vector<Changed> before;
        for (const Changed& one : hosts.first(canaries))
            if (one.domain_place == domain.front().domain_place) before.push_back(one);
        std::vector<std::size_t> gates;
        std::size_t end = 0;
        for (const std::size_t count : counts) {
            end += count;
            if (end > begin && end <= begin + size) gates.push_back(before.size() + end - begin);
        }
        order.put_in_order(domain, before, gates);
    }
}

using Waves = std::vector<std::vector<Change>>;

void divide(std::span<Changed> hosts, const Rollout& rollout, std::optional<WaveOrder>& order, Waves& waves) {
    put_in_order(hosts, rollout.order);
    const auto chosen = static_cast<std::size_t>(
        std::count_if(hosts.begin(), hosts.end(), [](const Changed& one) { return one.canary; }));
    const std::vector<std::size_t> counts = sizes(rollout, hosts.size(), chosen);
    if (order) keep_paths_open(hosts, chosen, counts, *order);
    waves.resize(std::max(waves.size(), counts.size()));
    auto next = hosts.begin();
    for (std::size_t wave = 0; wave < counts.size(); ++wave)
        for (std::size_t i = 0; i < counts[wave]; ++i, ++next)
            std::move(next->changes.begin(), next->changes.end(), std::back_inserter(waves[wave]));
}

std::vector<Phase> waves_of(Phase all, const Rollout& rollout, const Inventory& inventory,
                            std::optional<WaveOrder> order) {
    std::vector<Changed> hosts = changed_hosts(std::move(all.changes), rollout, inventory);
    Waves waves;
    if (rollout.per == Rollout::Per::estate) {
        divide(hosts, rollout, order, waves);
    } else {
        std::map<std::size_t, std::vector<Changed>> domains;
        for (Changed& one : hosts) domains[one.domain_place].push_back(std::move(one));
        for (auto& [place, hosts_there] : domains) divide(hosts_there, rollout, order, waves);
    }
    std::vector<Phase> out;
    for (std::size_t wave = 0; wave < waves.size(); ++wave) {
        if (waves[wave].empty()) continue;
        Phase phase = all;
        phase.changes = std::move(waves[wave]);
        phase.canary = wave == 0;
        phase.wave = static_cast<std::int64_t>(out.size()) + 1;
        out.push_back(std::move(phase));
    }
    return out;
}

}  // namespace

Result<void> knows_its_hosts(const Rollout& rollout, const Inventory& inventory) {
    const auto lacks = [&](const std::string& what) {
        return fail(Code::bad_input,
                    fmt::format("{} (rollout.canary), and inventory {} has none, so no plan can be made", what,
                                inventory.estate));
    };
    for (const std::string& name : rollout.canary.hosts)
        if (!inventory.find(name)) return lacks(fmt::format("the policy's canary is host {}", name));
    const std::string& tag = rollout.canary.tag;
    const auto has = [&](const Host& host) {
        return std::find(host.tags.begin(), host.tags.end(), tag) != host.tags.end();
    };
    if (!tag.empty() && std::none_of(inventory.hosts.begin(), inventory.hosts.end(), has))
        return lacks(fmt::format("the policy's canary is hosts with tag {}", tag));
    return {};
}

std::vector<Phase> in_waves(std::vector<Phase> phases, const Rollout& rollout, const Inventory& inventory,
                            const Snapshot& snapshot) {
    std::vector<Phase> out;
    for (Phase& phase : phases) {
        if (phase.kind != PhaseKind::hosts) {
            out.push_back(std::move(phase));
            continue;
        }
        std::optional<WaveOrder> order;
        const bool added = !out.empty() && out.front().kind == PhaseKind::directory_additions;
        if (rollout.order == Rollout::Order::paths)
            order.emplace(inventory, snapshot, added ? out.front().changes : std::vector<Change>());
        for (Phase& wave : waves_of(std::move(phase), rollout, inventory, std::move(order)))
            out.push_back(std::move(wave));
    }
    for (std::size_t i = 0; i + 1 < out.size(); ++i) {
        out[i].then.directory = out[i].kind == PhaseKind::directory_additions;
        if (out[i].kind != PhaseKind::hosts) continue;
        out[i].then.minutes = rollout.pause_minutes;
        out[i].then.gates = rollout.gates;
    }
    return out;
}

std::vector<Phase> waves_back(std::vector<Phase> phases, const Plan& undone) {
    std::unordered_map<std::string_view, const Phase*> waves;  // of each host
    for (const Phase& phase : undone.phases)
        if (phase.wave > 0)
            for (const Change& change : phase.changes) waves.emplace(change.address.object, &phase);
    const auto wave_of = [&](const Change& change) {
        const auto it = waves.find(change.address.object);
        return it == waves.end() ? nullptr : it->second;
    };
    std::vector<Phase> out;
    for (Phase& phase : phases) {
        if (phase.kind != PhaseKind::hosts || waves.empty()) {
            out.push_back(std::move(phase));
            continue;
        }
        // Pointers of one list: a later phase is greater. Hosts that were in no wave come last.
        std::map<const Phase*, std::vector<Change>, std::greater<>> parts;
        for (Change& change : phase.changes) parts[wave_of(change)].push_back(std::move(change));
        for (auto& [wave, changes] : parts) {
            Phase part = {.kind = phase.kind, .changes = std::move(changes), .paths = {}};
            if (wave) part.wave = wave->wave;
            if (wave) part.canary = wave->canary;
            out.push_back(std::move(part));
        }
    }
    return out;
}

}  // namespace fairway
