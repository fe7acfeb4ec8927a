// See host_search.hpp.
#include "engine/policy/host_search.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/model/name_form.hpp"
#include "engine/policy/reading.hpp"
#include "engine/policy/spelling.hpp"

namespace fairway {
namespace {

constexpr std::size_t most_hosts = 20'000;

DirectoryName name_at(const Node& node, std::string_view key) {
    auto name = parse_directory_name(text_at(node, key));
    return name ? std::move(*name) : DirectoryName();
}

// What an account says it is called. A dot at the end makes it no other name.
std::string claim_of(const FoundHost& one) {
    const std::string_view dns = one.dns;
    return text::fold(dns.substr(0, dns.size() - (dns.ends_with('.') ? 1 : 0)));
}

bool fits(const std::string& claim, const Host& host) { return claim.starts_with(text::fold(host.name) + "."); }

class Found {
public:
    explicit Found(Inventory inventory) : inventory_(std::move(inventory)) {
        for (std::size_t i = 0; i < inventory_.hosts.size(); ++i)
            listed_.emplace(text::fold(inventory_.hosts[i].name), i);
    }

    void add(const HostSearch& search, const FoundHosts& found) {
        if (found.hosts.size() > most_hosts)
            return complain(search, fmt::format("this search finds more than {} accounts: narrow it", most_hosts));
        const std::size_t out = inventory_.estate_findings.size();
        for (const FoundHost& one : found.hosts) take(search, one);
        if (found.hosts.size() > inventory_.estate_findings.size() - out) return;
        const std::string_view of_those = !found.hosts.empty()      ? " among the accounts that it finds"
                                          : !found.disabled.empty() ? " whose account is enabled"
                                                                    : "";
        complain(search, fmt::format("this search finds no host{}: look at its base, filter and group, and at the "
                                     "right to read them",
                                     of_those));
    }

    Checked<Inventory> inventory() {
        leave_out_claimants();
        for (auto& [name, one] : fresh_) inventory_.hosts.push_back(std::move(one.host));
        join_domains();
        if (!complaints_.empty()) return tl::unexpected(std::move(complaints_));
        std::string all = inventory_.digest;
        for (const Host& host : inventory_.hosts)
            all += fmt::format("\n{} {} {} {} {}", host.name, host.dns, host.account_domain, host.domain,
                               fmt::join(host.tags, " "));
        inventory_.digest = sha256(all);
        return std::move(inventory_);
    }

private:
    struct Fresh {
        Host host;
        const FoundHost* account = nullptr;
    };

    void complain(const HostSearch& search, std::string text) {
        complaints_.push_back({.file = inventory_.file, .place = search.where, .text = std::move(text), .hint = {}});
    }

    void tell(EstateFault fault, std::string object, std::string dn, std::string because) {
        inventory_.estate_findings.push_back({.fault = fault,
                                              .object = std::move(object),
                                              .dn = std::move(dn),
                                              .condition = {},
                                              .because = std::move(because)});
    }
    void leave_out(const FoundHost& one, std::string_view because, EstateFault fault = EstateFault::left_out) {
        tell(fault, text::printable(one.account), text::printable(one.dn), text::printable(because));
    }

    // The name of a host that we use is made of the account's name and its domain; what the account says in
    // dNSHostName is a claim, and is judged where it matters.
    void take(const HostSearch& search, const FoundHost& one) {
        const std::string name = one.account.substr(0, one.account.size() - (one.account.ends_with('$') ? 1 : 0));
        if (std::string why = unfit(one, name); !why.empty()) return leave_out(one, why);
        const auto known = listed_.find(text::fold(name));
        known == listed_.end() ? take_fresh(search, one, name)
                               : take_listed(search, one, inventory_.hosts[known->second]);
    }

    // Names distinguish hosts, so there can be one host of a name: that of the list, or of the first search.
    bool is_other_domain(const HostSearch& search, const FoundHost& one, const Host& host) {
        if (host.account_domain == search.domain) return false;
        leave_out(one, fmt::format("is an account of {}, and host {} is an account of {}: an inventory tells hosts "
                                   "apart by their names",
                                   search.domain, host.name, host.account_domain));
        return true;
    }

