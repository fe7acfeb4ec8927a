// The class table of the host, and the few questions about values that everybody asks.
#include "cim.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace lab {
namespace {

const std::vector<ClassInfo>& classes() {
    static const std::vector<std::string_view> service_keys = {"SystemCreationClassName", "SystemName",
                                                               "CreationClassName", "Name"};
    static const std::vector<std::string_view> system_keys = {"CreationClassName", "Name"};
    static const std::vector<std::string_view> instance_id = {"InstanceID"};
    static const std::vector<ClassInfo> table = {
        {kCimv2, "CIM_OperatingSystem", {"Name"}, {}, false},
        {kCimv2, "Win32_OperatingSystem", {"Name"}, {"CIM_OperatingSystem"}, true},
        {kCimv2, "CIM_ComputerSystem", {"Name"}, {}, false},
        {kCimv2, "Win32_ComputerSystem", {"Name"}, {"CIM_ComputerSystem"}, false},
        {kCimv2, "Win32_NetworkAdapterConfiguration", {"Index"}, {}, false},
        {kCimv2, "CIM_DataFile", {"Name"}, {}, false},
        {kCimv2, "Win32_Service", {"Name"}, {}, false},
        {kCimv2, "Win32_PingStatus", {"Address"}, {}, false},
        {kCimv2, "StdRegProv", {}, {}, true},
        {kStandardCimv2, "MSFT_NetTCPConnection", {"InstanceID"}, {}, false},
        {kStandardCimv2, "MSFT_DNSClientCache", {"Entry", "Data"}, {}, false},
        {kCluster, "MSCluster_Cluster", {"Name"}, {}, false},
        {kCluster, "MSCluster_Node", {"Name"}, {}, false},
        {kDeviceGuard, "Win32_DeviceGuard", {"InstanceIdentifier"}, {}, true},
        {kVirtualization, "CIM_ComputerSystem", system_keys, {}, false},
        {kVirtualization, "Msvm_ComputerSystem", system_keys, {"CIM_ComputerSystem"}, false},
        {kVirtualization, "Msvm_PlannedComputerSystem", system_keys, {"CIM_ComputerSystem"}, false},
        {kVirtualization, "Msvm_VirtualSystemSettingData", instance_id, {}, false},
        {kVirtualization, "Msvm_StorageAllocationSettingData", instance_id, {}, false},
        {kVirtualization, "Msvm_MemorySettingData", instance_id, {}, false},
        {kVirtualization, "Msvm_ResourceAllocationSettingData", instance_id, {}, false},
        {kVirtualization, "Msvm_ImageManagementService", service_keys, {}, false},
        {kVirtualization, "Msvm_VirtualSystemManagementServiceSettingData", instance_id, {}, true},
        {kVirtualization, "Msvm_VirtualSystemManagementService", service_keys, {}, false},
        {kVirtualization, "Msvm_VirtualSystemMigrationService", service_keys, {}, false},
        {kVirtualization, "Msvm_VirtualSystemMigrationServiceSettingData", instance_id, {}, false},
        {kVirtualization, "Msvm_VirtualSystemMigrationNetworkSettingData", instance_id, {}, false},
        {kVirtualization, "Msvm_ElementSettingData", {"ManagedElement", "SettingData"}, {}, false},
        {kVirtualization,
         "Msvm_VirtualSystemMigrationServiceSettingDataComponent",
         {"GroupComponent", "PartComponent"},
         {},
         false},
        {kVirtualization, "CIM_ConcreteJob", instance_id, {}, false},
        {kVirtualization, "Msvm_ConcreteJob", instance_id, {"CIM_ConcreteJob"}, false},
        {kVirtualization, "Msvm_MigrationJob", instance_id, {"CIM_ConcreteJob"}, false},
    };
    return table;
}

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

const Value* Instance::find(std::string_view name) const {
    const auto at =
        std::find_if(properties.begin(), properties.end(), [&](const Property& p) { return same_name(p.name, name); });
    return at == properties.end() ? nullptr : &at->value;
}

bool ClassInfo::is_a(std::string_view other) const {
    return same_name(name, other) || std::any_of(ancestors.begin(), ancestors.end(),
                                                 [&](std::string_view base) { return same_name(base, other); });
}

const ClassInfo* find_class(std::string_view ns, std::string_view name) {
    const auto& all = classes();
    const auto at = std::find_if(all.begin(), all.end(), [&](const ClassInfo& info) {
        return same_name(info.ns, ns) && same_name(info.name, name);
    });
    return at == all.end() ? nullptr : &*at;
}

std::string plain_text(const Value& value) {
    struct Visitor {
        std::string operator()(std::monostate) const { return {}; }
        std::string operator()(bool b) const { return b ? "true" : "false"; }
        std::string operator()(std::uint64_t n) const { return std::to_string(n); }
        std::string operator()(const std::string& s) const { return s; }
        std::string operator()(const std::vector<std::string>&) const { return {}; }
        std::string operator()(const Reference&) const { return {}; }
        std::string operator()(const Moment& m) const { return m.text; }
        std::string operator()(const Interval& i) const { return i.text; }
    };
    return std::visit(Visitor{}, value);
}

Reference reference_to(const ClassInfo& info, const Instance& instance) {
    Reference reference{std::string(info.ns), instance.class_name, {}};
    for (const auto key : info.keys) {
        const Value* value = instance.find(key);
        reference.keys.emplace_back(key, value == nullptr ? std::string() : plain_text(*value));
    }
    return reference;
}

}  // namespace lab
