// A rollback, and what may undo it: writes that nobody answered, of the run or of runs that undid it, may still arrive. The
// journal knows them when the rollback is over.
#include <algorithm>

#include "engine/cli/commands.hpp"
#include "engine/cli/documents.hpp"
#include "engine/journal/journal.hpp"
#include "engine/plan/late.hpp"
#include "engine/report/late.hpp"

namespace fairway::cli {
namespace {

Result<std::vector<Address>> late_writes(const std::string& store, const std::string& id) {
    auto journal = Journal::open_to_read(store);
    if (!journal) return tl::unexpected(journal.error());
    const auto history = journal->history();
    if (!history) return tl::unexpected(history.error());
    std::vector<Address> out;
    for (const RunLine& line : *history) {
        if (line.id != id && line.rolls_back != id) continue;
        const auto run = journal->load(line.id);
        if (!run) return tl::unexpected(run.error());
        for (const Address& address : may_still_arrive(*run))
            if (std::find(out.begin(), out.end(), address) == out.end()) out.push_back(address);
    }
    return out;
}

}  // namespace

Answer rollback_and_late(const Request& request, const Stage& stage) {
    Answer out = rollback(request, stage);
    if (!out.trouble.empty()) return out;
    const auto late = late_writes(store_path(request), request.arguments[0]);
    if (!late) return trouble(late.error());
    out.text += report::late_text(*late, request.arguments[0], stage.style);
    out.json["may_still_arrive"] = report::late_json(*late);
    return out;
}

}  // namespace fairway::cli
