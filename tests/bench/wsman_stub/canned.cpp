// See canned.hpp. Property lists: Microsoft's class pages.
#include "tests/bench/wsman_stub/canned.hpp"

#include <array>
#include <fmt/format.h>
#include <string>

namespace fairway::stub {
namespace {

using lab::Instance;
using Texts = std::vector<std::string>;
using Instances = std::vector<Instance>;

constexpr std::size_t adapters = 8;  // one of them with addresses

std::string name_of(std::size_t host) { return fmt::format("HV{:05}", host + 1); }

// As fleet.cpp has them, so that what a client reads can be compared with it.
Texts addresses_of(std::size_t host) {
    return {fmt::format("10.20.{}.{}", host / 250, host % 250 + 1), fmt::format("fd20::{:x}", host + 1)};
}

Instances setting_of(std::size_t) {
    const std::string text = "Hyper-V Migration Service Setting Data";
    return {{std::string(setting_class),
             {{"AuthenticationType", std::uint64_t{1}},
              {"Caption", text},
              {"Description", text},
              {"ElementName", text},
              {"EnableCompression", true},
              {"EnableSmbTransport", false},
              {"EnableVirtualSystemMigration", true},
              {"InstanceID", std::string(setting_id)},
              {"MaximumActiveStorageMigration", std::uint64_t{2}},
              {"MaximumActiveVirtualSystemMigration", std::uint64_t{2}}}}};
}

Instances service_of(std::size_t host) {
    const std::string text = "Hyper-V Migration Service";
    return {{std::string(service_class),
             {{"ActiveStorageMigrationCount", std::uint64_t{0}},
              {"ActiveVirtualSystemMigrationCount", std::uint64_t{0}},
              {"AvailableRequestedStates", {}},
              {"Caption", text},
              {"CommunicationStatus", {}},
              {"CreationClassName", std::string(service_class)},
              {"Description", text},
              {"DetailedStatus", {}},
              {"ElementName", text},
              {"EnabledDefault", std::uint64_t{2}},
              {"EnabledState", std::uint64_t{2}},
              {"HealthState", std::uint64_t{5}},
              {"InstallDate", {}},
              {"InstanceID", {}},
              {"MigrationServiceListenerIPAddressList", addresses_of(host)},
              {"Name", "migrationwmi"},
              {"OperatingStatus", {}},
              {"OperationalStatus", Texts{"2"}},
              {"OtherEnabledState", {}},
              {"PrimaryOwnerContact", {}},
              {"PrimaryOwnerName", {}},
              {"PrimaryStatus", {}},
              {"RequestedState", std::uint64_t{12}},
              {"Started", true},
              {"StartMode", {}},
              {"Status", "OK"},
              {"StatusDescriptions", Texts{"OK"}},
              {"SystemCreationClassName", "Msvm_ComputerSystem"},
              {"SystemName", name_of(host)},
              {"TimeOfLastStateChange", {}},
              {"TransitioningToState", std::uint64_t{12}}}}};
}

// "Any network" is two objects, one for each protocol.
Instances networks_of(std::size_t) {
    const std::string text = "Hyper-V Migration Network Setting Data";
    Instances out;
    for (const char* subnet : {"0.0.0.0", "::0"})
        out.push_back({std::string(network_class),
                       {{"Caption", text},
                        {"Description", text},
                        {"ElementName", text},
                        {"InstanceID", fmt::format("Microsoft:any\\{}", subnet)},
                        {"Metric", std::uint64_t{0}},
                        {"PrefixLength", std::uint64_t{0}},
                        {"SubnetNumber", std::string(subnet)},
                        {"Tags", Texts{"Microsoft:UserManagedAllNetworks"}}}});
    return out;
}

Instances computer_of(std::size_t host) {
    Instance out{"Win32_ComputerSystem",
                 {{"Caption", name_of(host)},
                  {"CreationClassName", "Win32_ComputerSystem"},
                  {"DNSHostName", name_of(host)},
                  {"Domain", "corp.example"},
                  {"DomainRole", std::uint64_t{3}},
                  {"Manufacturer", "Contoso"},
                  {"Name", name_of(host)},
                  {"NumberOfLogicalProcessors", std::uint64_t{64}},
                  {"PartOfDomain", true},
                  {"TotalPhysicalMemory", std::uint64_t{549755813888}}}};
    for (const char* name : {"AdminPasswordStatus",
                             "AutomaticManagedPagefile",
                             "BootROMSupported",
                             "ChassisBootupState",
                             "InstallDate",
                             "KeyboardPasswordStatus",
                             "LastLoadInfo",
                             "NameFormat",
                             "OEMLogoBitmap",
                             "PauseAfterReset",
                             "PowerState",
                             "PrimaryOwnerContact",
                             "ResetCapability",
                             "ResetCount",
                             "ResetLimit",
                             "SupportContactDescription",
                             "SystemSKUNumber",
                             "SystemStartupDelay",
                             "SystemType",
                             "ThermalState",
                             "UserName",
                             "WakeUpType",
                             "Workgroup"})
        out.properties.push_back({name, {}});
    return {out};
}

Instances operating_system_of(std::size_t host) {
    return {{"Win32_OperatingSystem",
             {{"BuildNumber", "20348"},
              {"Caption", "Microsoft Windows Server 2022 Datacenter"},
              {"CSName", name_of(host)},
              {"OSArchitecture", "64-bit"},
              {"Status", "OK"},
              {"Version", "10.0.20348"}}}};
}

constexpr std::array empty_of_adapter = {"ArpAlwaysSourceRoute",
                                         "ArpUseEtherSNAP",
                                         "DatabasePath",
                                         "DeadGWDetectEnabled",
                                         "DefaultIPGateway",
                                         "DefaultTOS",
                                         "DefaultTTL",
                                         "DHCPLeaseExpires",
                                         "DHCPLeaseObtained",
                                         "DHCPServer",
                                         "DNSDomainSuffixSearchOrder",
                                         "DNSEnabledForWINSResolution",
                                         "DNSServerSearchOrder",
                                         "DomainDNSRegistrationEnabled",
                                         "ForwardBufferMemory",
                                         "FullDNSRegistrationEnabled",
                                         "GatewayCostMetric",
                                         "IGMPLevel",
                                         "IPConnectionMetric",
                                         "IPFilterSecurityEnabled",
                                         "IPPortSecurityEnabled",
                                         "IPSecPermitIPProtocols",
                                         "IPSecPermitTCPPorts",
                                         "IPSecPermitUDPPorts",
                                         "IPUseZeroBroadcast",
                                         "IPXAddress",
                                         "IPXEnabled",
                                         "IPXFrameType",
                                         "IPXMediaType",
                                         "IPXNetworkNumber",
                                         "IPXVirtualNetNumber",
                                         "KeepAliveInterval",
                                         "KeepAliveTime",
                                         "MTU",
                                         "NumForwardPackets",
                                         "PMTUBHDetectEnabled",
                                         "PMTUDiscoveryEnabled",
                                         "TcpipNetbiosOptions",
                                         "TcpMaxConnectRetransmissions",
                                         "TcpMaxDataRetransmissions",
                                         "TcpNumConnections",
                                         "TcpUseRFC1122UrgentPointer",
                                         "TcpWindowSize",
                                         "WINSEnableLMHostsLookup",
                                         "WINSHostLookupFile",
                                         "WINSPrimaryServer",
                                         "WINSScopeID",
                                         "WINSSecondaryServer"};

Instance adapter(std::size_t host, std::size_t index) {
    const bool first = index == 0;
    const auto if_first = [&](lab::Value value) { return first ? std::move(value) : lab::Value(); };
    Instance out{"Win32_NetworkAdapterConfiguration",
                 {{"Caption", fmt::format("[{:08}] Hyper-V Virtual Ethernet Adapter #{}", index, index)},
                  {"Description", fmt::format("Hyper-V Virtual Ethernet Adapter #{}", index)},
                  {"DHCPEnabled", false},
                  {"DNSDomain", if_first("corp.example")},
                  {"DNSHostName", if_first(name_of(host))},
                  {"Index", std::uint64_t{index}},
                  {"InterfaceIndex", std::uint64_t{index + 2}},
                  {"IPAddress", if_first(addresses_of(host))},
                  {"IPEnabled", first},
                  {"IPSubnet", if_first(Texts{"255.255.0.0", "64"})},
                  {"MACAddress", fmt::format("00:15:5D:00:{:02X}:{:02X}", host % 256, index)},
                  {"ServiceName", "VMSNPXYMP"},
                  {"SettingID", fmt::format("{{00000000-0000-0000-0000-{:012}}}", index)}}};
    for (const char* name : empty_of_adapter) out.properties.push_back({name, {}});
    return out;
}

Instances adapters_of(std::size_t host) {
    Instances out;
    for (std::size_t i = 0; i < adapters; ++i) out.push_back(adapter(host, i));
    return out;
}

Instances systems_of(std::size_t host) {
    return {{"Msvm_ComputerSystem",
             {{"Caption", "Hosting Computer System"},
              {"CreationClassName", "Msvm_ComputerSystem"},
              {"ElementName", name_of(host)},
              {"EnabledState", std::uint64_t{2}},
              {"Name", name_of(host)}}}};
}

Instances services_of(std::size_t) {
    return {{"Win32_Service", {{"Name", "vmms"}, {"StartMode", "Auto"}, {"State", "Running"}}}};
}

struct ClassRow {
    std::string_view ns, name;
    Instances (*of)(std::size_t host);
};
constexpr std::array classes = {
    ClassRow{lab::kVirtualization, setting_class, setting_of},
    ClassRow{lab::kVirtualization, service_class, service_of},
    ClassRow{lab::kVirtualization, network_class, networks_of},
    ClassRow{lab::kVirtualization, "Msvm_ComputerSystem", systems_of},
    ClassRow{lab::kCimv2, "Win32_ComputerSystem", computer_of},
    ClassRow{lab::kCimv2, "Win32_OperatingSystem", operating_system_of},
    ClassRow{lab::kCimv2, "Win32_NetworkAdapterConfiguration", adapters_of},
    ClassRow{lab::kCimv2, "Win32_Service", services_of},
};

}  // namespace

std::vector<lab::Instance> instances_of(std::size_t host, std::string_view ns, std::string_view class_name) {
    for (const ClassRow& row : classes)
        if (lab::same_name(row.ns, ns) && lab::same_name(row.name, class_name)) return row.of(host);
    return {};
}

}  // namespace fairway::stub
