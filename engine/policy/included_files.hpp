// Which rules and exceptions does a policy have from other files? They are named by the policy alone, so that all of
// them stand in one list: an included file includes no other.
#pragma once

#include <string>
#include <vector>

#include "engine/policy/complaints.hpp"
#include "engine/policy/policy_document.hpp"

namespace fairway {

struct IncludedText {
    std::string file, digest;
    Node root;  // checked; its places say which file they are of
};

struct Included {
    std::vector<IncludedText> files = {};  // as the policy names them
    bool whole = true;                     // none is missing
};

struct Includer {
    std::string file;
    std::size_t bytes = 0;
};

// Complaints: of files that cannot be read, of what is wrong in them, and of too many.
Included read_included(const Node& policy, const Includer& includer, const ReadIncluded& read, Complaints& complaints);

}  // namespace fairway
