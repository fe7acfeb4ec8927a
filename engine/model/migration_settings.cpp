// See migration_settings.hpp. Facts: WMI-32 to WMI-36.
#include "engine/model/migration_settings.hpp"

#include <array>

#include "engine/model/commands.hpp"

namespace fairway::setting {
namespace {

constexpr std::array<std::string_view, 2> authentication_words = {credssp, kerberos};
constexpr std::array<std::string_view, 3> performance_words = {"tcpip", "compression", "smb"};

constexpr Stake harmless{Risk::low, "a setting of the host", "it gives nobody a right"};

}  // namespace

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
    .disturbs = Disturbs::never,
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
    .disturbs = Disturbs::never,
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
    .disturbs = Disturbs::never,
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

std::span<const Setting* const> migration_settings() {
    static constexpr std::array rows = {&migration_enabled,  &migration_authentication, &migration_performance,
                                        &migration_max_live, &migration_max_storage,    &migration_networks};
    return rows;
}

}  // namespace fairway::setting
