// In which order do the hosts of a migration domain go through the waves, so that most paths stay open? Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/paths/end.hpp"

namespace fairway {

// A host that the plan changes, with its changes in their order.
struct Changed {
    std::string name;
    std::string domain;  // its migration domain, or empty
    std::size_t domain_place = 0, tag_place = 0;
    bool canary = false;  // by name or by tag
    std::vector<Change> changes;
};

// The hosts as they are when the first wave begins.
class WaveOrder {
public:
    WaveOrder(const Inventory& inventory, const Snapshot& snapshot, const std::vector<Change>& additions);

    // Hosts of one migration domain, of which `before` change earlier. After so many of all of them a wave ends.
    void put_in_order(std::span<Changed> hosts, std::span<const Changed> before, const std::vector<std::size_t>& gates);

private:
    std::vector<Mesh> meshes_;
    std::unordered_map<std::string_view, std::size_t> by_domain_;
};

}  // namespace fairway
