// The config files: /etc/fairway/config.yaml, then $XDG_CONFIG_HOME/fairway/config.yaml, then
// ./fairway.yaml; a later one overrides an earlier one key by key. Keys are the configurable options. Such a file
// decides what is run and written as the caller, so one that nobody named counts only where nobody else could have
// written it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway::cli {

struct Configured {
    std::string value;
    std::string where;  // file:line
};

// `only` not empty: that file, which must be there. Relative file names in a config are as seen from it. Code::refused:
// one of the others is not to be believed.
Result<std::map<std::string, Configured, std::less<>>> read_config(const std::string& only);
// The files that `read_config("")` reads where they are there, in its order.
std::vector<std::string> usual_configs();

std::string environment(const char* name);  // empty: it is not set

// Where what lasts is kept, always an absolute path: $XDG_STATE_HOME/fairway or ~/.local/state/fairway. Without a home,
// as for a service: the first folder of $STATE_DIRECTORY (systemd.exec(5)), or /var/lib/fairway.
std::string state_folder();
std::string default_store();  // journal.db there
inline constexpr const char* lock_variable = "FAIRWAY_LOCK_DIR";
// Where the locks of estates lie: that variable; else /run/fairway for root, ~/.local/state/fairway/locks for
// others. The same for every command of an account, whatever else its environment says.
std::string lock_folder();

}  // namespace fairway::cli
