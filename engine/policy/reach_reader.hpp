// How hosts and the directory are reached, out of the inventory's document, and which ways do not go together.
#pragma once

#include <string>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/policy/complaints.hpp"

namespace fairway {

// A file's name as the inventory gives it, seen from the inventory's folder.
std::string beside(const std::string& inventory_file, const std::string& name);

// A host's `reach` and `credentials`; key by key, what it leaves out is as for all hosts.
Reach read_reach(const Node& hosts, const Node& host, const std::string& inventory_file);
// What in it does not go together, each with what to do.
std::vector<std::string> reach_complaints(const Reach& reach);
// Why hosts that a search finds must not be reached so; empty: they may be.
std::string complaint_if_found(const Reach& reach);

// What no table sees in a map's own `credentials`.
void check_credentials(const Node& map, Complaints& complaints);

FleetLimits read_limits(const Node& hosts);

Directory read_directory(const Node& node, const std::string& inventory_file, Complaints& complaints);

}  // namespace fairway
