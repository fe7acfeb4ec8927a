// The service principal names that live migration needs: of a host, every service by short and full name.
// Shape and need: WMI-70 and WMI-72.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/policy.hpp"
#include "engine/model/value.hpp"

namespace fairway {

inline constexpr std::string_view migration_service = "Microsoft Virtual System Migration Service";

std::string_view class_of(ServiceClass service);

// class/short and class/full of one host.
std::vector<std::string> both_names(ServiceClass service, const Host& host);
Set names_of(const std::vector<ServiceClass>& services, const Host& host);

}  // namespace fairway
