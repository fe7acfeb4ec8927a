// The rows. Their facts: WMI-32 to WMI-36, WMI-41, WMI-43, WMI-72 and WMI-73 of providers/wmi/FACTS.md
// with how sure each fact is.
#include "engine/model/catalogue.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/model/commands.hpp"

namespace fairway {
namespace {

constexpr std::array<std::string_view, 2> authentication_words = {setting::credssp, setting::kerberos};
constexpr std::array<std::string_view, 3> performance_words = {"tcpip", "compression", "smb"};
constexpr std::array<std::string_view, 3> delegable_words = {"yes", setting::not_delegated, setting::protected_users};

constexpr Stake harmless{Risk::low, "a setting of the host", "it gives nobody a right"};

}  // namespace

namespace setting {

const Setting migration_enabled{
    .name = "migration.enabled",
    .kind = Kind::host,
    .type = Type::boolean,
    .words = {"off", "on"},
    .rank = 4,
    .disturbs = Disturbs::when_off,
    .stake = harmless,
    .doc = "Whether the host hands over and takes live migrations. Moves of storage alone are always allowed.",
    .source = "Msvm_VirtualSystemMigrationServiceSettingData.EnableVirtualSystemMigration",
    .cmdlet = "Enable-VMMigration, Disable-VMMigration",
    .command = enable_command};

const Setting migration_authentication{
    .name = "migration.authentication",
    .kind = Kind::host,
    .type = Type::word,
    .choices = authentication_words,
    .rank = 5,
    .disturbs = Disturbs::always,
    .doc =
        "How the source proves the caller to the destination. CredSSP needs somebody signed on at the source; "
        "Kerberos needs delegation. Both ends must agree.",
    .source = "Msvm_VirtualSystemMigrationServiceSettingData.AuthenticationType (0 CredSSP, 1 Kerberos)",
    .cmdlet = "Set-VMHost -VirtualMachineMigrationAuthenticationType",
    .command = authentication_command};

const Setting migration_performance{
    .name = "migration.performance",
    .kind = Kind::host,
    .type = Type::word,
    .choices = performance_words,
    .rank = 2,
    .stake = harmless,
    .doc = "How memory travels: plain TCP/IP, compressed, or over SMB. Always written as both flags of the host.",
    .source = "Msvm_VirtualSystemMigrationServiceSettingData.EnableCompression, .EnableSmbTransport",
    .cmdlet = "Set-VMHost -VirtualMachineMigrationPerformanceOption",
    .command = performance_command};

const Setting migration_max_live{
    .name = "migration.max_live",
    .kind = Kind::host,
    .type = Type::integer,
    .least = 0,
    .most = 1000,
    .unit = "migrations",
    .rank = 1,
    .of_cluster = true,
    .stake = harmless,
    .doc = "How many live migrations may run at once. On a clustered host the cluster pushes its own value.",
    .source = "Msvm_VirtualSystemMigrationServiceSettingData.MaximumActiveVirtualSystemMigration",
    .cmdlet = "Set-VMHost -MaximumVirtualMachineMigrations",
    .argument = "MaximumVirtualMachineMigrations",
    .command = vmhost_command};

const Setting migration_max_storage{
    .name = "migration.max_storage",
    .kind = Kind::host,
    .type = Type::integer,
    .least = 0,
    .most = 1000,
    .unit = "migrations",
    .rank = 1,
    .stake = harmless,
    .doc = "How many storage migrations may run at once.",
    .source = "Msvm_VirtualSystemMigrationServiceSettingData.MaximumActiveStorageMigration",
    .cmdlet = "Set-VMHost -MaximumStorageMigrations",
    .argument = "MaximumStorageMigrations",
    .command = vmhost_command};

const Setting migration_networks{
    .name = "migration.networks",
    .kind = Kind::host,
    .type = Type::set,
    .key = Key::first_word,
    .elements = ElementForm::networks,
    .element = "`any`, or a subnet as address/prefix; behind it, where set, ` metric N` (lower is preferred)",
    .rank = 3,
    .undo = Undo::by_element,
    .atomic = Atomic::no,
    .disturbs = Disturbs::always,
    .stake = harmless,
    .doc =
        "The networks on which the host listens for and starts live migrations. New ones are added and seen "
        "before old ones go; entries of other owners (a cluster's) are not shown and never touched.",
    .source = "Msvm_VirtualSystemMigrationNetworkSettingData (tags UserManaged, UserManagedAllNetworks)",
    .cmdlet = "Set-VMHost -UseAnyNetworkForMigration, Add-VMMigrationNetwork, Remove-VMMigrationNetwork",
    .command = networks_command};

const Setting delegation_services{
    .name = "delegation.services",
    .kind = Kind::computer,
    .type = Type::set,
    .elements = ElementForm::services,
    .element = "a service principal name, class/host",
    // About 1,200 with pages of 8 KB, and about 3,200 with the pages of 32 KB that Server 2025 can have (LDAP-10): for the
    // attributes of one object together, so not exact.
    .most_elements = 1200,
    .many_elements = 1000,
    .capacity =
        "Active Directory holds about 1,200 values of such a list; make the migration domains smaller, or use "
        "resource-based delegation to a group",
    .rank = 1,
    .undo = Undo::by_element,
    .doc =
        "The services to which the account may present a caller's identity (constrained delegation). Live "
        "migration needs cifs and the migration service of every peer, by short and by full name.",
    .source = "msDS-AllowedToDelegateTo",
    .cmdlet = "Set-ADComputer -Add/-Remove @{'msDS-AllowedToDelegateTo'=…}",
    .argument = "msDS-AllowedToDelegateTo",
    .command = list_command};

const Setting delegation_protocol_transition{
    .name = "delegation.protocol_transition",
    .kind = Kind::computer,
    .type = Type::boolean,
    .rank = 2,
    .doc =
        "\"Use any authentication protocol\": lets the host obtain a forwardable ticket for a caller who came "
        "without one. Moves that are started remotely on Server 2016 and later need it.",
    .source = "userAccountControl bit 0x1000000 (TRUSTED_TO_AUTH_FOR_DELEGATION)",
    .cmdlet = "Set-ADAccountControl -TrustedToAuthForDelegation",
    .argument = "TrustedToAuthForDelegation",
    .command = account_control_command};

const Setting delegation_unconstrained{
    .name = "delegation.unconstrained",
    .kind = Kind::computer,
    .type = Type::boolean,
    .rank = 3,
    .doc =
        "Trusted for delegation to any service: every visitor's ticket-granting ticket lands on the host. "
        "The standard wants it off.",
    .source = "userAccountControl bit 0x80000 (TRUSTED_FOR_DELEGATION)",
    .cmdlet = "Set-ADAccountControl -TrustedForDelegation",
    .argument = "TrustedForDelegation",
    .command = account_control_command};

const Setting delegation_allowed_principals{
    .name = "delegation.allowed_principals",
    .kind = Kind::computer,
    .type = Type::set,
    .elements = ElementForm::accounts,
    .element =
        "an account's name (HV01$), with @domain behind it where it is of another; or S-1-5-…, of whom no name "
        "is found",
    .rank = 1,
    .undo = Undo::by_element,
    .doc =
        "The accounts that may present a caller's identity to this one (resource-based constrained delegation), "
        "which is set at the destination and names the sources. Nobody has shown that live migration works with "
        "it alone.",
    .source = "msDS-AllowedToActOnBehalfOfOtherIdentity",
    .cmdlet = "Set-ADComputer -PrincipalsAllowedToDelegateToAccount, which replaces the list",
    .replaces_list = true,
    .command = principals_command};

const Setting spn_migration{
    .name = "spn.migration",
    .kind = Kind::computer,
    .type = Type::set,
    .elements = ElementForm::own_names,
    .element = "Microsoft Virtual System Migration Service/host",
    .rank = 0,
    .undo = Undo::by_element,
    .doc =
        "The account's own names for the migration service, without which no ticket for it can be issued. "
        "Only names of that service are part of this value; all others stay out of sight and untouched.",
    .source = "servicePrincipalName, values of class Microsoft Virtual System Migration Service",
    .cmdlet = "setspn -S",
    .argument = "servicePrincipalName",
    .command = list_command};

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

const Setting account_dns_name{.name = "account.dns_name",
                               .kind = Kind::computer,
                               .type = Type::word,
                               .access = Access::fact,
                               .doc = "The full name that the directory knows the host by.",
                               .source = "dNSHostName"};

const Setting account_flags{.name = "account.flags",
                            .kind = Kind::computer,
                            .type = Type::set,
                            .access = Access::fact,
                            .element = "a flag by its name in MS-ADTS 2.2.16, in lower case",
                            .doc = "All flags of the account that are set.",
                            .source = "userAccountControl"};

const Setting account_sid{.name = "account.sid",
                          .kind = Kind::computer,
                          .type = Type::word,
                          .access = Access::fact,
                          .doc = "The account's security identifier: who it is, whatever it is called.",
                          .source = "objectSid"};

const Setting account_dns_suffixes{
    .name = "account.dns_suffixes",
    .kind = Kind::computer,
    .type = Type::set,
    .access = Access::fact,
    .element = "a DNS suffix",
    .worked_out = true,
    .doc =
        "The suffixes that the account's domain allows in full names of computers, beside its own name. Asked only where "
        "an account has another full name than the inventory says.",
    .source = "msDS-AllowedDNSSuffixes of the domain"};

const Setting account_own_names{
    .name = "account.own_names",
    .kind = Kind::computer,
    .type = Type::set,
    .access = Access::fact,
    .element = "a service principal name that live migration needs",
    .worked_out = true,
    .doc =
        "Of the names that live migration needs of a host, those that the directory gives to its account and to nobody "
        "else: the account holds the name, or HOST serves it. Asked only where such a name is to be written.",
    .source = "servicePrincipalName in the global catalogue, sPNMappings"};

const Setting account_uncontested_names{
    .name = "account.uncontested_names",
    .kind = Kind::computer,
    .type = Type::set,
    .access = Access::fact,
    .element = "a service principal name that live migration needs",
    .worked_out = true,
    .doc = "The same, and those that nobody in the forest holds.",
    .source = "servicePrincipalName in the global catalogue, sPNMappings"};

const Setting delegation_vanished{
    .name = "delegation.vanished",
    .kind = Kind::computer,
    .type = Type::set,
    .access = Access::fact,
    .element = "a service principal name of delegation.services",
    .worked_out = true,
    .doc =
        "The services of delegation.services whose computer is gone: no account in the forest holds the name or one "
        "that serves it, or is called so. Asked only where a rule wants `without: vanished`.",
    .source = "servicePrincipalName, sAMAccountName and dNSHostName in the global catalogue, and sPNMappings"};

const Setting caller_delegable{
    .name = "caller.delegable",
    .kind = Kind::computer,
    .type = Type::word,
    .access = Access::fact,
    .choices = delegable_words,
    .of_caller = true,
    .doc = "Whether tickets of the account that asks the directory may be delegated, and why not. Nothing: not shown.",
    .source = "tokenGroups of the connection, userAccountControl bit 0x100000 (NOT_DELEGATED) of the caller"};

}  // namespace setting

namespace {

const std::array rows = {
    &setting::migration_enabled,
    &setting::migration_authentication,
    &setting::migration_performance,
    &setting::migration_max_live,
    &setting::migration_max_storage,
    &setting::migration_networks,
    &setting::delegation_services,
    &setting::delegation_protocol_transition,
    &setting::delegation_unconstrained,
    &setting::delegation_allowed_principals,
    &setting::spn_migration,
    &setting::host_build,
    &setting::host_domain,
    &setting::host_addresses,
    &setting::host_listeners,
    &setting::host_running_migrations,
    &setting::host_machines,
    &setting::host_cluster,
    &setting::host_credential_guard,
    &setting::account_dns_name,
    &setting::account_flags,
    &setting::account_sid,
    &setting::account_dns_suffixes,
    &setting::account_own_names,
    &setting::account_uncontested_names,
    &setting::delegation_vanished,
    &setting::caller_delegable,
};

}  // namespace

std::span<const Setting* const> catalogue() { return rows; }

const Setting* find_setting(std::string_view wanted) {
    const auto it = std::find_if(rows.begin(), rows.end(), [&](const Setting* row) { return row->name == wanted; });
    return it == rows.end() ? nullptr : *it;
}

}  // namespace fairway
