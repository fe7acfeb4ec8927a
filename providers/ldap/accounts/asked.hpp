// What is asked of the accounts of one domain, and how an account's attributes answer it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/model/snapshot.hpp"
#include "providers/ldap/accounts/accounts.hpp"

namespace fairway::ldap {

// By the objects' names, in their order.
using Asked = std::map<std::string, std::vector<Address>>;

std::vector<std::string> objects_of(const Asked& asked);
std::vector<const Setting*> settings_of(const Asked& asked);  // each once, by name
std::vector<std::string> attributes_of(std::span<const Setting* const> settings);

// An Error names the account.
tl::unexpected<Error> about(const std::string& object, const Error& error);
Reading reading(const Result<Account>& account, const Address& address);

}  // namespace fairway::ldap
