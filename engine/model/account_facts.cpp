// See account_facts.hpp.
#include "engine/model/account_facts.hpp"

#include <array>

namespace fairway::setting {
namespace {

constexpr std::array<std::string_view, 3> delegable_words = {"yes", not_delegated, protected_users};

}  // namespace

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

const Setting account_dns_suffixes{.name = "account.dns_suffixes",
                                   .kind = Kind::computer,
                                   .type = Type::set,
                                   .access = Access::fact,
                                   .element = "a DNS suffix",
                                   .worked_out = true,
                                   .doc =
                                       "The suffixes that the account's domain allows in full names of computers, "
                                       "beside its own name. Asked only where "
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

const Setting account_uncontested_names{.name = "account.uncontested_names",
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

std::span<const Setting* const> account_facts() {
    static constexpr std::array rows = {&account_dns_name,     &account_flags,     &account_sid,
                                        &account_dns_suffixes, &account_own_names, &account_uncontested_names,
                                        &delegation_vanished,  &caller_delegable};
    return rows;
}

}  // namespace fairway::setting
