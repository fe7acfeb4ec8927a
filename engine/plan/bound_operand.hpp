// The operand of one rule's want, ready to be asked for each host. Pure.
#pragma once

#include <memory>
#include <optional>

#include "engine/model/inventory.hpp"
#include "engine/model/policy.hpp"

namespace fairway {

// As long as the operand and the inventory are there.
class BoundOperand {
public:
    BoundOperand(const Operand& operand, const Inventory& inventory);
    ~BoundOperand();

    std::optional<Value> of(const Host& host) const;  // empty: the host has no peers, so there is nothing to want

private:
    class PeerNames;
    class Peers;

    const Operand& operand_;
    std::unique_ptr<PeerNames> names_;
    std::unique_ptr<Peers> peers_;
};

}  // namespace fairway
