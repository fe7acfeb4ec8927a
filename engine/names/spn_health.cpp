// See spn_health.hpp. Facts: WMI-70, WMI-71, WMI-75, LDAP-24 and LDAP-25.
#include "engine/names/spn_health.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

#include "engine/base/text.hpp"
#include "engine/model/name_form.hpp"
#include "engine/names/service_names.hpp"
#include "engine/names/spn_index.hpp"
#include "engine/names/spn_words.hpp"
#include "engine/names/vanished.hpp"

namespace fairway {
namespace {

constexpr std::array<std::string_view, 3> only_hyperv = {migration_service, "Hyper-V Replica Service",
                                                         "Microsoft Virtual Console Service"};

bool is_hyperv(std::string_view service_class) {
    return std::any_of(only_hyperv.begin(), only_hyperv.end(),
                       [&](std::string_view one) { return text::same_folded(one, service_class); });
}

// What a host needs: the classes, and whether by short name as well.
struct Need {
    std::string_view service_class;
    bool by_short_name;
};

std::vector<Need> needs_of(const Host& host) {
    std::vector<Need> out = {{migration_service, true}, {host_class, true}, {class_of(ServiceClass::cifs), true}};
    const auto how = host.reach.authentication;
    // WS-Management asks for a ticket to the full name only (providers/wmi).
    if (how == HostAuthentication::kerberos || how == HostAuthentication::negotiate)
        out.push_back({host.reach.service, false});
    return out;
}

std::vector<std::string> needed_names(const Host& host) {
    std::vector<std::string> out;
    for (const Need& need : needs_of(host)) {
        if (need.by_short_name) out.push_back(service_name(need.service_class, host.name));
        out.push_back(service_name(need.service_class, host.dns));
    }
    return out;
}

void put_in_order(RegisteredNames& names) {
    const auto before = [](const std::string& a, const std::string& b) {
        const int order = text::compare_folded(a, b);
        return order != 0 ? order < 0 : a < b;
    };
    std::sort(names.owners.begin(), names.owners.end(), [&](const NameOwner& a, const NameOwner& b) {
        return a.account != b.account ? before(a.account, b.account) : before(a.dn, b.dn);
    });
    for (NameOwner& owner : names.owners) std::sort(owner.names.begin(), owner.names.end(), before);
}

std::vector<NameHolder> shown(const Owners& owners) {
    std::vector<NameHolder> out;
    for (const NameOwner* owner : owners)
        out.push_back({owner->account, owner->dn, owner->object_class, owner->enabled});
    return out;
}

// Findings, those of one cause as one.
class Told {
public:
    void tell(NameFinding finding, std::string_view cause = {}) {
        std::string key =
            std::string(name(finding.fault)) + '\n' + finding.host + '\n' + finding.should + '\n' + std::string(cause);
        for (const NameHolder& holder : finding.holders) key += '\n' + holder.dn;
        const auto [it, fresh] = places_.try_emplace(std::move(key), all_.size());
        if (fresh) {
            all_.push_back(std::move(finding));
            return;
        }
        NameFinding& there = all_[it->second];
        for (std::string& one : finding.names) there.names.push_back(std::move(one));
        for (std::string& one : finding.through) there.through.push_back(std::move(one));
        there.severity = std::max(there.severity, finding.severity);
    }

    std::vector<NameFinding> take(std::string_view reach) {
        for (NameFinding& finding : all_) explain(finding, reach);
        std::stable_sort(all_.begin(), all_.end(),
                         [](const NameFinding& a, const NameFinding& b) { return a.severity > b.severity; });
        return std::move(all_);
    }

private:
    std::vector<NameFinding> all_;
    std::unordered_map<std::string, std::size_t> places_;
};

// One host and the names it needs.
class HostJudge {
public:
    HostJudge(const NameIndex& index, const Host& host, Told& told)
        : index_(index), host_(host), mine_(index.account(host)), told_(told) {}

