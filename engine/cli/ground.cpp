// See ground.hpp.
#include "engine/cli/ground.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/base/posix.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/output.hpp"
#include "engine/cli/run_name.hpp"
#include "engine/report/run.hpp"
#include "engine/run/glass_behind.hpp"
#include "engine/run/settling.hpp"

namespace fairway::cli {
namespace {

Answer lock_trouble(const Error& error) {
    const bool held = error.code == Code::refused;
    return trouble(held ? Exit::lock_held : exit_for(error.code), held ? "lock_held" : std::string(name(error.code)),
                   error.text);
}

// What was written at one replica of the directory, another may not have yet: a run that is gone on with, rolled back,
// verified or settled is looked at where it was written. --controller overrules that for its domain.
Result<std::vector<Replica>> pins(const Request& request, Inventory& inventory, Journal& journal,
                                  const std::optional<Run>& run) {
    std::vector<Replica> out;
    if (run) {
        out = last_replicas(*run);
    } else {
        const auto unfinished = journal.unfinished(inventory.estate);
        if (!unfinished) return tl::unexpected(unfinished.error());
        const auto last = unfinished->empty() ? Result<Run>(Run{}) : journal.load(unfinished->back());
        if (!last) return tl::unexpected(last.error());
        out = last_replicas(*last);
    }
    for (const std::string& name : request.all("controller")) {
        const std::string server = text::fold(name);
        Directory* of = nullptr;
        for (Directory& directory : inventory.directories)
            if (server.ends_with("." + directory.domain) && (!of || of->domain.size() < directory.domain.size()))
                of = &directory;
        if (!of)
            return fail(Code::bad_input,
                        fmt::format("--controller {}: give its full name, in a domain of {}", name, inventory.file));
        of->servers = {server};
        std::erase_if(out, [&](const Replica& source) { return source.domain == of->domain; });
    }
    return out;
}

// For whoever finds a lock taken.
std::string holder(const std::string& what) {
    return fmt::format("{}@{} (process {}, since {}, {})", account(), machine(), ::getpid(), show_time(system_now()),
                       what);
}

Loaded<Lock> take_lock(const std::string& path, const std::string& what) {
    auto lock = Lock::take(path, holder(what));
    if (!lock) return tl::unexpected(lock_trouble(lock.error()));
    return std::move(*lock);
}

// In a folder of our own, made if need be: nobody else can hold it, or write a name into it.
Loaded<Lock> take_own_lock(const std::string& path, const std::string& what) {
    if (auto made = make_folder_of(path); !made) return tl::unexpected(trouble(made.error()));
    if (auto ours = is_own_folder(folder_of(path)); !ours) return tl::unexpected(trouble(ours.error()));
    return take_lock(path, what);
}

}  // namespace

std::string machine() {
    utsname names{};
    return ::uname(&names) == 0 ? names.nodename : "unknown";
}

std::string store_lock(const std::string& store) { return store + ".run-lock"; }

Loaded<Lock> lock_store(const std::string& path, const std::string& what) {
    return take_own_lock(store_lock(path), what);
}

Answer no_output(const Error& error) { return trouble(Exit::error, "error", error.text); }

Loaded<Ground> ground(const Request& request, const std::string& what, Store store_is, const std::string& run) {
    catch_interrupts();
    if (auto heard = output_works(); !heard) return tl::unexpected(no_output(heard.error()));
    auto inventory = load_inventory(request);
    if (!inventory) return tl::unexpected(inventory.error());
    const std::string path = store_path(request);
    if (store_is == Store::must_exist)
        if (auto there = JournalFile::must_exist(path); !there) return tl::unexpected(trouble(there.error()));
    const bool writes = store_is != Store::only_read;
    std::optional<Lock> store, estate;
    if (writes) {
        auto of_store = lock_store(path, what);
        if (!of_store) return tl::unexpected(of_store.error());
        store = std::move(*of_store);
        // An embedded estate is a file wherever somebody plays with it.
        auto of_estate = (inventory->embedded.empty() ? take_own_lock : take_lock)(estate_lock(*inventory), what);
        if (!of_estate) return tl::unexpected(of_estate.error());
        estate = std::move(*of_estate);
    }
    auto journal = writes ? Journal::open_to_append(path) : Journal::open_to_read(path);
    if (!journal) return tl::unexpected(trouble(journal.error()));
    std::optional<Run> about;
    if (!run.empty()) {
        auto loaded = journal->load(run);
        if (!loaded && loaded.error().code == Code::not_found && is_there(run))
            return tl::unexpected(
                trouble(Error{Code::not_found, fmt::format("{} is a file, and what is asked for is the "
                                                           "name of a run; `fairway history` lists them",
                                                           run)}));
        if (!loaded) return tl::unexpected(trouble(loaded.error()));
        about = std::move(*loaded);
    }
    auto bound = pins(request, *inventory, *journal, about);
    if (!bound) return tl::unexpected(trouble(bound.error()));
    Connections connections(*inventory, request.recording, std::move(*bound));
    auto reader = connections.reader();
    if (!reader) return tl::unexpected(trouble(reader.error()));
    return Ground{std::move(*inventory),  std::move(store),   std::move(estate), std::move(*journal),
                  std::move(connections), std::move(*reader), std::move(about)};
}

Result<std::string> settle_unfinished(Ground& ground, const std::string& except) {
    const auto unfinished = ground.journal.unfinished(ground.inventory.estate);
    if (!unfinished) return tl::unexpected(unfinished.error());
    std::string said;
    for (const std::string& run : *unfinished) {
        if (run == except) continue;
        const auto settled = settle_run(run, *ground.reader, ground.journal, system_now);
        if (!settled) return tl::unexpected(settled.error());
        said +=
            fmt::format("Run {} had no end (it was killed): settled by reading{}.\n", run,
                        is_undoable(run, ground.journal) ? fmt::format("; fairway rollback {} undoes it", run) : "");
        if (!settled->in_doubt.empty()) said += report::text(settled->in_doubt);
    }
    return said;
}

}  // namespace fairway::cli