    void take_listed(const HostSearch& search, const FoundHost& one, Host& host) {
        if (is_other_domain(search, one, host)) return;
        if (host.tags.empty()) host.tags = search.tags;
        if (host.domain.empty()) host.domain = search.migration_domain;
    }

    void take_fresh(const HostSearch& search, const FoundHost& one, const std::string& name) {
        const auto [it, first] = fresh_.try_emplace(text::fold(name));
        Host& host = it->second.host;
        if (first) {
            it->second.account = &one;
            host.name = name;
            host.dns = text::fold(name) + "." + search.domain;
            host.account_domain = search.domain;
            host.domain = search.migration_domain;
            host.tags = search.tags;
            host.reach = search.reach;
            host.where = search.where;
            host.found = true;
            return;
        }
        if (is_other_domain(search, one, host)) return;
        for (const std::string& tag : search.tags)
            if (std::find(host.tags.begin(), host.tags.end(), tag) == host.tags.end()) host.tags.push_back(tag);
        if (host.domain.empty()) host.domain = search.migration_domain;
        else if (!search.migration_domain.empty() && search.migration_domain != host.domain)
            tell(EstateFault::two_domains, host.name, text::printable(one.dn),
                 fmt::format("searches put it into two migration domains, {} (line {}) and {} (line {}): it is in the "
                             "first",
                             host.domain, host.where.line, search.migration_domain, search.where.line));
    }

    // Whoever has an account may write what it likes into its dNSHostName. So a name is another's where that one is
    // called so by the list or by its account's name, and who says that it is called so is left out, never the other.
    void leave_out_claimants() {
        std::map<std::string, std::string> owners;  // names of hosts by full name
        for (const Host& host : inventory_.hosts) owners.emplace(host.dns, host.name);
        for (const auto& [name, one] : fresh_) owners.emplace(one.host.dns, one.host.name);
        for (const auto& [name, one] : fresh_)
            if (const std::string claim = claim_of(*one.account); fits(claim, one.host))
                owners.emplace(claim, one.host.name);
        std::erase_if(fresh_, [&](const auto& entry) {
            const Fresh& one = entry.second;
            for (const std::string& dns : {one.host.dns, claim_of(*one.account)}) {
                const auto owner = owners.find(dns);
                if (owner == owners.end() || owner->second == one.host.name) continue;
                leave_out(*one.account, fmt::format("claims the full name of host {}, {}", owner->second, dns),
                          EstateFault::name_claimed);
                return true;
            }
            return false;
        });
    }

    // In the document's order, and behind them those that only searches name.
    void join_domains() {
        for (const HostSearch& search : inventory_.searches)
            if (!search.migration_domain.empty() && !domain_named(search.migration_domain))
                inventory_.domains.push_back({search.migration_domain, {}, search.where});
        std::map<std::string_view, MigrationDomain*> by_name;
        for (MigrationDomain& domain : inventory_.domains) {
            domain.hosts.clear();
            by_name.emplace(domain.name, &domain);
        }
        for (const Host& host : inventory_.hosts)
            if (!host.domain.empty()) by_name.at(host.domain)->hosts.push_back(host.name);
        for (const MigrationDomain& domain : inventory_.domains)
            if (domain.hosts.size() == 1)
                tell(EstateFault::lone_host, domain.hosts.front(), {},
                     fmt::format("is alone in migration domain {}: there is no host to which its VMs could move",
                                 domain.name));
    }

    MigrationDomain* domain_named(const std::string& name) {
        for (MigrationDomain& domain : inventory_.domains)
            if (domain.name == name) return &domain;
        return nullptr;
    }

