// The settings of a host for live migration: rows of the catalogue.
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

inline constexpr std::string_view any_network = "any";  // the element of migration.networks
inline constexpr std::string_view credssp = "credssp";  // words of migration.authentication
inline constexpr std::string_view kerberos = "kerberos";

std::span<const Setting* const> migration_settings();

}  // namespace fairway::setting
