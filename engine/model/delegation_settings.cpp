// See delegation_settings.hpp.
#include "engine/model/delegation_settings.hpp"

#include <array>

#include "engine/model/commands.hpp"

namespace fairway::setting {

const Setting delegation_services{
    .name = "delegation.services",
    .kind = Kind::computer,
    .type = Type::set,
    .elements = ElementForm::services,
    .element = "a service principal name, class/host",
    // About 1,200 with pages of 8 KB, and about 3,200 with the pages of 32 KB that Server 2025 can have (LDAP-10): for
    // the attributes of one object together, so not exact.
    .most_elements = 1200,
    .many_elements = 1000,
    .capacity =
        "Active Directory holds about 1,200 values of such a list; make the migration domains smaller, or use "
        "resource-based delegation to a group",
    .rank = 2,
    .undo = Undo::by_element,
    .disturbs = Disturbs::never,
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
    .rank = 3,
    .disturbs = Disturbs::never,
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
    .rank = 4,
    .disturbs = Disturbs::never,
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
    .rank = 2,
    .undo = Undo::by_element,
    .disturbs = Disturbs::never,
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
    .rank = 1,
    .undo = Undo::by_element,
    .disturbs = Disturbs::never,
    .doc =
        "The account's own names for the migration service, without which no ticket for it can be issued. "
        "Only names of that service are part of this value; all others stay out of sight and untouched.",
    .source = "servicePrincipalName, values of class Microsoft Virtual System Migration Service",
    .cmdlet = "setspn -S",
    .argument = "servicePrincipalName",
    .command = list_command};

std::span<const Setting* const> delegation_settings() {
    static constexpr std::array rows = {&delegation_services, &delegation_protocol_transition,
                                        &delegation_unconstrained, &delegation_allowed_principals, &spn_migration};
    return rows;
}

}  // namespace fairway::setting