    Inventory inventory_;
    std::map<std::string, std::size_t> listed_;
    std::map<std::string, Fresh> fresh_;
    Diagnostics complaints_;
};

// "DC=corp,DC=example"
std::string as_steps(std::string_view domain) {
    std::string out;
    for (const std::string_view label : text::split(domain, '.'))
        if (!label.empty()) out += fmt::format("{}DC={}", out.empty() ? "" : ",", label);
    return out;
}

// How the base of a search may end, for who wrote another one.
std::string ends_of_bases(const Inventory& inventory) {
    constexpr std::size_t most = 3;
    return text::some(inventory.directories, most,
                      [](const Directory& directory) { return fmt::format("`{}`", as_steps(directory.domain)); });
}

}  // namespace

std::string unfit(const FoundHost& one, const std::string& name) {
    if (!one.trouble.empty()) return one.trouble;
    if (one.account.starts_with("$DUPLICATE-"))
        return "was renamed by the directory, because another account has its name";
    if (!one.account.ends_with('$')) return "is not called as a computer is: a computer's account name ends in `$`";
    if (std::string why = name.empty() ? "has no name" : host_name_oddity(name); !why.empty()) return why;
    if (one.dns.empty())
        return "has no dNSHostName: no computer has joined with it yet, or the attribute is hidden from us";
    return {};
}

bool all_domains_are_names(const Inventory& inventory) {
    return std::all_of(inventory.directories.begin(), inventory.directories.end(),
                       [](const Directory& directory) { return spelling::dns_name.check(directory.domain).empty(); });
}

HostSearch read_search(const Node& node, const Reach& reach, const Inventory& inventory,
                       const std::string& first_domain, Complaints& complaints) {
    HostSearch out;
    out.domain = first_domain;
    out.base = name_at(node, "base");
    out.group = name_at(node, "group");
    if (auto filter = parse_directory_filter(text_at(node, "filter"))) out.filter = std::move(*filter);
    out.tags = texts_of(items_at(node, "tags"));
    out.migration_domain = text_at(node, "migration_domain");
    out.reach = reach;
    out.where = node.place;
    const bool asks = node.at("base") || node.at("filter") || node.at("group");
    if (!inventory.embedded.empty()) {
        for (std::string_view key : {"base", "filter", "group"})
            if (const Entry* entry = node.entry(key))
                complaints.add(*entry, fmt::format("`{}` has no use here: an embedded estate has no directory, and a "
                                                   "search finds all of its computers",
                                                   key));
    } else if (node.is(Node::Kind::map) && !asks) {
        complaints.add(node,
                       "this search names no `base`, `filter` or `group`: it would take every computer of the domain "
                       "for a host");
    }
    if (out.base.empty()) return out;
    const std::string said = domain_of(out.base);
    const bool known = std::any_of(inventory.directories.begin(), inventory.directories.end(),
                                   [&](const Directory& directory) { return directory.domain == said; });
    if (!known && inventory.embedded.empty() && all_domains_are_names(inventory))
        complaints.add(*node.at("base"),
                       said.empty() ? fmt::format("this name ends in no DC=…, so no directory is known that "
                                                  "holds it: it must end in {}",
                                                  ends_of_bases(inventory))
                                    : fmt::format("no directory of this inventory is of the domain {}: write a "
                                                  "name that ends in {}, or a directory of that domain",
                                                  said, ends_of_bases(inventory)));
    for (const NameStep& step : out.base)
        if (text::same_folded(step.type, "DC") && step.value.find('.') != std::string::npos)
            complaints.add(*node.at("base"),
                           fmt::format("`DC={}` holds a dot, and each part of a domain is a step of its "
                                       "own: write `{}`",
                                       step.value, as_steps(step.value)));
    out.domain = said;
    return out;
}

Checked<Inventory> with_found(Inventory inventory, const std::vector<FoundHosts>& found) {
    const std::vector<HostSearch> searches = inventory.searches;
    Found out(std::move(inventory));
    for (std::size_t i = 0; i < searches.size() && i < found.size(); ++i) out.add(searches[i], found[i]);
    return out.inventory();
}

}  // namespace fairway
