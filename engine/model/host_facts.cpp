// See host_facts.hpp. Facts: WMI-41, WMI-43, WMI-72 and WMI-73.
#include "engine/model/host_facts.hpp"

#include <array>

namespace fairway::setting {

const Setting host_build{
    .name = "host.build",
    .kind = Kind::host,
    .type = Type::integer,
    .access = Access::fact,
    .most = 1'000'000,
    .doc = "Build number of the operating system: 14393 is 2016, 17763 2019, 20348 2022, 26100 2025.",
    .source = "Win32_OperatingSystem.BuildNumber"};

const Setting host_domain{.name = "host.domain",
                          .kind = Kind::host,
                          .type = Type::word,
                          .access = Access::fact,
                          .doc = "DNS name of the domain that the host is joined to.",
                          .source = "Win32_ComputerSystem.Domain"};

const Setting host_addresses{.name = "host.addresses",
                             .kind = Kind::host,
                             .type = Type::set,
                             .access = Access::fact,
                             .element = "an IPv4 or IPv6 address",
                             .doc = "Addresses of the host's network adapters.",
                             .source = "Win32_NetworkAdapterConfiguration.IPAddress where IPEnabled"};

const Setting host_listeners{.name = "host.listeners",
                             .kind = Kind::host,
                             .type = Type::set,
                             .access = Access::fact,
                             .element = "an IPv4 or IPv6 address",
                             .doc = "Addresses on which the host listens for incoming migrations now.",
                             .source = "Msvm_VirtualSystemMigrationService.MigrationServiceListenerIPAddressList"};

const Setting host_running_migrations{
    .name = "host.running_migrations",
    .kind = Kind::host,
    .type = Type::integer,
    .access = Access::fact,
    .most = 1'000'000,
    .unit = "migrations",
    .doc = "Live and storage migrations that run on the host now.",
    .source = "Msvm_VirtualSystemMigrationService.ActiveVirtualSystemMigrationCount + .ActiveStorageMigrationCount"};

const Setting host_machines{.name = "host.machines",
                            .kind = Kind::host,
                            .type = Type::set,
                            .access = Access::fact,
                            .element = "the name of a virtual machine",
                            .doc = "Virtual machines on the host; trial moves look theirs up here.",
                            .source = "Msvm_ComputerSystem.ElementName"};

const Setting host_cluster{.name = "host.cluster",
                           .kind = Kind::host,
                           .type = Type::word,
                           .access = Access::fact,
                           .doc = "Failover cluster that the host is a node of; nothing: of none.",
                           .source = "MSCluster_Cluster.Name"};

const Setting host_credential_guard{
    .name = "host.credential_guard",
    .kind = Kind::host,
    .type = Type::boolean,
    .access = Access::fact,
    .doc = "Whether Credential Guard runs; at the source of a move it leaves CredSSP without credentials.",
    .source = "Win32_DeviceGuard.SecurityServicesRunning"};

std::span<const Setting* const> host_facts() {
    static constexpr std::array rows = {
        &host_build,    &host_domain,  &host_addresses,       &host_listeners, &host_running_migrations,
        &host_machines, &host_cluster, &host_credential_guard};
    return rows;
}

}  // namespace fairway::setting
