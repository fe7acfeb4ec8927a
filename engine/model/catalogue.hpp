// The settings that Fairway manages and the facts that it reads: one row each (rows in catalogue.cpp).
// The engine's conditions and the providers' codecs name rows by these constants, so a typing slip does
// not compile. Order of the table is the order of every report.
#pragma once

#include <span>
#include <string_view>

#include "engine/model/setting.hpp"

namespace fairway::setting {

extern const Setting migration_enabled;
extern const Setting migration_authentication;
extern const Setting migration_performance;
extern const Setting migration_max_live;
extern const Setting migration_max_storage;
extern const Setting migration_networks;
extern const Setting delegation_services;
extern const Setting delegation_protocol_transition;
extern const Setting delegation_unconstrained;
extern const Setting delegation_allowed_principals;
extern const Setting spn_migration;

extern const Setting host_build;
extern const Setting host_domain;
extern const Setting host_addresses;
extern const Setting host_listeners;
extern const Setting host_running_migrations;
extern const Setting host_machines;
extern const Setting host_cluster;
extern const Setting host_credential_guard;
extern const Setting account_dns_name;
extern const Setting account_flags;
extern const Setting account_sid;
extern const Setting account_dns_suffixes;
extern const Setting account_own_names;
extern const Setting account_uncontested_names;
extern const Setting delegation_vanished;
extern const Setting caller_delegable;

inline constexpr std::string_view any_network = "any";  // the element of migration.networks
inline constexpr std::string_view credssp = "credssp";
inline constexpr std::string_view kerberos = "kerberos";
inline constexpr std::string_view not_delegated = "not_delegated";  // words of caller.delegable
inline constexpr std::string_view protected_users = "protected_users";

}  // namespace fairway::setting

namespace fairway {

std::span<const Setting* const> catalogue();
const Setting* find_setting(std::string_view name);  // null if there is no such row

}  // namespace fairway
