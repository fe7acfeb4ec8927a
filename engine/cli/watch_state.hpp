// The file of the state of `watch`, and its lock: one service for one file.
#pragma once

#include <string>

#include "engine/base/lock.hpp"
#include "engine/cli/documents.hpp"
#include "engine/watch/state.hpp"

namespace fairway::cli {

struct WatchFile {
    std::string path;
    Lock lock;
    watch::State state;  // as it was left, or a new one
};
// Of --state; else beside the journal, named after the estate.
std::string watch_state_path(const Request& request, const std::string& estate);
std::string watch_lock(const std::string& state);  // the path of it
Loaded<WatchFile> open_watch_file(const Request& request, const std::string& estate);

}  // namespace fairway::cli
