// See codec.hpp. The classes, and what is the same for every row.
#include "providers/wmi/hyperv/codec.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

#include "engine/base/guid.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/wsman/soap.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view hyper_v_namespace = "root/virtualization/v2";
constexpr std::string_view windows = "root/cimv2";

constexpr std::array classes = {
    ClassRow{Source::migration_setting,
             hyper_v_namespace,
             "Msvm_VirtualSystemMigrationServiceSettingData",
             true,
             {"InstanceID"},
             {"ModifyServiceSettings", "ServiceSettingData"}},
    ClassRow{Source::migration_network,
             hyper_v_namespace,
             "Msvm_VirtualSystemMigrationNetworkSettingData",
             false,
             {"InstanceID"}},
    ClassRow{Source::migration_service,
             hyper_v_namespace,
             "Msvm_VirtualSystemMigrationService",
             true,
             {"SystemName", "Name"}},
    // Of some sixty properties the two, and only the adapters that have an address.
    ClassRow{Source::adapters,
             windows,
             "Win32_NetworkAdapterConfiguration",
             false,
             {},
             {},
             "SELECT IPAddress, IPEnabled FROM Win32_NetworkAdapterConfiguration WHERE IPEnabled = TRUE"},
    ClassRow{Source::computer, windows, "Win32_ComputerSystem", true, {"Name"}},
    ClassRow{Source::operating_system, windows, "Win32_OperatingSystem", true, {"Name"}},
    ClassRow{Source::machines, hyper_v_namespace, "Msvm_ComputerSystem", false, {"Name"}},
    ClassRow{
        Source::device_guard, "root/Microsoft/Windows/DeviceGuard", "Win32_DeviceGuard", true, {"InstanceIdentifier"}},
    ClassRow{Source::cluster_service,
             windows,
             "Win32_Service",
             false,
             {"Name"},
             {},
             "SELECT Name, State, StartMode FROM Win32_Service WHERE Name = 'ClusSvc'"},
    ClassRow{Source::cluster, "root/mscluster", "MSCluster_Cluster", false, {"Name"}},
    ClassRow{Source::planned_machines, hyper_v_namespace, "Msvm_PlannedComputerSystem", false, {"Name"}},
    // Not of checkpoints and planned VMs, and of some hundred properties these.
    ClassRow{Source::machine_settings,
             hyper_v_namespace,
             "Msvm_VirtualSystemSettingData",
             false,
             {"InstanceID"},
             {},
             "SELECT InstanceID, ElementName, Notes, VirtualSystemIdentifier, VirtualSystemType FROM "
             "Msvm_VirtualSystemSettingData WHERE VirtualSystemType = 'Microsoft:Hyper-V:System:Realized'"},
    ClassRow{Source::virtual_disks, hyper_v_namespace, "Msvm_StorageAllocationSettingData", false, {"InstanceID"}},
    ClassRow{Source::machine_memory, hyper_v_namespace, "Msvm_MemorySettingData", false, {"InstanceID"}},
    ClassRow{Source::migration_jobs, hyper_v_namespace, "Msvm_MigrationJob", false, {"InstanceID"}},
    ClassRow{Source::management_service,
             hyper_v_namespace,
             "Msvm_VirtualSystemManagementService",
             true,
             {"SystemName", "Name"}},
    ClassRow{Source::cluster_nodes, "root/mscluster", "MSCluster_Node", false, {"Name"}},
};

constexpr bool in_the_order_of_source() {
    for (std::size_t i = 0; i < classes.size(); ++i)
        if (classes.at(i).source != static_cast<Source>(i)) return false;
    return true;
}
static_assert(in_the_order_of_source(), "each Source has its ClassRow here, in the order of Source");

}  // namespace

Error none_of(Source source) {
    return {Code::not_found, fmt::format("the host shows no instance of {}; do its services run, and is the account in "
                                         "Hyper-V Administrators there?",
                                         classes.at(static_cast<std::size_t>(source)).name)};
}

std::span<const ClassRow> class_rows() { return classes; }
const ClassRow& class_row(Source source) { return classes.at(static_cast<std::size_t>(source)); }

std::string resource_of(Source source) {
    return soap::resource(class_row(source).wmi_namespace, class_row(source).name);
}

