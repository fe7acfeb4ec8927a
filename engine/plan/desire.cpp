// See desire.hpp.
#include "engine/plan/desire.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <unordered_map>

#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"
#include "engine/names/service_names.hpp"
#include "engine/plan/bound_operand.hpp"
#include "engine/plan/comparators.hpp"
#include "engine/plan/selection.hpp"

namespace fairway {

namespace {

std::string nearest_host(const std::string& name, const Inventory& inventory) {
    std::vector<std::string_view> known;
    for (const Host& host : inventory.hosts) known.push_back(host.name);
    const std::string_view near = text::did_you_mean(name, known);
    return near.empty() ? std::string() : fmt::format("did you mean `{}`?", near);
}

// Takes what is in doubt out of a want: elements that name a host of whom it is not known who it is.
class Sifting {
public:
    Sifting(const Inventory& inventory, const Doubts& doubts) : doubts_(doubts) {
        for (const Host& host : inventory.hosts) {
            const auto it = doubts.hosts.find(host.name);
            if (it == doubts.hosts.end()) continue;
            named_.push_back(&*it);
            services_ = unite(Key::whole, services_, it->second.names);
            if (!it->second.account) continue;
            accounts_of_.emplace(host.name, Set({host.name + "$", account_of(host, {})}));
            accounts_ = unite(Key::whole, accounts_, accounts_of_.at(host.name));
        }
    }

    // One want as it may be planned, and the parts that may not.
    std::vector<Want> of(const Address& address, Want want) const {
        if (const auto it = doubts_.hosts.find(address.object);
            row_of(address.kind()).in_directory && it != doubts_.hosts.end() && it->second.account) {
            want.doubt = it->second.why;
            want.only_new = it->second.only_new;
            return {std::move(want)};
        }
        const Set* suspects = suspects_for(*address.setting);
        const Set* operand = as_set(want.operand);
        const bool puts = want.comparator == Comparator::includes || want.comparator == Comparator::equals;
        if (!puts || !suspects || !operand || intersect(Key::whole, *operand, *suspects).empty())
            return {std::move(want)};
        std::vector<Want> out;
        for (const auto* host : named_)
            if (const Set part = intersect(Key::whole, *operand, part_of(*address.setting, *host)); !part.empty())
                out.push_back(doubtful(want, part, host->second));
        const Set rest = subtract(Key::whole, *operand, *suspects);
        if (want.comparator == Comparator::equals) {  // its upper bound stands: what is there may stay
            Want most = want;
            most.comparator = Comparator::within;
            out.push_back(std::move(most));
        }
        if (!rest.empty()) {
            want.comparator = Comparator::includes;
            want.operand = rest;
            out.push_back(std::move(want));
        }
        return out;
    }

private:
    using Named = std::pair<const std::string, Doubts::Of>;

    static Want doubtful(Want want, const Set& part, const Doubts::Of& why) {
        want.comparator = Comparator::includes;
        want.operand = part;
        want.doubt = why.why;
        want.only_new = why.only_new;
        return want;
    }

    const Set* suspects_for(const Setting& row) const {
        if (row.elements == ElementForm::services || row.elements == ElementForm::own_names) return &services_;
        return row.elements == ElementForm::accounts ? &accounts_ : nullptr;
    }

    Set part_of(const Setting& row, const Named& host) const {
        if (row.elements != ElementForm::accounts) return host.second.names;
        const auto it = accounts_of_.find(host.first);
        return it == accounts_of_.end() ? Set() : it->second;
    }

    const Doubts& doubts_;
    std::vector<const Named*> named_;
    Set services_, accounts_;
    std::unordered_map<std::string, Set> accounts_of_;
};

class Desire {
public:
    Desire(const Policy& policy, const Inventory& inventory, std::int64_t now, const Doubts& doubts)
        : policy_(policy), inventory_(inventory), now_(now), sifting_(inventory, doubts) {}

    Checked<Desired> make() {
        index_exceptions();
        for (const Rule& rule : policy_.rules) add(rule);
        find_contradictions();
        if (!complaints_.empty()) return tl::unexpected(std::move(complaints_));
        return std::move(desired_);
    }

private:
    void complain(Place where, std::string text, std::string hint = {}) {
        complaints_.push_back(
            {.file = policy_.file_of(where), .place = where, .text = std::move(text), .hint = std::move(hint)});
    }

