// See bound_operand.hpp.
#include "engine/plan/bound_operand.hpp"

#include <string>
#include <unordered_map>
#include <vector>

#include "engine/names/service_names.hpp"

namespace fairway {

// All names that a service list gives for the members of a migration domain, kept for the rule's next host.
class BoundOperand::PeerNames {
public:
    PeerNames(const Inventory& inventory, const std::vector<ServiceClass>& services) : services_(services) {
        std::unordered_map<std::string, std::vector<std::string>> names;
        for (const Host& host : inventory.hosts) {
            if (host.domain.empty()) continue;
            auto& list = names[host.domain];
            const Set own = names_of(services, host);
            list.insert(list.end(), own.begin(), own.end());
        }
        for (auto& [domain, list] : names) all_.emplace(domain, Set(list));
    }

    std::optional<Set> of(const Host& host) const {
        const auto it = all_.find(host.domain);
        if (host.domain.empty() || it == all_.end()) return std::nullopt;
        Set names = subtract(Key::whole, it->second, names_of(services_, host));
        return names.empty() ? std::nullopt : std::optional(std::move(names));
    }

private:
    std::vector<ServiceClass> services_;
    std::unordered_map<std::string, Set> all_;
};

// The members of every migration domain.
class BoundOperand::Peers {
public:
    explicit Peers(const Inventory& inventory) {
        for (const Host& host : inventory.hosts)
            if (!host.domain.empty()) members_[host.domain].push_back(&host);
    }

    std::optional<Set> accounts_of(const Host& host) const {
        if (host.domain.empty()) return std::nullopt;
        std::vector<std::string> out;
        for (const Host* peer : members_.at(host.domain))
            if (peer->name != host.name) out.push_back(account_of(*peer, host.account_domain));
        return out.empty() ? std::nullopt : std::optional<Set>(out);
    }

private:
    std::unordered_map<std::string, std::vector<const Host*>> members_;
};

BoundOperand::BoundOperand(const Operand& operand, const Inventory& inventory) : operand_(operand) {
    const auto* computed = std::get_if<ComputedNames>(&operand);
    if (computed && computed->of == Of::peers) names_ = std::make_unique<PeerNames>(inventory, computed->services);
    if (std::holds_alternative<PeerAccounts>(operand)) peers_ = std::make_unique<Peers>(inventory);
}

BoundOperand::~BoundOperand() = default;

std::optional<Value> BoundOperand::of(const Host& host) const {
    if (peers_) return peers_->accounts_of(host);
    const auto* computed = std::get_if<ComputedNames>(&operand_);
    if (!computed) return std::get<Value>(operand_);
    const std::optional<Set> names = names_ ? names_->of(host) : names_of(computed->services, host);
    if (!names) return std::nullopt;
    return Value(unite(Key::whole, *names, Set(computed->also)));
}

}  // namespace fairway
