// What every command that writes stands on, from before its first reading to its end: the locks of the store and of the
// estate, the journal, and a reader at the controllers that the run is bound to.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/base/caller.hpp"
#include "engine/base/lock.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/journal/journal.hpp"

namespace fairway::cli {

std::string machine();  // on which this runs

struct Ground {
    Inventory inventory;
    std::optional<Lock> store, estate;  // none for a command that only reads
    Journal journal;
    Connections connections;
    std::unique_ptr<Reader> reader;
    std::optional<Run> run;  // that the command is about, as the journal had it then
};

std::string store_lock(const std::string& store);  // the path of it
// The lock of a store; `what` is for whoever finds it taken.
Loaded<Lock> lock_store(const std::string& path, const std::string& what);

enum class Store { may_be_new, must_exist, only_read };

// `what` goes into the locks, for whoever finds them taken. `run`: the one that the command is about, which must be in
// the journal; or empty.
Loaded<Ground> ground(const Request& request, const std::string& what, Store store_is, const std::string& run = {});

Answer no_output(const Error& error);  // of output_works()

// A run that was killed is settled before another one begins, so that no intent stays open for ever.
Result<std::string> settle_unfinished(Ground& ground, const std::string& except);

}  // namespace fairway::cli
