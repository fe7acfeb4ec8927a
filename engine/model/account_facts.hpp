// What is read of a host's account, or worked out of it, and never written: rows of the catalogue.
#pragma once

#include <span>
#include <string_view>

#include "engine/model/setting.hpp"

namespace fairway::setting {

extern const Setting account_dns_name;
extern const Setting account_flags;
extern const Setting account_sid;
extern const Setting account_dns_suffixes;
extern const Setting account_own_names;
extern const Setting account_uncontested_names;
extern const Setting delegation_vanished;
extern const Setting caller_delegable;

inline constexpr std::string_view not_delegated = "not_delegated";  // words of caller.delegable
inline constexpr std::string_view protected_users = "protected_users";

std::span<const Setting* const> account_facts();

}  // namespace fairway::setting
