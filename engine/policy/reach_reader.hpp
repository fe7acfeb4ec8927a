// How hosts and the directory are reached, out of the inventory's document, and which ways do not go together.
#pragma once

#include <string>

#include "engine/model/inventory.hpp"
#include "engine/policy/complaints.hpp"

namespace fairway {

// A file's name as the inventory gives it, seen from the inventory's folder.
std::string beside(const std::string& inventory_file, const std::string& name);

// `reach` and `credentials` of a map; what it leaves out is as in `base`.
Reach read_reach(const Node& map, const Reach& base, const std::string& inventory_file);
// What is wrong with it, or nothing.
std::string reach_complaint(const Reach& reach);

Directory read_directory(const Node& node, const std::string& inventory_file, Complaints& complaints);

}  // namespace fairway
