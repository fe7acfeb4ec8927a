// `init`: a first inventory, of what the directory holds. It reads, and writes nothing anywhere.
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/policy/first_inventory.hpp"
#include "engine/policy/inventory_document.hpp"
#include "engine/policy/nodes.hpp"

namespace fairway::cli {
namespace {

using Entries = std::vector<std::pair<std::string_view, Node>>;

// Which directory is asked, as an inventory says it.
struct Where {
    std::string estate, file;
    std::string key = "directory";  // or embedded
    Node node = {};
};

Loaded<Where> of_line(const Request& request) {
    const std::string& domain = request.arguments.front();
    Entries entries = {{"domain", text_node(domain)}};
    if (request.has("controller")) entries.emplace_back("servers", list_node(request.all("controller")));
    return Where{
        .estate = domain.substr(0, domain.find('.')), .file = "the command line", .node = map_node(std::move(entries))};
}

Loaded<Where> of_inventory(const Request& request) {
    const auto source = read_document(request.get("inventory"));
    if (!source) return tl::unexpected(source.error());
    const auto known = fairway::load_inventory(source->text, source->file);
    if (!known) return tl::unexpected(trouble(known.error(), source->text));
    if (const auto trusted = may_start_programs(*source, *known); !trusted)
        return tl::unexpected(trouble(trusted.error()));
    const Node root = *parse_yaml(source->text, source->file);
    Where out{.estate = known->estate, .file = source->file};
    if (!root.at(out.key)) out.key = "embedded";
    out.node = *root.at(out.key);
    return out;
}

// Without a container the whole domain is asked for what calls itself a host or a cluster.
constexpr const char* hosts_and_clusters =
    "(|(servicePrincipalName=Microsoft Virtual System Migration Service/*)"
    "(servicePrincipalName=Microsoft Virtual Console Service/*)(servicePrincipalName=MSClusterVirtualServer/*))";

// The question is an inventory with one search, so all of it is checked as if a person had written it.
std::string question(const Where& where, const Request& request) {
    Entries found;  // all computers of an embedded estate
    if (request.has("base")) found = {{"base", text_node(request.get("base"))}};
    else if (where.key == "directory") found = {{"filter", text_node(hosts_and_clusters)}};
    return print_yaml(map_node({{"estate", text_node(where.estate)},
                                {where.key, where.node},
                                {"hosts", map_node({{"found", map_node(std::move(found))}})}}));
}

// What somebody must look at, and what was seen of an account.
std::string seen_text(const Candidate& one) {
    std::vector<std::string> said = one.because;
    if (one.node) said.emplace_back("a cluster's node");
    if (!one.seen->system.empty()) said.push_back(one.seen->system);
    if (!one.seen->sid.empty()) said.push_back(one.seen->sid);
    return text::join(said, "; ");
}

std::string host_text(const Candidate& one) {
    Entries entries = {{"name", text_node(one.name)}};
    if (!one.dns.empty()) entries.emplace_back("dns", text_node(one.dns));
    std::string line = print_yaml(list_node(std::vector<Node>{map_node(std::move(entries))}));
    line.pop_back();
    const std::string seen = seen_text(one);
    if (!one.host) return yaml_comment(line + "  # " + seen, 4);
    return fmt::format("    {}{}\n", line, seen.empty() ? "" : "  # " + text::printable(seen));
}

std::string hosts_text(const FirstInventory& first, bool embedded) {
    std::string out = "hosts:\n";
    if (!embedded) out += "  reach: {protocol: wsman, authentication: kerberos}\n";
    out += "  list:\n";
    const std::string* container = nullptr;
    for (const Candidate& one : first.computers) {
        if (!container || *container != one.container) out += yaml_comment("in " + one.container, 4);
        container = &one.container;
        out += host_text(one);
    }
    return out;
}

std::string domains_text(const FirstInventory& first) {
    std::string out;
    if (first.domains.empty())
        out += yaml_comment(
            "migration_domains: no two hosts are in one container; say which must be able to hand VMs to "
            "each other");
    else out += "migration_domains:\n";
    for (const ProposedDomain& one : first.domains) {
        out += yaml_comment(one.by + ": is this so?", 2);
        out += indented(print_yaml(list_node(std::vector<Node>{
                            map_node({{"name", text_node(one.name)}, {"hosts", list_node(one.hosts)}})})),
                        2);
    }
    if (first.clusters.empty()) return out;
    out += yaml_comment(
        "Accounts of clusters and their roles. Which node is in which cluster, only hosts say: `fairway "
        "audit` asks them.");
    for (const std::string& one : first.clusters) out += yaml_comment("  " + one);
    return out;
}

std::string document(const Where& where, const FirstInventory& first) {
    return yaml_comment("What may be Hyper-V hosts, by what their accounts say of themselves (`fairway init`).") +
           yaml_comment(
               "Read each comment. Then `fairway check` this file, and `fairway probe HOST` shows whether a host is "
               "reached.") +
           print_yaml(map_node({{"estate", text_node(where.estate)}, {where.key, where.node}})) +
           hosts_text(first, where.key == "embedded") + domains_text(first);
}

Json json_of(const FirstInventory& first, const std::string& text) {
    Json computers = Json::array(), domains = Json::array();
    for (const Candidate& one : first.computers)
        computers.push_back({{"name", one.name},
                             {"listed", one.host},
                             {"container", one.container},
                             {"sid", one.seen->sid},
                             {"node", one.node},
                             {"because", one.because}});
    for (const ProposedDomain& one : first.domains)
        domains.push_back({{"name", one.name}, {"hosts", one.hosts}, {"by", one.by}});
    return {{"proposed",
             {{"text", text},
              {"computers", std::move(computers)},
              {"clusters", first.clusters},
              {"migration_domains", std::move(domains)}}}};
}

Answer nobody(const FirstInventory& first) {
    std::string why =
        first.computers.empty()
            ? "no computer is found that calls itself a Hyper-V host; name the container of the hosts (--base), "
              "and see that you may read it"
            : "no account that is found can be a host now";
    for (std::size_t i = 0; i < std::min<std::size_t>(first.computers.size(), 5); ++i)
        why += fmt::format("\n  {}: {}", first.computers[i].name, text::join(first.computers[i].because, "; "));
    return trouble(Exit::error, "not_found", why);
}

}  // namespace

Answer init(const Request& request, const Stage& stage) {
    if (request.arguments.empty() && !request.has("inventory"))
        return trouble(Exit::usage, "bad_input",
                       "name the domain, as in `fairway init corp.example`, or an inventory whose directory is asked "
                       "(--inventory)");
    if (request.arguments.empty() && request.has("controller"))
        return trouble(Exit::usage, "bad_input",
                       "--controller goes with a domain; an inventory names its own `servers`");
    const auto where = request.arguments.empty() ? of_inventory(request) : of_line(request);
    if (!where) return where.error();
    const std::string asked = question(*where, request);
    const auto inventory = fairway::load_inventory(asked, where->file);
    if (!inventory) return trouble(inventory.error(), asked);
    const auto finder = connect_to_find(*inventory, {});
    if (!finder) return trouble(finder.error());
    const HostSearch& search = inventory->searches.front();
    const auto seen = (*finder)->look(search);
    if (!seen) return trouble(seen.error());
    const FirstInventory first = first_inventory(*seen, search.domain, system_now());
    if (std::none_of(first.computers.begin(), first.computers.end(), [](const Candidate& one) { return one.host; }))
        return nobody(first);
    const std::string text = document(*where, first);
    if (const auto again = fairway::load_inventory(text, where->file); !again) return trouble(again.error(), text);
    return {.exit = Exit::fine,
            .text = stage.structured ? std::string() : text,
            .json = stage.json([&] { return json_of(first, text); }),
            .trouble = {},
            .exact = !stage.structured};
}

}  // namespace fairway::cli
