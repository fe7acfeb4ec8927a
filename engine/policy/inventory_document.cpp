// See inventory_document.hpp. The tables see the document's shape; names that must be one or must exist, and
// ways of signing on that do not go together, are found here.
#include "engine/policy/inventory_document.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <span>
#include <unordered_map>

#include "engine/base/digest.hpp"
#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "engine/base/yaml.hpp"
#include "engine/model/name_form.hpp"
#include "engine/policy/complaints.hpp"
#include "engine/policy/former_keys.hpp"
#include "engine/policy/host_search.hpp"
#include "engine/policy/inventory_shape.hpp"
#include "engine/policy/reach_reader.hpp"
#include "engine/policy/reading.hpp"

namespace fairway {
namespace {

// Lines by folded name: 10,000 hosts are looked up in no time.
using Lines = std::unordered_map<std::string, int>;

class InventoryReader {
public:
    InventoryReader(const Node& root, const std::string& file, Complaints& complaints)
        : root_(root), file_(file), complaints_(complaints) {}

    Inventory read() {
        inventory_.estate = text_at(root_, "estate");
        if (const Node* embedded = root_.at("embedded")) {
            inventory_.embedded = beside(file_, text_at(*embedded, "file"));
            domain_ = text::fold(text_at(*embedded, "domain"));
        }
        if (const Node* directory = root_.at("directory")) read_directories(*directory);
        if (const Node* hosts = root_.at("hosts")) read_hosts(*hosts);
        for (const Node& node : items_at(root_, "migration_domains")) read_domain(node);
        return std::move(inventory_);
    }

private:
    void read_directories(const Node& node) {
        const std::span<const Node> maps = node.is(Node::Kind::list) ? std::span(node.items) : std::span(&node, 1);
        for (const Node& map : maps) {
            Directory directory = read_directory(map, file_, complaints_);
            if (directory_named(directory.domain))
                complaints_.add(map, fmt::format("the domain {} is here twice", directory.domain));
            inventory_.directories.push_back(std::move(directory));
        }
        if (!inventory_.directories.empty()) domain_ = inventory_.directories.front().domain;
    }

    const Directory* directory_named(std::string_view domain) const {
        for (const Directory& directory : inventory_.directories)
            if (directory.domain == domain) return &directory;
        return nullptr;
    }

    // The domain of a host's account: as it says, else the one that its DNS name is in, else the first.
    std::string account_domain(const Node& node, const Host& host) {
        const std::string said = text::fold(text_at(node, "domain"));
        if (!said.empty()) {
            if (!embedded() && !directory_named(said) && all_domains_are_names(inventory_))
                complaints_.add(*node.at("domain"),
                                fmt::format("no directory of this inventory is of the domain {}", said));
            return said;
        }
        const Directory* best = nullptr;
        for (const Directory& directory : inventory_.directories)
            if (host.dns.ends_with("." + directory.domain) && (!best || best->domain.size() < directory.domain.size()))
                best = &directory;
        return best ? best->domain : domain_;
    }

    void read_hosts(const Node& hosts) {
        refuse_reach_if_embedded(hosts);
        check_credentials(hosts, complaints_);
        inventory_.limits = read_limits(hosts);
        const Node nothing;
        const auto of_all = reach_complaints(read_reach(hosts, nothing, file_));
        if (hosts.is(Node::Kind::map) && !hosts.at("list") && !hosts.at("found"))
            complaints_.add(hosts, "the hosts name no host: `list` (hosts) or `found` (a search for them) is required");
        if (const Node* found = hosts.at("found")) read_searches(*found, hosts, of_all);
        for (const Node& node : items_at(hosts, "list")) {
            Host host;
            host.name = text_at(node, "name");
            host.dns = text::fold(text_at(node, "dns"));
            host.dns_declared = !host.dns.empty();
            host.domain_controller = text_at(node, "domain_controller") == "true";
            if (!host.dns_declared) {
                const std::string said = text::fold(text_at(node, "domain"));
                host.dns = text::fold(host.name) + "." + (said.empty() ? domain_ : said);
            }
            host.account_domain = account_domain(node, host);
            host.tags = texts_of(items_at(node, "tags"));
            host.reach = read_reach(hosts, node, file_);
            host.where = node.place;
            refuse_reach_if_embedded(node);
            check_credentials(node, complaints_);
            if (!embedded()) check_reach(host, node, hosts, of_all);
            refuse_repeated(node, host);
            inventory_.hosts.push_back(std::move(host));
        }
    }

    void read_searches(const Node& found, const Node& hosts, const std::vector<std::string>& of_all) {
        const Reach reach = read_reach(hosts, Node(), file_);
        if (const std::string why = complaint_if_found(reach); !why.empty() && !embedded())
            complaints_.add(*hosts.at("reach")->at("authentication"), why);
        const std::span<const Node> maps = found.is(Node::Kind::list) ? std::span(found.items) : std::span(&found, 1);
        for (const Node& map : maps) {
            inventory_.searches.push_back(read_search(map, reach, inventory_, domain_, complaints_));
            if (embedded()) continue;
            for (const std::string& why : of_all)
                if (told_.insert(why).second) complaints_.add(map, why);
        }
    }

    // A search that joins it may find any number.
    bool grows(const MigrationDomain& domain) const {
        return std::any_of(inventory_.searches.begin(), inventory_.searches.end(),
                           [&](const HostSearch& search) { return search.migration_domain == domain.name; });
    }

