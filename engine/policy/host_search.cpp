// See host_search.hpp.
#include "engine/policy/host_search.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "engine/policy/reading.hpp"
#include "engine/policy/spelling.hpp"

namespace fairway {
namespace {

constexpr std::size_t most_hosts = 20'000;

DirectoryName name_at(const Node& node, std::string_view key) {
    auto name = parse_directory_name(text_at(node, key));
    return name ? std::move(*name) : DirectoryName();
}

class Found {
public:
    explicit Found(Inventory inventory) : inventory_(std::move(inventory)) {
        for (std::size_t i = 0; i < inventory_.hosts.size(); ++i)
            listed_.emplace(text::fold(inventory_.hosts[i].name), i);
    }

    void add(const HostSearch& search, const FoundHosts& found) {
        if (found.hosts.empty())
            complain(search, fmt::format("this search finds no host{}: look at its base, filter and group, and at the "
                                         "right to read them",
                                         found.disabled.empty() ? "" : " whose account is enabled"));
        if (found.hosts.size() > most_hosts)
            return complain(search, fmt::format("this search finds more than {} accounts: narrow it", most_hosts));
        for (const FoundHost& one : found.hosts) take(search, one);
    }

    Checked<Inventory> inventory() {
        for (auto& [name, host] : fresh_) inventory_.hosts.push_back(std::move(host));
        join_domains();
        check_names();
        if (!complaints_.empty()) return tl::unexpected(std::move(complaints_));
        std::string all = inventory_.digest;
        for (const Host& host : inventory_.hosts)
            all += fmt::format("\n{} {} {} {} {}", host.name, host.dns, host.account_domain, host.domain,
                               fmt::join(host.tags, " "));
        inventory_.digest = sha256(all);
        return std::move(inventory_);
    }

private:
    void complain(const HostSearch& search, std::string text) {
        complaints_.push_back({.file = inventory_.file, .place = search.where, .text = std::move(text), .hint = {}});
    }

    void take(const HostSearch& search, const FoundHost& one) {
        const bool dollar = one.account.ends_with('$');
        const std::string name = one.account.substr(0, one.account.size() - (dollar ? 1 : 0));
        std::string why = name.empty() || !dollar ? "is no computer's name" : spelling::host_name.check(name);
        const std::string dns =
            one.dns.empty() ? text::fold(name) + "." + search.domain : text::fold(std::string_view(one.dns));
        if (why.empty() && !spelling::host_dns.check(dns).empty())
            why = fmt::format("has the DNS name `{}`, which is none", text::printable(dns));
        if (!why.empty())
            return complain(search,
                            fmt::format("this search finds the account `{}`, which {}: leave it out by a filter",
                                        text::printable(one.account), why));
        const auto known = listed_.find(text::fold(name));
        known == listed_.end() ? take_fresh(search, name, dns)
                               : take_listed(search, inventory_.hosts[known->second], dns);
    }

    void take_listed(const HostSearch& search, Host& host, const std::string& dns) {
        if (host.dns == text::fold(host.name) + "." + search.domain) host.dns = dns;  // the document left it out
        if (host.tags.empty()) host.tags = search.tags;
        if (host.domain.empty()) host.domain = search.migration_domain;
    }

    void take_fresh(const HostSearch& search, const std::string& name, const std::string& dns) {
        const auto [it, first] = fresh_.try_emplace(text::fold(name));
        Host& host = it->second;
        if (first) {
            host.name = name;
            host.dns = dns;
            host.account_domain = search.domain;
            host.domain = search.migration_domain;
            host.tags = search.tags;
            host.reach = search.reach;
            host.where = search.where;
            host.found = true;
            return;
        }
        if (host.account_domain != search.domain)
            return complain(search, fmt::format("{} is an account of {} and of {}: an inventory tells hosts by their "
                                                "names, so one of the two must be left out",
                                                name, host.account_domain, search.domain));
        for (const std::string& tag : search.tags)
            if (std::find(host.tags.begin(), host.tags.end(), tag) == host.tags.end()) host.tags.push_back(tag);
        if (host.domain.empty()) host.domain = search.migration_domain;
        else if (!search.migration_domain.empty() && search.migration_domain != host.domain)
            complain(search, fmt::format("host {} is in two migration domains, {} (line {}) and {}", name, host.domain,
                                         host.where.line, search.migration_domain));
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
        for (const HostSearch& search : inventory_.searches) {
            const MigrationDomain* domain = domain_named(search.migration_domain);
            if (domain && domain->hosts.size() == 1)
                complain(search, fmt::format("migration domain {} has only {}: a host needs at least one peer",
                                             domain->name, domain->hosts.front()));
        }
    }

    MigrationDomain* domain_named(const std::string& name) {
        for (MigrationDomain& domain : inventory_.domains)
            if (domain.name == name) return &domain;
        return nullptr;
    }

    void check_names() {
        std::map<std::string_view, const Host*> by_dns;
        for (const Host& host : inventory_.hosts) {
            const auto [same, first] = by_dns.emplace(host.dns, &host);
            if (!first)
                complaints_.push_back({.file = inventory_.file,
                                       .place = host.where,
                                       .text = fmt::format("host {} has the DNS name {} of host {}", host.name,
                                                           host.dns, same->second->name),
                                       .hint = {}});
        }
    }

    Inventory inventory_;
    std::map<std::string, std::size_t> listed_;
    std::map<std::string, Host> fresh_;
    Diagnostics complaints_;
};

}  // namespace

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
    if (!known && inventory.embedded.empty())
        complaints.add(*node.at("base"), said.empty()
                                             ? "this name ends in no DC=…, so no directory is known that holds it"
                                             : fmt::format("no directory of this inventory is of the domain {}", said));
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
