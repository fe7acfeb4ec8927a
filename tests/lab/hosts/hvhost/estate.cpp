// The estate's JSON.
#include "estate.hpp"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cim.hpp"
#include "estate_json.hpp"
#include "guid.hpp"

namespace lab {
namespace {

using nlohmann::json;

JobAnswer read_answer(const std::string& word) {
    if (word == "always") return JobAnswer::always;
    if (word == "never") return JobAnswer::never;
    if (word == "alternate") return JobAnswer::alternate;
    throw std::runtime_error("jobs.answer must be always, never or alternate, not " + word);
}

}  // namespace

void merge_settings(const json& from, MigrationSettings& to) {
    to.enabled = from.value("EnableVirtualSystemMigration", to.enabled);
    to.max_migrations = from.value("MaximumActiveVirtualSystemMigration", to.max_migrations);
    to.max_storage_migrations = from.value("MaximumActiveStorageMigration", to.max_storage_migrations);
    to.authentication = from.value("AuthenticationType", to.authentication);
    to.compression = from.value("EnableCompression", to.compression);
    to.smb = from.value("EnableSmbTransport", to.smb);
}

void merge_jobs(const json& from, JobHabits& to) {
    if (from.contains("answer")) to.answer = read_answer(from.at("answer"));
    to.delay = std::chrono::milliseconds(from.value("delay_ms", to.delay.count()));
    to.keep = std::chrono::milliseconds(from.value("keep_ms", to.keep.count()));
    to.runs_for = from.value("runs_for", to.runs_for);
    to.held = from.value("held", to.held);
}

std::vector<MigrationNetwork> read_networks(const json& from) {
    std::vector<MigrationNetwork> networks;
    for (const auto& entry : from) {
        if (entry == "any") {
            const auto pair = any_network();
            networks.insert(networks.end(), pair.begin(), pair.end());
            continue;
        }
        MigrationNetwork network{.instance_id = new_guid(),
                                 .subnet = entry.at("SubnetNumber"),
                                 .prefix = entry.at("PrefixLength"),
                                 .metric = std::nullopt,
                                 .tags = entry.at("Tags")};
        if (entry.contains("Metric")) network.metric = entry.at("Metric").get<std::uint32_t>();
        networks.push_back(std::move(network));
    }
    return networks;
}

std::vector<Machine> read_machines(const json& from) {
    std::vector<Machine> machines;
    for (const auto& entry : from) {
        Machine machine;
        machine.id = entry.at("id");
        machine.name = entry.at("name");
        machine.notes = entry.value("notes", "");
        machine.path = entry.value("path", machine.path);
        machine.disks = entry.value("disks", machine.disks);
        machine.cd = entry.value("cd", "");
        machine.running = entry.value("running", machine.running);
        machine.memory_mb = entry.value("memory_mb", machine.memory_mb);
        machine.generation = entry.value("generation", machine.generation);
        machine.controllers = entry.value("controllers", machine.controllers);
        machine.drives = entry.value("drives", machine.drives);
        for (const auto& checkpoint : entry.value("checkpoints", json::array())) {
            machine.checkpoints.push_back({checkpoint.at("id"), checkpoint.at("disks")});
        }
        machines.push_back(std::move(machine));
    }
    return machines;
}

json written(const Machine& machine) {
    auto checkpoints = json::array();
    for (const auto& checkpoint : machine.checkpoints) {
        checkpoints.push_back({{"id", checkpoint.id}, {"disks", checkpoint.disks}});
    }
    return {{"id", machine.id},
            {"name", machine.name},
            {"notes", machine.notes},
            {"path", machine.path},
            {"disks", machine.disks},
            {"cd", machine.cd},
            {"checkpoints", checkpoints},
            {"running", machine.running},
            {"memory_mb", machine.memory_mb},
            {"generation", machine.generation},
            {"controllers", machine.controllers},
            {"drives", machine.drives}};
}

std::string Estate::fqdn() const { return boost::algorithm::to_lower_copy(host) + "." + domain; }

std::vector<MigrationNetwork> any_network() {
    const std::vector<std::string> tags = {"Microsoft:UserManagedAllNetworks"};
    return {{new_guid(), "0.0.0.0", 0, std::nullopt, tags}, {new_guid(), "::", 0, std::nullopt, tags}};
}

const std::string kClusterTag = "Microsoft:ClusterManaged";

MigrationNetwork cluster_network() { return {new_guid(), "10.20.0.0", 16, 1, {kClusterTag}}; }

bool is_of_cluster(const MigrationNetwork& network) {
    return std::find(network.tags.begin(), network.tags.end(), kClusterTag) != network.tags.end();
}

Estate read_estate(const std::string& path, const std::string& host) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    const json document = json::parse(file);
    Estate estate;
    estate.realm = document.at("realm");
    estate.domain = document.at("domain");
    estate.base_dn = document.at("base_dn");
    estate.administrators = document.at("administrators").get<std::vector<std::string>>();
    merge_jobs(document.at("jobs"), estate.jobs);

    const auto& hosts = document.at("hosts");
    const auto at = std::find_if(hosts.begin(), hosts.end(), [&](const json& entry) {
        return same_name(entry.at("name").get<std::string>(), host);
    });
    if (at == hosts.end()) throw std::runtime_error(path + " declares no host " + host);
    estate.host = at->at("name");
    estate.address = at->at("address");
    estate.addresses = at->at("addresses").get<std::vector<std::string>>();
    // The form of the real InstanceID is unknown; a backslash keeps clients honest about escaping.
    estate.settings.instance_id = "Microsoft:" + new_guid() + "\\migrationwmi";
    merge_settings(at->at("settings"), estate.settings);
    estate.networks = read_networks(at->at("networks"));
    estate.credential_guard = at->value("credential_guard", false);
    estate.display_text = at->value("display_text", "");
    if (at->contains("cluster")) {
        estate.cluster = Cluster{.name = at->at("cluster")};
        for (const auto& other : hosts) {
            if (other.value("cluster", "") == estate.cluster->name) estate.nodes.push_back(other.at("name"));
        }
    }
    estate.machines = read_machines(at->at("vms"));
    return estate;
}

}  // namespace lab
