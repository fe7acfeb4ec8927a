// Finding instances: by selectors, by reference, by query.
#pragma once

#include <vector>

#include "host.hpp"
#include "soap.hpp"
#include "wql.hpp"

namespace lab {

// All three throw Fault for an unknown namespace or class; which namespaces there are depends on the host's roles.
[[nodiscard]] const ClassInfo& class_or_fault(Host& host, std::string_view ns, std::string_view name);
// The one instance that the selectors name; the keys must be exactly those of the class.
[[nodiscard]] Instance get_instance(Host& host, const ClassInfo& info, const std::vector<Selector>& selectors);
[[nodiscard]] std::vector<Instance> query_instances(Host& host, std::string_view ns, const Query& query);

}  // namespace lab