    HostNames judge() {
        HostNames out{host_.name, mine_ ? mine_->dn : std::string(), {}};
        if (!mine_) tell(NameFault::no_account, Severity::critical, {}, {});
        else if (!mine_->enabled) tell(NameFault::disabled, Severity::critical, {}, {mine_});
        for (const Need& need : needs_of(host_)) {
            if (need.by_short_name) out.names.push_back(judge(need.service_class, host_.name));
            out.names.push_back(judge(need.service_class, host_.dns));
        }
        return out;
    }

private:
    NeededName judge(std::string_view service_class, std::string_view host) {
        const std::string name = service_name(service_class, host), served_by = index_.served_by(service_class, host);
        const Owners itself = index_.holders(name);
        if (!itself.empty()) return judge_held(name, itself, served_by);
        if (served_by.empty()) {
            if (mine_) tell(NameFault::missing, Severity::high, name, {}, text::fold(service_class));
            return {name, NameState::missing};
        }
        // What is wrong with HOST's own names is reported where they are looked at.
        const Owners through = index_.holders(served_by);
        const bool ours = std::find(through.begin(), through.end(), mine_) != through.end();
        if (through.empty()) return {name, NameState::missing, served_by};
        if (!ours) return {name, NameState::elsewhere, accounts(through)};
        return {name, through.size() == 1 ? NameState::aliased : NameState::duplicate,
                through.size() == 1 ? served_by : accounts(through)};
    }

    NeededName judge_held(const std::string& name, const Owners& itself, const std::string& served_by) {
        const bool ours = std::find(itself.begin(), itself.end(), mine_) != itself.end();
        if (itself.size() > 1) {
            tell(NameFault::duplicate, Severity::critical, name, itself);
            return {name, NameState::duplicate, accounts(itself)};
        }
        if (ours) return {name, NameState::registered};
        const Owners through = served_by.empty() ? Owners() : index_.holders(served_by);
        const bool served = mine_ && std::find(through.begin(), through.end(), mine_) != through.end();
        tell(served ? NameFault::alias_duplicate : NameFault::elsewhere, Severity::high, name, itself, {},
             served ? served_by : std::string());
        return {name, served ? NameState::duplicate : NameState::elsewhere, accounts(itself)};
    }

    void tell(NameFault fault, Severity severity, const std::string& name, const Owners& holders,
              std::string_view cause = {}, const std::string& through = {}) {
        NameFinding finding{.fault = fault, .severity = severity, .host = host_.name, .names = {}};
        if (!name.empty()) finding.names.push_back(name);
        if (!through.empty()) finding.through.push_back(through);
        finding.holders = shown(holders);
        if (mine_ || fault == NameFault::no_account) finding.should = account_of(host_);
        told_.tell(std::move(finding), cause);
    }

    static std::string accounts(const Owners& owners) {
        std::string out;
        for (const NameOwner* owner : owners) out += (out.empty() ? "" : ", ") + owner->account;
        return out;
    }

    const NameIndex& index_;
    const Host& host_;
    const NameOwner* mine_;
    Told& told_;
};

// What is wrong with names that no host of ours needs, and with how names are written at all.
class OwnerJudge {
public:
    OwnerJudge(const NameIndex& index, std::span<const Host> hosts, Told& told) : index_(index), told_(told) {
        for (const Host& host : hosts) {
            for (const std::string& name : needed_names(host)) needed_.insert(text::fold(name));
            if (const NameOwner* account = index.account(host)) hosts_.emplace(account, host.name);
        }
    }

    void judge() {
        for (const auto& [host, services] : index_.names().delegations)
            for (const std::string_view service : services) judge_delegation(host, service);
        for (const auto& [key, owners] : index_.by_name())
            if (owners.size() > 1 && !needed_.contains(key))
                tell(NameFault::duplicate, Severity::medium, {spelling(*owners.front(), key)}, owners);
        for (const NameOwner& owner : index_.names().owners) {
            spellings(owner);
            for (const std::string& name : owner.names) judge(owner, name);
        }
    }

private:
    void judge(const NameOwner& owner, const std::string& name) {
        const NameParts parts = parts_of(name);
        if (const auto odd = oddities_of(name); !odd.empty()) {
            tell(NameFault::malformed, hosts_.contains(&owner) ? Severity::medium : Severity::low, {name}, {&owner},
                 nullptr, text::join(odd, "; "), name);
            return;
        }
        if (!is_hyperv(parts.service_class)) return;
        if (!owner.enabled && !hosts_.contains(&owner)) tell(NameFault::disabled, Severity::medium, {name}, {&owner});
        const auto computers = index_.computers(parts.host);
        if (computers.empty())
            tell(NameFault::ghost, index_.names().caveat.empty() ? Severity::medium : Severity::low, {name}, {&owner},
                 nullptr, std::string(parts.host), text::fold(parts.host));
        // A name at the wrong account; where the right one holds it too it is a duplicate, and reported already.
        else if (!computers.contains(&owner) && index_.holders(name).size() == 1 && !needed_.contains(text::fold(name)))
            tell(NameFault::elsewhere, Severity::medium, {name}, {&owner},
                 computers.size() == 1 ? *computers.begin() : nullptr);
    }