    void index_exceptions() {
        for (const Exception& exception : policy_.exceptions) {
            const Host* host = inventory_.find(exception.host);
            if (!host) {
                if (inventory_.searches.empty())
                    complain(exception.where,
                             fmt::format("the exception for {} is for no host of inventory {}", exception.host,
                                         inventory_.file),
                             nearest_host(exception.host, inventory_));
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
        const std::vector<const Host*> selected = selected_by(rule.select, inventory_);
        const bool unknown = refuse_unknown_hosts(rule);
        if (selected.empty()) {
            if (unknown || may_select(rule.select, inventory_)) return;
            complain(rule.where, fmt::format("rule `{}` selects no host of inventory {}", rule.id, inventory_.file));
            return;
        }
        for (const RuleWant& want : rule.wants) {
            refuse_names_of_others(rule, want, selected);
            const BoundOperand operand(want.operand, inventory_);
            for (const Host* host : selected) {
                if (!host->not_covered.empty()) continue;
                std::optional<Value> value = operand.of(*host);
                if (!value) continue;
                Address address{host->name, want.setting};
                std::string exception = exception_for(address, rule);
                std::vector<Want> parts = sifting_.of(address, {.comparator = want.comparator,
                                                                .operand = std::move(*value),
                                                                .from = {},
                                                                .rule = rule.id,
                                                                .severity = rule.severity,
                                                                .exception = std::move(exception),
                                                                .where = want.where});
                auto& all = desired_[std::move(address)];
                for (Want& part : parts) all.push_back(std::move(part));
            }
        }
    }

    // Where hosts come and go by searches, it is no mistake but a finding: see for_nobody().
    bool refuse_unknown_hosts(const Rule& rule) {
        if (!inventory_.searches.empty()) return false;
        const std::vector<const NamedHost*> unknown = unknown_hosts(rule.select, inventory_);
        for (const NamedHost* host : unknown)
            complain(host->where,
                     fmt::format("rule `{}` names {}, which is no host of inventory {}", rule.id, host->name,
                                 inventory_.file),
                     nearest_host(host->name, inventory_));
        return !unknown.empty();
    }

    // A name of one host that is written out for another's account would make it nobody's alone.
    void refuse_names_of_others(const Rule& rule, const RuleWant& want, const std::vector<const Host*>& selected) {
        const auto* value = std::get_if<Value>(&want.operand);
        const bool puts = want.comparator == Comparator::includes || want.comparator == Comparator::equals;
        if (want.setting->elements != ElementForm::own_names || !value || !puts) return;
        for (const Host& owner : inventory_.hosts) {
            const Set theirs = intersect(Key::whole, *as_set(*value), names_of({ServiceClass::migration}, owner));
            const auto other = std::find_if(selected.begin(), selected.end(),
                                            [&](const Host* host) { return !theirs.empty() && host != &owner; });
            if (other == selected.end()) continue;
            return complain(want.where,
                            fmt::format("rule `{}` gives {} to {}, and it is a name of {}: `present` gives "
                                        "every host its own",
                                        rule.id, show(*want.setting, Value(theirs)), (*other)->name, owner.name));
        }
    }

    // A pair of lines is named once, with the first host it is about, however many hosts they cover.
    void find_contradictions() {
        using Spot = std::pair<int, int>;  // file and line
        std::vector<std::pair<Spot, Spot>> named;
        for (const auto& [address, wants] : desired_)
            for (std::size_t i = 0; i < wants.size(); ++i)
                for (std::size_t j = i + 1; j < wants.size(); ++j) {
                    const Want &a = wants[i], &b = wants[j];
                    const std::pair lines{Spot(a.where.file, a.where.line), Spot(b.where.file, b.where.line)};
                    if (agree(*address.setting, a, b) || std::find(named.begin(), named.end(), lines) != named.end())
                        continue;
                    named.push_back(lines);
                    complain(b.where,
                             fmt::format("rule `{}` (line {}) wants {} {} on {}, but rule `{}` ({}) "
                                         "wants {}; no value can be both",
                                         b.rule, b.where.line, address.setting->name, show(*address.setting, b),
                                         address.object, a.rule, line_of(a.where, policy_.file_of(a.where), b.where),
                                         show(*address.setting, a)));
                }
    }

    const Policy& policy_;
    const Inventory& inventory_;
    std::int64_t now_;
    Sifting sifting_;
    std::map<Address, std::vector<const Exception*>> in_force_;
    Desired desired_;
    Diagnostics complaints_;
};

}  // namespace

Checked<Desired> desire(const Policy& policy, const Inventory& inventory, std::int64_t now, const Doubts& doubts) {
    return Desire(policy, inventory, now, doubts).make();
}

std::vector<EstateFinding> for_nobody(const Policy& policy, const Inventory& inventory) {
    std::vector<EstateFinding> out;
    if (inventory.searches.empty()) return out;
    const auto tell = [&](EstateFault fault, const std::string& object, std::string because) {
        out.push_back({.fault = fault, .object = object, .dn = {}, .condition = {}, .because = std::move(because)});
    };
    for (const Exception& exception : policy.exceptions) {
        if (inventory.find(exception.host)) continue;
        const std::string near = nearest_host(exception.host, inventory);
        tell(
            EstateFault::exception_unused, exception.host,
            fmt::format("the exception for {} ({}, by {}) has no effect: no such host is listed, and the searches find "
                        "none now{}",
                        exception.host, exception.setting->name, exception.owner, near.empty() ? "" : "; " + near));
    }
    for (const Rule& rule : policy.rules) {
        if (selected_by(rule.select, inventory).empty())
            tell(EstateFault::rule_unused, rule.id, "the rule selects none of the hosts that are listed or found now");
        for (const NamedHost* host : unknown_hosts(rule.select, inventory))
            tell(EstateFault::rule_unused, rule.id,
                 fmt::format("the rule names {}: no such host is listed, and the searches find none now", host->name));
    }
    return out;
}

std::vector<const Exception*> expired(const Policy& policy, std::int64_t now) {
    std::vector<const Exception*> out;
    for (const Exception& exception : policy.exceptions)
        if (exception.until <= now) out.push_back(&exception);
    return out;
}

}  // namespace fairway
