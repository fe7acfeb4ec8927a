// See selection.hpp.
#include "engine/plan/selection.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

bool names(const std::vector<NamedHost>& list, const Host& host) {
    return std::any_of(list.begin(), list.end(),
                       [&](const NamedHost& one) { return text::same_folded(one.name, host.name); });
}

}  // namespace

bool selects(const Select& select, const Host& host) {
    switch (select.by) {
        case Select::By::all: return true;
        case Select::By::tag: return std::find(host.tags.begin(), host.tags.end(), select.pattern) != host.tags.end();
        case Select::By::migration_domain: return host.domain == select.pattern;
        case Select::By::name: return text::matches(select.pattern, host.name);
        case Select::By::hosts: return names(select.hosts, host);
        case Select::By::all_but: return !names(select.hosts, host);
    }
    return false;
}

std::vector<const Host*> selected_by(const Select& select, const Inventory& inventory) {
    const bool by_name = select.by == Select::By::hosts || select.by == Select::By::all_but;
    std::unordered_set<std::string> named;  // a long list is not gone through for each host
    for (const NamedHost& host : select.hosts) named.insert(text::fold(host.name));
    std::vector<const Host*> out;
    for (const Host& host : inventory.hosts)
        if (by_name ? named.contains(text::fold(host.name)) == (select.by == Select::By::hosts) : selects(select, host))
            out.push_back(&host);
    return out;
}

std::vector<const NamedHost*> unknown_hosts(const Select& select, const Inventory& inventory) {
    std::vector<const NamedHost*> out;
    if (select.hosts.empty()) return out;
    std::unordered_set<std::string> known;
    for (const Host& host : inventory.hosts) known.insert(text::fold(host.name));
    for (const NamedHost& host : select.hosts)
        if (!known.contains(text::fold(host.name))) out.push_back(&host);
    return out;
}

bool may_select(const Select& select, const Inventory& inventory) {
    return std::any_of(inventory.searches.begin(), inventory.searches.end(), [&](const HostSearch& search) {
        switch (select.by) {
            case Select::By::tag:
                return std::find(search.tags.begin(), search.tags.end(), select.pattern) != search.tags.end();
            case Select::By::migration_domain: return search.migration_domain == select.pattern;
            case Select::By::name:
            case Select::By::hosts:
            case Select::By::all_but:
            case Select::By::all: break;
        }
        return true;
    });
}

}  // namespace fairway
