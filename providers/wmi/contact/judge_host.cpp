// The judges of what a host is and holds; see assumptions.hpp.
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/guid.hpp"
#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "providers/wmi/contact/assumptions.hpp"

namespace fairway::wmi::judge {
namespace {

constexpr std::string_view user_tag = "Microsoft:UserManaged", all_tag = "Microsoft:UserManagedAllNetworks";

// The one object of a class that a host has one of.
Result<cim::Instance> the_only(const Result<Instances>& all, Source source) {
    if (!all) return tl::unexpected(all.error());
    const Instances each = distinct(*all, source);
    const auto one = only(each, source);
    if (!one) return tl::unexpected(one.error());
    return **one;
}
Result<cim::Instance> the_only(const Evidence& seen, Source source) { return the_only(seen.instances(source), source); }

bool has(const std::vector<std::string>& all, std::string_view one) {
    return std::any_of(all.begin(), all.end(), [&](const std::string& other) { return text::same_folded(other, one); });
}

// Nothing: it cannot be told.
std::optional<bool> node_of_a_cluster(const Evidence& seen) {
    const auto services = seen.instances(Source::cluster_service);
    return services ? std::optional(is_node(*services)) : std::nullopt;
}

std::optional<Subnet> subnet_of(const cim::Instance& network) {
    const auto prefix = network.integer("PrefixLength");
    if (!prefix || !*prefix) return std::nullopt;
    return parse_subnet(fmt::format("{}/{}", text::trim(network.text("SubnetNumber").value_or("")), **prefix));
}

std::vector<IpAddress> addresses(const std::vector<std::string>& texts) {
    std::vector<IpAddress> out;
    for (const std::string& raw : texts)
        if (const auto address = parse_address(std::string_view(raw).substr(0, raw.find('%')))) out.push_back(*address);
    return out;
}

bool in_one(const std::vector<Subnet>& networks, const IpAddress& address) {
    return std::any_of(networks.begin(), networks.end(), [&](const Subnet& one) { return contains(one, address); });
}

}  // namespace

Judgement service_keys(const Evidence& seen) {
    const auto service = the_only(seen, Source::migration_service);
    if (!service) return untried(service.error());
    const auto is = [&](const char* key, std::string_view wanted) {
        return text::same_folded(service->text(key).value_or(""), wanted);
    };
    if (!is("Name", "migrationwmi")) return refuted(fmt::format("Name is `{}`", service->text("Name").value_or("")));
    if (!is("SystemName", seen.host))
        return refuted(fmt::format("SystemName is `{}`", service->text("SystemName").value_or("")));
    if (!is("CreationClassName", "Msvm_VirtualSystemMigrationService") ||
        !is("SystemCreationClassName", "Msvm_ComputerSystem"))
        return refuted("a class name in the keys is another");
    return holds("all four keys");
}

Judgement authentication(const Evidence& seen) {
    const auto setting = the_only(seen, Source::migration_setting);
    if (!setting) return untried(setting.error());
    const auto type = setting->integer("AuthenticationType");
    if (!type || !*type) return refuted("AuthenticationType is no number");
    return **type <= 1 ? holds(fmt::format("{}", **type)) : refuted(fmt::format("AuthenticationType is {}", **type));
}

Judgement performance(const Evidence& seen) {
    const auto setting = the_only(seen, Source::migration_setting);
    if (!setting) return untried(setting.error());
    const auto compression = setting->boolean("EnableCompression"), smb = setting->boolean("EnableSmbTransport");
    if (!compression || !smb) return refuted("a flag is no boolean");
    if (compression->has_value() != smb->has_value()) return refuted("the host has one of the two flags alone");
    if (!*compression) return untried("the host has neither flag: it is Server 2012 without R2");
    return holds(fmt::format("EnableCompression {}, EnableSmbTransport {}", **compression, **smb));
}

Judgement tags(const Evidence& seen) {
    const auto networks = seen.instances(Source::migration_network);
    const auto node = node_of_a_cluster(seen);
    if (!networks) return untried(networks.error());
    if (networks->empty()) return untried("the host has no migration network");
    for (const cim::Instance& network : *networks) {
        const auto tags = network.list("Tags");
        const auto subnet = subnet_of(network);
        const bool everything = subnet && subnet->prefix == 0;
        if (has(tags, all_tag) && subnet && !everything) return refuted("a part of the network has the tag of all");
        if (has(tags, user_tag) && everything) return refuted("all of the network has the tag of a subnet");
        if (has(tags, user_tag) || has(tags, all_tag)) continue;
        const std::string other = tags.empty() ? "none" : fmt::format("`{}`", tags.front());
        if (!node) return untried("a network has another tag, and whether the host is a node of a cluster is unknown");
        if (!*node)
            return refuted(fmt::format("the host is no node of a cluster, and a network has the tag {}", other));
    }
    return holds(fmt::format("{} networks", networks->size()));
}

Judgement subnets(const Evidence& seen) {
    const auto networks = seen.instances(Source::migration_network);
    if (!networks) return untried(networks.error());
    if (networks->empty()) return untried("the host has no migration network");
    for (const cim::Instance& network : *networks) {
        const std::string base = network.text("SubnetNumber").value_or("");
        const auto prefix = network.integer("PrefixLength"), metric = network.integer("Metric");
        if (!parse_address(text::trim(base))) return refuted(fmt::format("SubnetNumber is `{}`", base));
        if (!prefix || !*prefix || **prefix > 128) return refuted("PrefixLength is no length of a prefix");
        if (!metric || metric->value_or(0) > 0xFFFFFFFF) return refuted("Metric is no uint32");
    }
    return holds(fmt::format("{} networks", networks->size()));
}

Judgement listeners(const Evidence& seen) {
    const auto service = the_only(seen, Source::migration_service);
    const auto networks = seen.instances(Source::migration_network), adapters = seen.instances(Source::adapters);
    const auto setting = the_only(seen, Source::migration_setting);
    for (const Error* error : {service ? nullptr : &service.error(), networks ? nullptr : &networks.error(),
                               adapters ? nullptr : &adapters.error(), setting ? nullptr : &setting.error()})
        if (error != nullptr) return untried(*error);
    std::vector<Subnet> subnets;
    for (const cim::Instance& network : *networks)
        if (const auto subnet = subnet_of(network)) subnets.push_back(*subnet);
    const auto listening = addresses(service->list("MigrationServiceListenerIPAddressList"));
    const auto enabled = setting->boolean("EnableVirtualSystemMigration");
    if (!enabled || !enabled->value_or(false))
        return listening.empty() ? holds("migration is off, and it listens nowhere")
                                 : refuted("migration is off, and it listens all the same");
    std::vector<IpAddress> own;
    for (const cim::Instance& adapter : *adapters)
        for (const IpAddress& one : addresses(adapter.list("IPAddress"))) own.push_back(one);
    for (const IpAddress& one : listening) {
        if (!in_one(subnets, one)) return refuted("it listens on an address that is in no migration network");
        if (std::find(own.begin(), own.end(), one) == own.end())
            return refuted("it listens on an address that no adapter has");
    }
    for (const IpAddress& one : own)
        if (!is_link_local(one) && !is_own(one) && in_one(subnets, one) &&
            std::find(listening.begin(), listening.end(), one) == listening.end())
            return refuted("an address of it is in a migration network, and it does not listen there");
    return holds(fmt::format("{} listeners", listening.size()));
}

Judgement cluster_limit(const Evidence& seen) {
    const auto cluster = seen.instances(Source::cluster);
    const auto setting = the_only(seen, Source::migration_setting);
    if (!setting) return untried(setting.error());
    if (!cluster || cluster->empty()) return untried("the host shows no cluster");
    const auto of_cluster = cluster->front().integer("MaximumParallelMigrations");
    const auto of_host = setting->integer("MaximumActiveVirtualSystemMigration");
    if (!of_cluster || !*of_cluster) return untried("the cluster shows no limit: it is older than KB5017381");
    if (!of_host || *of_host != *of_cluster)
        return refuted(fmt::format("the cluster says {}, the host {}", **of_cluster,
                                   of_host && *of_host ? std::to_string(**of_host) : "nothing"));
    return holds(fmt::format("both say {}", **of_cluster));
}

Judgement cluster_service(const Evidence& seen) {
    const auto node = node_of_a_cluster(seen);
    const auto reply = seen.reply(Source::cluster);
    if (!node) return untried("whether ClusSvc is there was not told");
    if (!reply) return untried(reply.error());
    if (reply->fault && reply->fault->subcode == "AccessDenied") return untried("root/mscluster: access denied");
    const auto cluster = seen.instances(Source::cluster);
    const bool shown = cluster && !cluster->empty();
    if (*node && !shown) return refuted("ClusSvc is not disabled, and root/mscluster shows no cluster");
    if (!*node && shown) return refuted("ClusSvc is missing or disabled, and root/mscluster shows a cluster");
    return holds(*node ? "a node: ClusSvc is not disabled" : "no node: ClusSvc is missing or disabled");
}

Judgement credential_guard(const Evidence& seen) {
    const auto guard = the_only(seen, Source::device_guard);
    if (!guard) return untried(guard.error());
    if (!guard->has("SecurityServicesRunning")) return refuted("SecurityServicesRunning is missing");
    const auto running = guard->list("SecurityServicesRunning"), configured = guard->list("SecurityServicesConfigured");
    for (const std::string& one : running) {
        if (!text::number<std::uint32_t>(one)) return refuted(fmt::format("a service that runs is `{}`", one));
        if (one == "0" && running.size() > 1) return refuted("0, which means none, is there beside others");
        if (one == "1" && !configured.empty() && !has(configured, "1"))
            return refuted("Credential Guard (1) runs and is not configured");
    }
    return holds(has(running, "1") ? "it runs and is configured" : "it does not run");
}

Judgement realm(const Evidence& seen) {
    const auto computer = the_only(seen, Source::computer);
    if (!computer) return untried(computer.error());
    const bool ticket = !seen.steps.realm.empty();
    const std::string& told = ticket ? seen.steps.realm : seen.steps.domain;
    if (told.empty()) return untried("this sign-on names no domain");
    const std::string domain = computer->text("Domain").value_or("");
    if (text::same_folded(domain, told)) return holds(ticket ? "the realm" : "the domain in the NTLM challenge");
    return refuted(fmt::format("the sign-on names `{}`, Win32_ComputerSystem `{}`", told, domain));
}

Judgement machines(const Evidence& seen) {
    const auto all = seen.instances(Special::with_references);
    if (!all) return untried(all.error());
    if (all->empty()) return untried("Hyper-V shows no object");
    std::size_t guids = 0;
    for (const cim::Instance& one : *all) {
        if (!one.self) return untried("the objects come without references");
        for (const char* key : {"CreationClassName", "Name"}) {
            const auto& keys = one.self->selectors;
            if (std::none_of(keys.begin(), keys.end(),
                             [&](const cim::Selector& selector) { return text::same_folded(selector.name, key); }))
                return refuted(fmt::format("a reference has no {}", key));
        }
    }
    for (const cim::Instance& one : seen.instances(Source::machines).value_or(Instances{})) {
        const std::string name = one.text("Name").value_or("");
        if (is_guid(name)) ++guids;
        else if (!text::same_folded(name, seen.host)) return refuted(fmt::format("the Name of a VM is `{}`", name));
    }
    return holds(fmt::format("{} VMs and the host itself", guids));
}

Judgement same_again(const Evidence& seen) {
    const auto first = the_only(seen, Source::migration_setting);
    const auto again = the_only(seen.instances(Special::setting_again), Source::migration_setting);
    if (!first) return untried(first.error());
    if (!again) return untried(again.error());
    const auto id = first->text("InstanceID");
    if (!id) return refuted("the setting has no InstanceID");
    return id == again->text("InstanceID") ? holds("the same on another connection") : refuted("it is another one");
}

Judgement domain_and_build(const Evidence& seen) {
    const auto computer = the_only(seen, Source::computer);
    const auto system = the_only(seen, Source::operating_system);
    if (!computer) return untried(computer.error());
    if (!system) return untried(system.error());
    const auto build = system->integer("BuildNumber");
    if (!build || !*build) return refuted("BuildNumber is no number");
    const auto joined = computer->boolean("PartOfDomain");
    if (!joined || !joined->value_or(false)) return untried("the host is in no domain");
    const std::string domain = computer->text("Domain").value_or("");
    if (domain.find('.') == domain.npos) return refuted(fmt::format("Domain is `{}`, which is no DNS name", domain));
    return holds(fmt::format("build {}, and a domain with dots", **build));
}

}  // namespace fairway::wmi::judge
