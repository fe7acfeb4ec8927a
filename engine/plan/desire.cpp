// See desire.hpp.
#include "engine/plan/desire.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <unordered_map>

#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/service_names.hpp"
#include "engine/paths/conditions.hpp"
#include "engine/plan/comparators.hpp"

namespace fairway {
namespace {

bool selects(const Select& select, const Host& host) {
    switch (select.by) {
        case Select::By::all: return true;
        case Select::By::tag: return std::find(host.tags.begin(), host.tags.end(), select.pattern) != host.tags.end();
        case Select::By::group: return host.domain == select.pattern;
        case Select::By::name: return text::matches(select.pattern, host.name);
    }
    return false;
}

// All names that a service list gives for the members of a migration domain, kept for the rule's next host.
class PeerNames {
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

    // Empty: the host has no peers, so there is nothing to want.
    std::optional<Set> of(const Host& host) const {
        const auto it = all_.find(host.domain);
        if (host.domain.empty() || it == all_.end()) return std::nullopt;
        return subtract(Key::whole, it->second, names_of(services_, host));
    }

private:
    std::vector<ServiceClass> services_;
    std::unordered_map<std::string, Set> all_;
};

// The members of every migration domain.
class Peers {
public:
    explicit Peers(const Inventory& inventory) {
        for (const Host& host : inventory.hosts)
            if (!host.domain.empty()) members_[host.domain].push_back(&host);
    }

    // Empty: as above.
    std::optional<Set> accounts_of(const Host& host) const {
        if (host.domain.empty()) return std::nullopt;
        std::vector<std::string> out;
        for (const Host* peer : members_.at(host.domain))
            if (peer->name != host.name) out.push_back(account_of(*peer, host.account_domain));
        return Set(out);
    }

private:
    std::unordered_map<std::string, std::vector<const Host*>> members_;
};

// The operand of one rule's want, ready to be asked for each host.
class Bound {
public:
    Bound(const Operand& operand, const Inventory& inventory) : operand_(operand) {
        const auto* computed = std::get_if<ComputedNames>(&operand);
        if (computed && computed->of == Of::peers) names_.emplace(inventory, computed->services);
        if (std::holds_alternative<PeerAccounts>(operand)) peers_.emplace(inventory);
    }

    std::optional<Value> of(const Host& host) const {
        if (peers_) return peers_->accounts_of(host);
        const auto* computed = std::get_if<ComputedNames>(&operand_);
        if (!computed) return std::get<Value>(operand_);
        const std::optional<Set> names = names_ ? names_->of(host) : names_of(computed->services, host);
        if (!names) return std::nullopt;
        return Value(unite(Key::whole, *names, Set(computed->also)));
    }

private:
    const Operand& operand_;
    std::optional<PeerNames> names_;
    std::optional<Peers> peers_;
};

class Desire {
public:
    Desire(const Policy& policy, const Inventory& inventory, std::int64_t now)
        : policy_(policy), inventory_(inventory), now_(now) {}

    Checked<Desired> make() {
        index_exceptions();
        for (const Rule& rule : policy_.rules) add(rule);
        find_contradictions();
        if (!complaints_.empty()) return tl::unexpected(std::move(complaints_));
        return std::move(desired_);
    }

private:
    void complain(Place where, std::string text) {
        complaints_.push_back({.file = policy_.file, .place = where, .text = std::move(text), .hint = {}});
    }

    void index_exceptions() {
        for (const Exception& exception : policy_.exceptions) {
            const Host* host = inventory_.find(exception.host);
            if (!host) {
                complain(exception.where, fmt::format("the exception for {} is for no host of inventory {}",
                                                      exception.host, inventory_.file));
                continue;
            }
            if (exception.until > now_) in_force_[{host->name, exception.setting}].push_back(&exception);
        }
    }

    std::string exception_for(const Address& address, const Rule& rule) const {
        const auto it = in_force_.find(address);
        if (it == in_force_.end()) return {};
        for (const Exception* exception : it->second)
            if (exception->rule.empty() || exception->rule == rule.id)
                return fmt::format("until {} by {}: {}", exception->until_text, exception->owner, exception->reason);
        return {};
    }

    void add(const Rule& rule) {
        std::vector<const Host*> selected;
        for (const Host& host : inventory_.hosts)
            if (selects(rule.select, host)) selected.push_back(&host);
        if (selected.empty()) {
            complain(rule.where, fmt::format("rule `{}` selects no host of inventory {}", rule.id, inventory_.file));
            return;
        }
        for (const RuleWant& want : rule.wants) {
            const Bound operand(want.operand, inventory_);
            for (const Host* host : selected) {
                std::optional<Value> value = operand.of(*host);
                if (!value) continue;
                Address address{host->name, want.setting};
                std::string exception = exception_for(address, rule);
                desired_[std::move(address)].push_back({.comparator = want.comparator,
                                                        .operand = std::move(*value),
                                                        .from = {},
                                                        .rule = rule.id,
                                                        .severity = rule.severity,
                                                        .exception = std::move(exception),
                                                        .where = want.where});
            }
        }
    }

    // A pair of lines is named once, with the first host it is about, however many hosts they cover.
    void find_contradictions() {
        std::vector<std::pair<int, int>> named;
        for (const auto& [address, wants] : desired_)
            for (std::size_t i = 0; i < wants.size(); ++i)
                for (std::size_t j = i + 1; j < wants.size(); ++j) {
                    const Want &a = wants[i], &b = wants[j];
                    const std::pair lines{a.where.line, b.where.line};
                    if (agree(*address.setting, a, b) || std::find(named.begin(), named.end(), lines) != named.end())
                        continue;
                    named.push_back(lines);
                    complain(b.where,
                             fmt::format("rule `{}` (line {}) wants {} {} on {}, but rule `{}` (line {}) "
                                         "wants {}; no value can be both",
                                         b.rule, b.where.line, address.setting->name, show(*address.setting, b),
                                         address.object, a.rule, a.where.line, show(*address.setting, a)));
                }
    }

    const Policy& policy_;
    const Inventory& inventory_;
    std::int64_t now_;
    std::map<Address, std::vector<const Exception*>> in_force_;
    Desired desired_;
    Diagnostics complaints_;
};

}  // namespace

Checked<Desired> desire(const Policy& policy, const Inventory& inventory, std::int64_t now) {
    return Desire(policy, inventory, now).make();
}

std::vector<const Exception*> expired(const Policy& policy, std::int64_t now) {
    std::vector<const Exception*> out;
    for (const Exception& exception : policy.exceptions)
        if (exception.until <= now) out.push_back(&exception);
    return out;
}

std::vector<Address> scope(const Desired& desired, const Inventory& inventory) {
    std::vector<Address> out;
    for (const auto& [address, wants] : desired) {
        out.push_back(address);
        if (address.setting->disturbs != Disturbs::never)
            out.push_back({address.object, &setting::host_running_migrations});
        // A domain controller's account is told by its flags: see plan/risk.
        if (address.kind() == Kind::computer) out.push_back({address.object, &setting::account_flags});
        if (address.setting->of_cluster) out.push_back({address.object, &setting::host_cluster});
        if (std::any_of(wants.begin(), wants.end(),
                        [](const Want& want) { return want.comparator == Comparator::vanished; }))
            out.push_back({address.object, &setting::delegation_vanished});
    }
    for (const Host& host : inventory.hosts) {
        if (host.domain.empty()) continue;
        for (const Setting* setting : path_settings()) out.push_back({host.name, setting});
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace fairway
