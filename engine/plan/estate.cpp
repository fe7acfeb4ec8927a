// See estate.hpp.
#include "engine/plan/estate.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/name_form.hpp"
#include "engine/names/vanished.hpp"
#include "engine/paths/closed.hpp"
#include "engine/plan/selection.hpp"

namespace fairway {

std::vector<EstateFinding> closed_paths(const std::vector<Mesh>& outlook, const std::vector<Matrix>& closed,
                                        const std::vector<Finding>& findings) {
    // What is asked for is done in the outlook; of what is not, its own finding says why.
    std::set<Address> spoken_of;
    for (const Finding& finding : findings)
        if (finding.verdict != Verdict::compliant && finding.verdict != Verdict::drifted)
            spoken_of.insert(finding.address);
    std::vector<EstateFinding> out;
    for (const ClosedPaths& one :
         closed_by_cause(outlook, closed, [&](const Address& address) { return spoken_of.contains(address); }))
        out.push_back({.fault = EstateFault::paths_closed,
                       .object = one.host.empty() ? one.domain : one.host,
                       .dn = {},
                       .condition = std::string(one.condition),
                       .paths = one.paths,
                       .because = fmt::format("the condition `{}` closes {} path{} {} {}, and no rule opens {}; {} to "
                                              "{}: {}",
                                              one.condition, one.paths, one.paths == 1 ? "" : "s",
                                              one.host.empty() ? "of migration domain" : "from or to",
                                              one.host.empty() ? one.domain : one.host, one.paths == 1 ? "it" : "them",
                                              one.from, one.to, one.evidence)});
    return out;
}

namespace {

// Only domain controllers hold names of three parts, and the third is their domain, by full or by NetBIOS name (MS-ADTS
// 3.1.1.5.3.1.1.4), which is most often the full one's first label.
bool is_domain_of(const Inventory& inventory, std::string_view name) {
    for (const std::string_view partition : {"DomainDnsZones.", "ForestDnsZones."})
        if (text::fold(name).starts_with(text::fold(partition))) name.remove_prefix(partition.size());
    const auto is = [&](std::string_view domain) {
        return text::same_folded(domain, name) || text::same_folded(domain.substr(0, domain.find('.')), name);
    };
    return std::any_of(inventory.directories.begin(), inventory.directories.end(),
                       [&](const Directory& one) { return is(one.domain); }) ||
           std::any_of(inventory.hosts.begin(), inventory.hosts.end(),
                       [&](const Host& one) { return is(one.account_domain); });
}

std::string oddity_of(std::string_view service, const Inventory& inventory) {
    if (is_plainly_written(service)) return {};
    if (const auto odd = oddities_of(service); !odd.empty())
        return text::join(odd, "; ") + ", so no client asks for it";
    const std::string_view third = parts_of(service).service;
    if (third.empty() || is_domain_of(inventory, third)) return {};
    return fmt::format("its third part {} is no domain of the inventory", third);
}

bool asks_for_peers(const RuleWant& want) {
    const auto* names = std::get_if<ComputedNames>(&want.operand);
    return (names && names->of == Of::peers) || std::holds_alternative<PeerAccounts>(want.operand);
}

bool is_excepted(const Policy& policy, const Rule& rule, const RuleWant& want, const Host& host, std::int64_t now) {
    return std::any_of(policy.exceptions.begin(), policy.exceptions.end(), [&](const Exception& one) {
        return one.until > now && one.setting == want.setting && text::same_folded(one.host, host.name) &&
               (one.rule.empty() || one.rule == rule.id);
    });
}

// What the rules about computers that are gone take of a host's list; nothing: no rule is about them, or an exception
// is.
std::optional<Set> taken_classes(const Policy& policy, const Host& host, std::int64_t now) {
    std::optional<Set> out;
    for (const Rule& rule : policy.rules)
        for (const RuleWant& want : rule.wants) {
            if (want.comparator != Comparator::vanished || !selects(rule.select, host)) continue;
            const Set& classes = *as_set(std::get<Value>(want.operand));
            if (classes.empty() || is_excepted(policy, rule, want, host, now)) return std::nullopt;
            out = unite(Key::whole, out.value_or(Set()), classes);
        }
    return out;
}

const Set* set_at(const Snapshot& snapshot, const Host& host, const Setting& row) {
    const Reading& read = snapshot.at({host.name, &row});
    return read && *read ? as_set(**read) : nullptr;
}

EstateFinding about(const Host& host, EstateFault fault, std::string because) {
    return {.fault = fault, .object = host.name, .dn = {}, .condition = {}, .because = std::move(because)};
}

}  // namespace

std::vector<EstateFinding> vanished_of_other_classes(const Policy& policy, const Inventory& inventory,
                                                     const Snapshot& snapshot, std::int64_t now) {
    std::vector<EstateFinding> out;
    for (const Host& host : inventory.hosts) {
        const Set* gone = set_at(snapshot, host, setting::delegation_vanished);
        const Set* held = set_at(snapshot, host, setting::delegation_services);
        const auto classes = gone && held && !gone->empty() ? taken_classes(policy, host, now) : std::nullopt;
        if (!classes) continue;
        for (const std::string_view service :
             subtract(Key::whole, intersect(Key::whole, *held, *gone), of_classes(*gone, *classes)))
            out.push_back(
                about(host, EstateFault::vanished_class,
                      fmt::format("may delegate to `{}`, whose computer is gone; Fairway writes no names of that "
                                  "class, so find out what it was for; a rule with `without: {{vanished: [{}]}}` "
                                  "takes it away",
                                  service, parts_of(service).service_class)));
    }
    return out;
}

std::vector<EstateFinding> odd_delegations(const Inventory& inventory, const Snapshot& snapshot) {
    std::vector<EstateFinding> out;
    for (const Host& host : inventory.hosts) {
        const Set* list = set_at(snapshot, host, setting::delegation_services);
        for (const std::string_view service : list ? list->elements() : Set::Elements())
            if (const std::string odd = oddity_of(service, inventory); !odd.empty())
                out.push_back(about(host, EstateFault::odd_delegation,
                                    fmt::format("may delegate to `{}`: {}; find out who put it there and take it away, "
                                                "or write it right",
                                                service, odd)));
    }
    return out;
}

std::vector<EstateFinding> without_peers(const Policy& policy, const Inventory& inventory, std::int64_t now) {
    std::set<std::string> groups;
    std::set<std::string> several;
    for (const Host& host : inventory.hosts)
        if (!host.domain.empty() && !groups.insert(host.domain).second) several.insert(host.domain);
    std::vector<EstateFinding> out;
    for (const Host& host : inventory.hosts) {
        if (several.contains(host.domain) || !host.not_covered.empty()) continue;
        std::set<std::string> rules;
        for (const Rule& rule : policy.rules)
            for (const RuleWant& want : rule.wants)
                if (asks_for_peers(want) && selects(rule.select, host) && !is_excepted(policy, rule, want, host, now))
                    rules.insert(fmt::format("`{}`", rule.id));
        if (rules.empty()) continue;
        const std::vector<std::string> names(rules.begin(), rules.end());
        const bool one = names.size() == 1;
        out.push_back(about(
            host, EstateFault::no_peers,
            fmt::format("rule{} {} ask{} for its peers, and it has none, because it is {}; put it into one of "
                        "`migration_domains` with others, or have the rule select other hosts",
                        one ? "" : "s", text::join(names, ", "), one ? "s" : "",
                        host.domain.empty() ? "in no migration domain" : "alone in migration domain " + host.domain)));
    }
    return out;
}

Json to_json(const EstateFinding& finding) {
    Json out = {{"fault", name(finding.fault)},
                {"severity", name(severity_of(finding.fault))},
                {"object", finding.object},
                {"because", finding.because}};
    if (!finding.dn.empty()) out["dn"] = finding.dn;
    if (finding.condition.empty()) return out;
    out["condition"] = finding.condition;
    out["paths"] = finding.paths;
    return out;
}

EstateFinding estate_finding_from(Fields fields) {
    fields.only({"fault", "severity", "object", "because", "dn", "condition", "paths"});
    EstateFinding out;
    out.fault = fields.word("fault", all_estate_faults);
    if (fields.text("severity") != name(severity_of(out.fault)))
        fields.complain({Code::bad_input, fields.path() + ": this fault has another severity"});
    out.object = fields.text("object");
    out.because = fields.text("because");
    if (find(*fields.json(), "dn")) out.dn = fields.text("dn");
    if (!find(*fields.json(), "condition")) return out;
    out.condition = fields.text("condition");
    out.paths = fields.integer("paths", {0, 1'000'000'000'000});
    return out;
}

Json to_json(const FoundSince& since) { return {{"run", since.run}, {"new", since.fresh}}; }

FoundSince found_since_from(Fields fields) {
    fields.only({"run", "new"});
    return {fields.text("run"), fields.texts("new")};
}

}  // namespace fairway