    void judge_delegation(const std::string& host, std::string_view service) {
        if (!is_vanished(index_, service)) return;
        const NameParts parts = parts_of(service);
        NameFinding finding{.fault = NameFault::stale_delegation,
                            .severity = Severity::medium,
                            .host = host,
                            .names = {std::string(service)}};
        if (!index_.names().caveat.empty()) finding.severity = Severity::low;
        finding.detail = std::string(parts.host);
        told_.tell(std::move(finding), text::fold(parts.host.substr(0, parts.host.find('.'))));
    }

    void spellings(const NameOwner& owner) {
        std::map<std::string, std::vector<std::string>> by_key;
        for (const std::string& name : owner.names) by_key[text::fold(name)].push_back(name);
        for (auto& [key, names] : by_key)
            if (names.size() > 1) tell(NameFault::twice, Severity::low, std::move(names), {&owner}, nullptr, {}, key);
    }

    static std::string spelling(const NameOwner& owner, std::string_view key) {
        for (const std::string& name : owner.names)
            if (text::same_folded(name, key)) return name;
        return std::string(key);
    }

    void tell(NameFault fault, Severity severity, std::vector<std::string> names, const Owners& holders,
              const NameOwner* should = nullptr, std::string detail = {}, std::string_view cause = {}) {
        NameFinding finding{.fault = fault, .severity = severity, .names = std::move(names)};
        Owners concerned = holders;
        if (should) concerned.push_back(should);
        for (const NameOwner* owner : concerned)
            if (const auto it = hosts_.find(owner); it != hosts_.end() && finding.host.empty())
                finding.host = it->second;
        finding.holders = shown(holders);
        if (should) finding.should = should->account;
        finding.detail = std::move(detail);
        told_.tell(std::move(finding), cause);
    }

    const NameIndex& index_;
    Told& told_;
    std::set<std::string> needed_;
    std::map<const NameOwner*, std::string> hosts_;
};

}  // namespace

std::string_view name(NameFault fault) {
    constexpr std::array<std::string_view, 10> words = {"no_account",      "missing",         "elsewhere", "duplicate",
                                                        "alias_duplicate", "disabled",        "ghost",     "malformed",
                                                        "twice",           "stale_delegation"};
    return words.at(static_cast<std::size_t>(fault));
}

std::string_view name(NameState state) {
    constexpr std::array<std::string_view, 5> words = {"registered", "aliased", "missing", "elsewhere", "duplicate"};
    return words.at(static_cast<std::size_t>(state));
}

std::span<const std::string_view> hyperv_classes() { return only_hyperv; }

NameQuestion question_about(std::span<const Host> hosts, bool wide) {
    NameQuestion out;
    for (const Host& host : hosts) {
        out.accounts.push_back(account_of(host));
        for (std::string& name : needed_names(host)) out.names.push_back(std::move(name));
    }
    if (wide) out.classes.assign(only_hyperv.begin(), only_hyperv.end());
    return out;
}

NameQuestion further_question(const RegisteredNames& names) {
    const NameIndex index(names);
    std::set<std::string> unknown, services;
    for (const auto& [host, list] : names.delegations)
        for (const std::string_view service : list) {
            if (unknown.size() >= most_further || !is_vanished(index, service)) continue;
            const NameParts parts = parts_of(service);
            unknown.insert(text::fold(parts.host));
            services.insert(text::fold(service));
            if (const std::string through = index.served_by(parts.service_class, parts.host); !through.empty())
                services.insert(text::fold(through));
        }
    for (const NameOwner& owner : names.owners)
        for (const std::string& name : owner.names) {
            const NameParts parts = parts_of(name);
            if (unknown.size() < most_further && is_hyperv(parts.service_class) && oddities_of(name).empty() &&
                index.computers(parts.host).empty())
                unknown.insert(text::fold(parts.host));
        }
    NameQuestion out;
    for (const std::string& host : unknown) {
        // By the account's name and by HOST's name, which are indexed; the attribute with the full name is not.
        out.accounts.push_back(account_named(host));
        out.names.push_back(service_name(host_class, host));
        services.erase(text::fold(out.names.back()));
    }
    // Names may be held by who is no computer: services under accounts of their own, and controllers' names by GUID.
    out.names.insert(out.names.end(), services.begin(), services.end());
    return out;
}

NameHealth judge_names(std::span<const Host> hosts, RegisteredNames names) {
    put_in_order(names);
    const NameIndex index(names);
    Told told;
    NameHealth out;
    for (const Host& host : hosts) out.hosts.push_back(HostJudge(index, host, told).judge());
    OwnerJudge(index, hosts, told).judge();
    out.findings = told.take(names.caveat.empty() ? "the forest" : "what could be searched");
    return out;
}

}  // namespace fairway