    bool embedded() const { return root_.at("embedded") != nullptr; }

    void refuse_reach_if_embedded(const Node& map) {
        if (!embedded()) return;
        for (std::string_view key : {"reach", "credentials"})
            if (const Entry* entry = map.entry(key))
                complaints_.add(*entry, fmt::format("`{}` has no use here: an embedded estate is a file", key));
    }

    // What is wrong with the way to reach all hosts is said there and once, if a host is reached so.
    void check_reach(const Host& host, const Node& node, const Node& hosts, const std::vector<std::string>& of_all) {
        for (const std::string& why : reach_complaints(host.reach)) {
            const bool shared = std::find(of_all.begin(), of_all.end(), why) != of_all.end();
            if (shared && !told_.insert(why).second) continue;
            const Node& map = shared ? hosts : node;
            const Node* reach = map.at("reach");
            complaints_.add(reach ? *reach : map, why);
        }
    }

    void refuse_repeated(const Node& node, const Host& host) {
        if (host.name.empty()) return;
        const auto [first, fresh] = host_lines_.emplace(text::fold(host.name), node.place.line);
        if (!fresh) {
            complaints_.add(*node.at("name"),
                            fmt::format("host {} is here twice; first in line {}", host.name, first->second));
            return;
        }
        const auto [same, fresh_dns] = dns_lines_.emplace(host.dns, node.place.line);
        if (!fresh_dns)
            complaints_.add(
                node.at("dns") ? *node.at("dns") : node,
                fmt::format("host {} has the DNS name {} of the host in line {}", host.name, host.dns, same->second));
    }

    void read_domain(const Node& node) {
        MigrationDomain domain;
        domain.name = text_at(node, "name");
        domain.where = node.place;
        if (!domain.name.empty()) {
            const auto [first, fresh] = domain_lines_.emplace(domain.name, node.place.line);
            if (!fresh)
                complaints_.add(*node.at("name"), fmt::format("migration domain {} is here twice; first in line {}",
                                                              domain.name, first->second));
        }
        const auto& items = items_at(node, "hosts");
        for (const Node& item : items)
            if (item.is(Node::Kind::scalar)) join(domain, item);
        const Node* list = node.at("hosts");
        if (list && list->is(Node::Kind::list) && items.empty())
            complaints_.add(*list,
                            fmt::format("migration domain {} is empty: it must have two hosts at least", domain.name));
        if (items.size() == 1 && !grows(domain))
            complaints_.add(items.front(),
                            fmt::format("migration domain {} has only {}: a host needs at least one peer", domain.name,
                                        items.front().text));
        inventory_.domains.push_back(std::move(domain));
    }

    void join(MigrationDomain& domain, const Node& item) {
        Host* host = host_named(item.text);
        if (!host && is_refused(item.text)) return;  // the mistake is in the list, and was reported there
        if (!host) {
            std::vector<std::string_view> names;
            for (const Host& known : inventory_.hosts) names.push_back(known.name);
            complaints_.add(item, fmt::format("unknown host {} in migration domain {}", item.text, domain.name),
                            complaints_.guess(item.text, names));
        } else if (const auto [at, fresh] = member_lines_.emplace(text::fold(host->name), item.place.line); fresh) {
            host->domain = domain.name;
            domain.hosts.push_back(host->name);
        } else if (host->domain == domain.name) {
            complaints_.add(item, fmt::format("host {} is in migration domain {} twice; first in line {}", host->name,
                                              domain.name, at->second));
        } else {
            complaints_.add(item, fmt::format("host {} is in two migration domains, {} (line {}) and {}", host->name,
                                              host->domain, at->second, domain.name));
        }
    }

    // Whether a host of the list whose name was refused is meant: it begins like that, or there is none.
    bool is_refused(std::string_view name) const {
        return std::any_of(inventory_.hosts.begin(), inventory_.hosts.end(), [&](const Host& host) {
            if (host_name_oddity(host.name).empty()) return false;
            const std::string_view label =
                text::trim(std::string_view(host.name).substr(0, host.name.find_first_of(".$")));
            return label.empty() || text::same_folded(label, name);
        });
    }

    Host* host_named(const std::string& name) {
        if (by_name_.empty())
            for (Host& host : inventory_.hosts) by_name_.emplace(text::fold(host.name), &host);
        const auto it = by_name_.find(text::fold(name));
        return it == by_name_.end() ? nullptr : it->second;
    }

    const Node& root_;
    const std::string& file_;
    Complaints& complaints_;
    Inventory inventory_;
    std::string domain_;
    std::set<std::string> told_;  // of the way to reach all hosts
    Lines host_lines_, dns_lines_, domain_lines_, member_lines_;
    std::unordered_map<std::string, Host*> by_name_;  // once all hosts are read
};

}  // namespace

Checked<Inventory> load_inventory(std::string_view text, const std::string& file) {
    auto root = parse_yaml(text, file);
    if (!root) return tl::unexpected(root.error());
    for (const std::string& warning : rename_former_keys(*root, inventory_shape(), file)) log::warn(warning);
    Complaints complaints(file);
    check(*root, inventory_shape(), "the inventory", complaints);
    Inventory inventory = InventoryReader(*root, file, complaints).read();
    if (!complaints.empty()) return tl::unexpected(complaints.take());
    inventory.file = file;
    inventory.digest = sha256(text);
    return inventory;
}

}  // namespace fairway
