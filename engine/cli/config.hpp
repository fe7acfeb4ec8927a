// The config files: /etc/fairway/config.yaml, then $XDG_CONFIG_HOME/fairway/config.yaml, then
// ./fairway.yaml; a later one overrides an earlier one key by key. Keys are the configurable options. Such a file decides
// what is run and written as the caller, so one that nobody named counts only where nobody else could have written it.
#pragma once

#include <map>
#include <string>

#include "engine/base/error.hpp"

namespace fairway::cli {

// `only` not empty: that file, which must be there. Relative file names in a config are as seen from it. Code::refused:
// one of the others is not to be believed.
Result<std::map<std::string, std::string>> read_config(const std::string& only);

// Where what lasts is kept, always an absolute path: $XDG_STATE_HOME/fairway or ~/.local/state/fairway. Without a home,
// as for a service: the first folder of $STATE_DIRECTORY (systemd.exec(5)), or /var/lib/fairway.
std::string state_folder();
std::string default_store();  // journal.db there
// Where the locks of estates lie: $FAIRWAY_LOCK_DIR; else /run/fairway for root, ~/.local/state/fairway/locks for
// others. The same for every command of an account, whatever else its environment says.
std::string lock_folder();

}  // namespace fairway::cli
