// The host's state as CIM instances: one function for each class.
#include <fmt/format.h>

#include <algorithm>

#include "host.hpp"
#include "sights.hpp"
#include "storage.hpp"

namespace lab {
namespace {

using Texts = std::vector<std::string>;

Instance operating_system(const Estate& estate, const Host::State& state) {
    return {"Win32_OperatingSystem",
            {{"BuildNumber", "20348"},
             {"BuildType", "Multiprocessor Free"},
             {"Caption", "Microsoft Windows Server 2022 Datacenter"},
             {"CSDVersion", {}},
             {"CSName", estate.host},
             {"LastBootUpTime", Moment{"2026-11-22T06:00:00.5+01:00"}},
             {"LocalDateTime", local_time(state.clock_ahead)},
             {"Name", "Microsoft Windows Server 2022 Datacenter|C:\\Windows|\\Device\\Harddisk0\\Partition3"},
             {"OSArchitecture", "64-bit"},
             {"Status", "OK"},
             {"Version", "10.0.20348"}}};
}

Instance computer_system(const Estate& estate) {
    return {"Win32_ComputerSystem",
            {{"Caption", estate.host},
             {"DNSHostName", estate.host},
             {"Domain", estate.domain},
             {"DomainRole", std::uint64_t{3}},
             {"Name", estate.host},
             {"PartOfDomain", true},
             {"Workgroup", {}}}};
}

Instance windows_service(const std::string& name, const std::string& state, const std::string& start_mode) {
    return {"Win32_Service",
            {{"Caption", name},
             {"Name", name},
             {"StartMode", start_mode},
             {"Started", state == "Running"},
             {"State", state},
             {"Status", "OK"}}};
}

Instance adapter(std::uint64_t index, std::string description, std::string service, const Value& dns_domain,
                 const Texts& addresses) {
    Texts masks;
    for (const auto& text : addresses) masks.emplace_back(text.find(':') == std::string::npos ? "255.255.0.0" : "64");
    return {"Win32_NetworkAdapterConfiguration",
            {{"Caption", fmt::format("[{:08}] {}", index, description)},
             {"Description", std::move(description)},
             {"DHCPEnabled", false},
             {"DNSDomain", dns_domain},
             {"Index", index},
             {"IPAddress", addresses},
             {"IPEnabled", !addresses.empty()},
             {"IPSubnet", masks},
             {"ServiceName", std::move(service)}}};
}

Texts addresses_of(const Estate& estate, const Host::State& state) {
    Texts all = estate.addresses;
    all.insert(all.end(), state.more_addresses.begin(), state.more_addresses.end());
    return all;
}

// A node's own address inside its cluster: link-local, and no place to send a migration to.
Texts cluster_addresses(const Estate& estate) {
    const auto last = estate.address.substr(estate.address.rfind('.') + 1);
    return {"169.254.1." + last, "fe80::5efe:a9fe:10" + last};
}

Instance cluster_of(const Estate& estate, const Cluster& cluster) {
    return {"MSCluster_Cluster",
            {{"Caption", cluster.name},
             {"Fqdn", cluster.name + "." + estate.domain},
             {"MaximumParallelMigrations", std::uint64_t{cluster.max_parallel_migrations}},
             {"Name", cluster.name},
             {"Status", "OK"}}};
}

Instance node_named(const std::string& name, const NodeState& state) {
    return {"MSCluster_Node",
            {{"Caption", name},
             {"Name", name},
             {"NodeDrainStatus", state.drain},
             {"State", state.state},
             {"Status", "OK"}}};
}

std::vector<Instance> everything_of_cluster(const Estate& estate, const Cluster& cluster) {
    std::vector<Instance> all = {cluster_of(estate, cluster)};
    for (const auto& name : estate.nodes) {
        all.push_back(node_named(name, same_name(name, estate.host) ? cluster.node : NodeState{}));
    }
    // A host that joined by a test's hand is its only node.
    if (estate.nodes.empty()) all.push_back(node_named(estate.host, cluster.node));
    return all;
}

// 1 in both lists is Credential Guard (FROM MEMORY); a list of nothing is one nought.
Instance device_guard(bool running) {
    const Texts services = {running ? "1" : "0"};
    return {"Win32_DeviceGuard",
            {{"InstanceIdentifier", "4ff40742-2649-41b8-bdd1-e80fad1cce80"},
             {"SecurityServicesConfigured", services},
             {"SecurityServicesRunning", services},
             {"Version", "1.0"},
             {"VirtualizationBasedSecurityStatus", std::uint64_t{running ? 2U : 0U}}}};
}

Instance system_of(std::string caption, std::string name, std::string element_name) {
    return {"Msvm_ComputerSystem",
            {{"Caption", std::move(caption)},
             {"CreationClassName", "Msvm_ComputerSystem"},
             {"ElementName", std::move(element_name)},
             {"EnabledState", std::uint64_t{2}},
             {"HealthState", std::uint64_t{5}},
             {"Name", std::move(name)},
             {"OperationalStatus", Texts{"2"}}}};
}

// The VM's own, or a checkpoint's, which has its identifier and a GUID of its own.
Instance machine_settings(const Machine& machine, const std::string& id, const std::string& type) {
    return {"Msvm_VirtualSystemSettingData",
            {{"ConfigurationDataRoot", machine.path},
             {"ElementName", machine.name},
             {"InstanceID", "Microsoft:" + id},
             {"Notes", Texts{machine.notes}},
             {"VirtualSystemIdentifier", machine.id},
             {"VirtualSystemSubType", "Microsoft:Hyper-V:SubType:" + std::to_string(machine.generation)},
             {"VirtualSystemType", "Microsoft:Hyper-V:" + type}}};
}

// Its class in place of Msvm_ComputerSystem, in both places.
Instance planned_machine(const Machine& machine) {
    auto planned = system_of("Planned Virtual Machine", machine.id, machine.name);
    planned.class_name = "Msvm_PlannedComputerSystem";
    for (auto& property : planned.properties) {
        if (property.name == "CreationClassName") property.value = planned.class_name;
    }
    return planned;
}

Instance memory_of(const Machine& machine) {
    return {"Msvm_MemorySettingData",
            {{"AllocationUnits", std::string("byte * 2^20")},
             {"InstanceID", "Microsoft:" + machine.id + "\\4764334d-e001-4176-82ee-5594ec9b530e"},
             {"ResourceType", std::uint64_t{4}},
             {"VirtualQuantity", machine.memory_mb}}};
}

void add_machine(std::vector<Instance>& all, const std::string& host, const Machine& machine) {
    constexpr std::uint64_t kRunning = 2, kOff = 3;
    all.push_back(system_of("Virtual Machine", machine.id, machine.name));
    for (auto& property : all.back().properties) {
        if (property.name == "EnabledState") property.value = machine.running ? kRunning : kOff;
    }
    all.push_back(memory_of(machine));
    all.push_back(machine_settings(machine, machine.id, "System:Realized"));
    for (const auto& checkpoint : machine.checkpoints) {
        all.push_back(machine_settings(machine, checkpoint.id, "Snapshot:Realized"));
    }
    for (auto& part : parts_of(host, machine)) all.push_back(std::move(part));
    for (auto& disk : disks_of(host, machine)) all.push_back(std::move(disk));
}

Instance service(const Estate& estate, const Host::State& state) {
    const std::string text = "Hyper-V Migration Service";
    return {"Msvm_VirtualSystemMigrationService",
            {{"ActiveStorageMigrationCount", state.active_storage_migrations},
             {"ActiveVirtualSystemMigrationCount", state.active_migrations},
             {"Caption", text},
             {"CreationClassName", "Msvm_VirtualSystemMigrationService"},
             {"Description", text},
             {"ElementName", text},
             {"EnabledState", std::uint64_t{2}},
             {"HealthState", std::uint64_t{5}},
             {"InstanceID", {}},
             {"MigrationServiceListenerIPAddressList", listener_addresses(estate, state)},
             {"Name", "migrationwmi"},
             {"OperationalStatus", Texts{"2"}},
             {"RequestedState", std::uint64_t{12}},
             {"Started", true},
             {"SystemCreationClassName", "Msvm_ComputerSystem"},
             {"SystemName", estate.host}}};
}

Instance management_service(const Estate& estate) {
    const std::string text = "Hyper-V Virtual System Management Service";
    return {"Msvm_VirtualSystemManagementService",
            {{"Caption", text},
             {"CreationClassName", "Msvm_VirtualSystemManagementService"},
             {"ElementName", text},
             {"Name", "vmms"},
             {"Started", true},
             {"SystemCreationClassName", "Msvm_ComputerSystem"},
             {"SystemName", estate.host}}};
}

Instance image_service(const Estate& estate) {
    const std::string text = "Hyper-V Image Management Service";
    return {"Msvm_ImageManagementService",
            {{"Caption", text},
             {"CreationClassName", "Msvm_ImageManagementService"},
             {"ElementName", text},
             {"Name", "vhdsvc"},
             {"Started", true},
             {"SystemCreationClassName", "Msvm_ComputerSystem"},
             {"SystemName", estate.host}}};
}

// Where New-VHD and Hyper-V Manager put disks unless they are told otherwise.
Instance management_settings(const Estate& estate) {
    return {"Msvm_VirtualSystemManagementServiceSettingData",
            {{"DefaultExternalDataRoot", std::string("C:\\ProgramData\\Microsoft\\Windows\\Hyper-V")},
             {"DefaultVirtualHardDiskPath", std::string("C:\\Users\\Public\\Documents\\Hyper-V\\Virtual Hard Disks")},
             {"InstanceID", "Microsoft:" + estate.host}}};
}

std::string display(const Estate& estate, std::string english) {
    return estate.display_text.empty() ? std::move(english) : estate.display_text;
}

Instance settings_of(const Estate& estate, const MigrationSettings& settings) {
    const std::string text = display(estate, "Hyper-V Migration Service Setting Data");
    return {"Msvm_VirtualSystemMigrationServiceSettingData",
            {{"AuthenticationType", std::uint64_t{settings.authentication}},
             {"Caption", text},
             {"Description", text},
             {"ElementName", text},
             {"EnableCompression", settings.compression},
             {"EnableSmbTransport", settings.smb},
             {"EnableVirtualSystemMigration", settings.enabled},
             {"InstanceID", settings.instance_id},
             {"MaximumActiveStorageMigration", std::uint64_t{settings.max_storage_migrations}},
             {"MaximumActiveVirtualSystemMigration", std::uint64_t{settings.max_migrations}}}};
}

Instance network_of(const Estate& estate, const MigrationNetwork& network) {
    const std::string text = display(estate, "Hyper-V Migration Network Setting Data");
    return {"Msvm_VirtualSystemMigrationNetworkSettingData",
            {{"Caption", text},
             {"Description", text},
             {"ElementName", text},
             {"InstanceID", network.instance_id},
             // A metric that nobody set reads as zero (FROM MEMORY: uint32 without NULL on the host).
             {"Metric", std::uint64_t{network.metric.value_or(0)}},
             {"PrefixLength", std::uint64_t{network.prefix}},
             {"SubnetNumber", network.subnet},
             {"Tags", network.tags}}};
}

Instance link(std::string class_name, std::string from, Reference left, std::string to, Reference right) {
    return {std::move(class_name), {{std::move(from), std::move(left)}, {std::move(to), std::move(right)}}};
}

Reference virtualization_reference(const Instance& instance) {
    return reference_to(*find_class(kVirtualization, instance.class_name), instance);
}

void add_links(std::vector<Instance>& all, const Estate& estate, const Host::State& state) {
    const auto settings = virtualization_reference(settings_of(estate, state.settings));
    all.push_back(link("Msvm_ElementSettingData", "ManagedElement", virtualization_reference(service(estate, state)),
                       "SettingData", settings));
    for (const auto& network : state.networks) {
        all.push_back(link("Msvm_VirtualSystemMigrationServiceSettingDataComponent", "GroupComponent", settings,
                           "PartComponent", virtualization_reference(network_of(estate, network))));
    }
}

std::vector<Instance> everything(const Estate& estate, Host::State& state, std::string_view ns) {
    if (same_name(ns, kCimv2)) {
        std::vector<Instance> all = {
            operating_system(estate, state),
            computer_system(estate),
            adapter(0, "WAN Miniport (IP)", "NdisWan", {}, {}),
            adapter(1, "Hyper-V Virtual Ethernet Adapter", "VMSNPXYMP", estate.domain, addresses_of(estate, state)),
            windows_service("vmms", "Running", "Auto"),
            windows_service("WinRM", "Running", "Auto"),
            {"StdRegProv", {}}};
        for (const auto& [key, path] : state.files) all.push_back({"CIM_DataFile", {{"Name", path}}});
        if (const auto& cluster = state.cluster_service) {
            all.push_back(windows_service("ClusSvc", cluster->state, cluster->start_mode));
        }
        if (state.cluster) {
            all.push_back(
                adapter(2, "Microsoft Failover Cluster Virtual Adapter", "NETFT", {}, cluster_addresses(estate)));
        }
        return all;
    }
    if (same_name(ns, kStandardCimv2)) {
        auto all = listening_endpoints(estate);
        for (auto& record : cached_names(state)) all.push_back(std::move(record));
        return all;
    }
    if (same_name(ns, kDeviceGuard)) return {device_guard(state.credential_guard)};
    // The host may have left since the namespace was looked for.
    if (same_name(ns, kCluster) && (!state.cluster || state.cluster_service->state != "Running")) return {};
    if (same_name(ns, kCluster)) return everything_of_cluster(estate, *state.cluster);
    std::vector<Instance> all = {system_of("Hosting Computer System", estate.host, estate.host),
                                 service(estate, state),
                                 management_service(estate),
                                 image_service(estate),
                                 management_settings(estate),
                                 settings_of(estate, state.settings)};
    for (const auto& machine : state.machines) add_machine(all, estate.host, machine);
    for (const auto& machine : state.planned) {
        all.push_back(planned_machine(machine));
        all.push_back(machine_settings(machine, machine.id, "System:Planned"));
    }
    for (const auto& network : state.networks) all.push_back(network_of(estate, network));
    for (const auto& job : state.jobs.current()) all.push_back(state.jobs.describe(job));
    add_links(all, estate, state);
    return all;
}

}  // namespace

void show_otherwise(Instance& instance, const Host::State& state) {
    const auto of_class = state.shown.find(instance.class_name);
    if (of_class == state.shown.end()) return;
    for (const auto& [name, value] : of_class->second) {
        std::erase_if(instance.properties, [&](const Property& p) { return p.name == name && !value; });
        for (auto& property : instance.properties) {
            if (property.name == name) property.value = *value;
        }
    }
}

std::vector<Instance> instances_of(Host& host, const ClassInfo& wanted) {
    auto all = host.with([&](Host::State& state) {
        auto found = everything(host.estate(), state, wanted.ns);
        for (auto& instance : found) show_otherwise(instance, state);
        return found;
    });
    std::erase_if(
        all, [&](const Instance& instance) { return !find_class(wanted.ns, instance.class_name)->is_a(wanted.name); });
    return all;
}

}  // namespace lab
