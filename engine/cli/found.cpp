// See found.hpp.
#include "engine/cli/found.hpp"

#include <algorithm>

#include "engine/base/log.hpp"
#include "engine/cli/documents.hpp"
#include "engine/journal/journal.hpp"

namespace fairway::cli {
namespace {

// Code::not_found: there is no store, or no run of the estate in it.
Result<Run> last_run(const std::string& store, const std::string& estate) {
    auto journal = Journal::open_to_read(store);
    if (!journal) return tl::unexpected(journal.error());
    const auto history = journal->history();
    if (!history) return tl::unexpected(history.error());
    const auto last =
        std::find_if(history->rbegin(), history->rend(), [&](const RunLine& line) { return line.estate == estate; });
    if (last == history->rend()) return fail(Code::not_found, "no run of the estate");
    return journal->load(last->id);
}

}  // namespace

std::optional<FoundSince> found_since(const Request& request, const Inventory& inventory) {
    if (inventory.searches.empty()) return std::nullopt;
    const Result<Run> run = last_run(store_path(request), inventory.estate);
    if (!run) {
        if (run.error().code != Code::not_found)
            log::warn("the hosts that were found are compared with no earlier run: " + run.error().text);
        return FoundSince{};
    }
    FoundSince out{.run = run->id, .fresh = inventory.found()};
    std::erase_if(out.fresh, [&, then = Set(run->plan.found)](const std::string& host) { return then.contains(host); });
    return out;
}

}  // namespace fairway::cli
