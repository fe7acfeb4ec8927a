// The documents of a command: found, read, checked, and bound to each other.
#pragma once

#include <optional>
#include <string>

#include "engine/cli/answer.hpp"
#include "engine/cli/options.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/policy.hpp"
#include "engine/model/want.hpp"

namespace fairway::cli {

// A document, or the Answer that says what is wrong with it.
template <class T>
using Loaded = tl::expected<T, Answer>;

struct Source {
    std::string file, text;
    std::optional<Error> distrust = {};  // why somebody else may have written it
};

Loaded<Source> read_document(const std::string& file);
// Whether the programs that it names for passwords may be started: not if somebody else may have written it.
Result<void> may_start_programs(const Source& source, const Inventory& inventory);
// A policy, with the files that it includes; `texts` gets what was read, for the excerpts of complaints.
Checked<Policy> policy_of(const Source& source, Texts& texts);
// Of the file that the request names; that it names one is held by what the command needs.
Loaded<Policy> load_policy(const Request& request);
Loaded<Inventory> load_inventory(const Request& request);
// The inventory as it stands, without its searches: for what must work while the directory is down.
Loaded<Inventory> stated_inventory(const Request& request);
Result<void> cover_as_asked(const Request& request, Inventory& inventory);  // by --host and --except
Loaded<Desired> bind(const Policy& policy, const Inventory& inventory, std::int64_t now);
Answer complaints(const Policy& policy, const Diagnostics& diagnostics);  // about a policy that was bound

std::string store_path(const Request& request);

}  // namespace fairway::cli
