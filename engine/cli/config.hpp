// The config files: /etc/fairway/config.yaml, then $XDG_CONFIG_HOME/fairway/config.yaml, then
// ./fairway.yaml; a later one overrides an earlier one key by key. Keys are the configurable options.
#pragma once

#include <map>
#include <string>

#include "engine/base/error.hpp"

namespace fairway::cli {

// `only` not empty: that file, which must be there. Relative file names in a config are as seen from it.
Result<std::map<std::string, std::string>> read_config(const std::string& only);

// $XDG_STATE_HOME/fairway/journal.db, or below ~/.local/state.
std::string default_store();

}  // namespace fairway::cli