std::string resource_of_all(Source source) { return soap::resource(class_row(source).wmi_namespace, "*"); }

const CodecRow* codec_row(const Setting& setting) {
    const auto rows = codec_rows();
    const auto it =
        std::find_if(rows.begin(), rows.end(), [&](const CodecRow& row) { return row.setting == &setting; });
    return it == rows.end() ? nullptr : &*it;
}

bool is_machine(const cim::Instance& system) { return is_guid(system.text("Name").value_or("")); }

// Installed with the feature and disabled until the host joins a cluster (WMI-42); a node's may be stopped for a
// while.
bool is_node(const Instances& services) {
    return std::any_of(services.begin(), services.end(), [](const cim::Instance& service) {
        const auto says = [&](const char* property, std::string_view word) {
            return text::same_folded(service.text(property).value_or(""), word);
        };
        return says("State", "Running") || !says("StartMode", "Disabled");
    });
}

Instances distinct(Instances all, Source source) {
    std::set<std::string> seen;
    std::erase_if(all, [&](const cim::Instance& instance) {
        std::string whole;
        for (const std::string_view key : class_row(source).keys) {
            if (key.empty()) continue;
            const auto value = instance.text(key);
            if (!value) return false;  // not distinguishable from others
            whole += text::fold(*value) + '\n';
        }
        return !whole.empty() && !seen.insert(std::move(whole)).second;
    });
    return all;
}

Result<const cim::Instance*> only(const Instances& instances, Source source) {
    if (instances.size() == 1) return &instances.front();
    const std::string_view name = class_row(source).name;
    if (instances.empty()) return tl::unexpected(none_of(source));
    return fail(Code::protocol,
                fmt::format("the host has {} instances of {}; one is expected", instances.size(), name));
}

Result<Held> decode(const CodecRow& row, const Instances& instances) {
    if (class_row(row.source).single) {
        if (const auto instance = only(instances, row.source); !instance) return tl::unexpected(instance.error());
    }
    return row.decode(row, instances);
}

std::string left_out(const CodecRow& row, const Instances& instances) {
    return row.left_out == nullptr || instances.empty() ? std::string() : row.left_out(row, instances);
}

std::vector<TypeRow> types_of(Source source) {
    std::vector<TypeRow> out;
    const auto add = [&out](const TypeRow& type) {
        const bool there =
            std::any_of(out.begin(), out.end(), [&](const TypeRow& one) { return one.property == type.property; });
        if (!there && !type.property.empty()) out.push_back(type);
    };
    for (const std::string_view key : class_row(source).keys) add({key, "string"});
    for (const CodecRow& row : codec_rows())
        if (row.source == source && row.way == Way::instance)
            for (const TypeRow& type : row.properties) add(type);
    return out;
}

cim::Instance typed(const cim::Instance& read, std::span<const TypeRow> types) {
    cim::Instance out{read.class_name, {}};
    for (const TypeRow& type : types) {
        const cim::Property* property = read.find(type.property);
        if (property == nullptr || property->null) continue;
        cim::Property& copy = out.properties.emplace_back(*property);
        copy.type = type.type;
        copy.array = type.array;
    }
    return out;
}

Result<cim::Instance> changed(const CodecRow& row, const cim::Instance& read, const Value& after) {
    if (row.way != Way::instance)
        return fail(Code::unsupported, fmt::format("{} cannot be written", row.setting->name));
    cim::Instance out = typed(read, types_of(row.source));
    for (cim::Property& fresh : row.encode(row, after)) {
        const auto it = std::find_if(out.properties.begin(), out.properties.end(),
                                     [&](const cim::Property& p) { return text::same_folded(p.name, fresh.name); });
        if (it == out.properties.end())
            return fail(Code::unsupported, fmt::format("the host has no {}; its release is too old for {}", fresh.name,
                                                       row.setting->name));
        *it = std::move(fresh);
    }
    return out;
}

std::string show(const Value& value) {
    if (const bool* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
    if (const auto* i = std::get_if<std::int64_t>(&value)) return std::to_string(*i);
    if (const auto* s = std::get_if<std::string>(&value)) return *s;
    const auto& elements = as_set(value)->elements();
    return elements.empty() ? "nothing" : text::join(elements, ", ");
}

}  // namespace fairway::wmi
