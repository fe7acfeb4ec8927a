// See wave_order.hpp.
#include "engine/plan/wave_order.hpp"

#include <utility>

#include "engine/paths/simulate.hpp"
#include "engine/paths/switching.hpp"

namespace fairway {
namespace {

// The table of pairs grows with the square; larger domains keep the order of names.
constexpr std::size_t most_hosts = 512;

}  // namespace

WaveOrder::WaveOrder(const Inventory& inventory, const Snapshot& snapshot, const std::vector<Change>& additions)
    : meshes_(for_any_caller(meshes(inventory, snapshot))) {
    lay_over(meshes_, additions);
    for (std::size_t m = 0; m < meshes_.size(); ++m) by_domain_.emplace(meshes_[m].domain->name, m);
}

void WaveOrder::put_in_order(std::span<Changed> hosts, std::span<const Changed> before,
                             const std::vector<std::size_t>& gates) {
    const auto mesh = by_domain_.find(hosts.front().domain);
    if (mesh == by_domain_.end() || hosts.size() + before.size() > most_hosts) return;
    const std::vector<End>& ends = meshes_[mesh->second].ends;
    const Decoder decoder(meshes_[mesh->second]);
    std::unordered_map<std::string_view, const End*> others;
    for (const End& end : ends) others.emplace(end.host->name, &end);
    std::vector<Switch> switches;
    const auto take = [&](const Changed& host) {
        const auto it = others.find(host.name);
        if (it == others.end()) return false;  // nothing is known of its paths
        Switch one{*it->second, *it->second};
        for (const Change& change : host.changes)
            decoder.apply(one.after, *change.address.setting, Reading(Held(change.after)));
        switches.push_back(std::move(one));
        others.erase(it);
        return true;
    };
    for (const Changed& host : before)
        if (!take(host)) return;
    for (const Changed& host : hosts)
        if (!take(host)) return;
    std::vector<const End*> unchanged;
    for (const End& end : ends)
        if (others.contains(end.host->name)) unchanged.push_back(&end);
    std::vector<std::size_t> first;
    for (std::size_t i = 0; i < before.size(); ++i) first.push_back(i);
    const std::vector<std::size_t> order = best_order(Switching(switches, unchanged), first, gates);
    std::vector<Changed> out;
    for (std::size_t i = before.size(); i < order.size(); ++i)
        out.push_back(std::move(hosts[order[i] - before.size()]));
    std::move(out.begin(), out.end(), hosts.begin());
}

}  // namespace fairway
