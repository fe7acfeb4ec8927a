// See glass_behind.hpp.
#include "engine/run/glass_behind.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

Error opens_again(const GlassBehind& glass, const std::string& what) {
    std::vector<std::string> hosts;
    for (const Address& address : changed_by(glass.opened))
        if (std::find(hosts.begin(), hosts.end(), address.object) == hosts.end()) hosts.push_back(address.object);
    return {Code::refused,
            fmt::format("{} would open again what break-glass run {} had opened, and nothing would end it; nothing was "
                        "changed.\nTo open it for a time: fairway break-glass --hosts {} --for TIME --ticket TICKET "
                        "--reason WHY",
                        what, glass.opened.id, text::printable(text::join(hosts, ",")))};
}

// The hosts at which a want is what that run had made there.
std::vector<std::string> opened_again(const Desired& wants, const Run& glass) {
    std::vector<std::string> out;
    const std::vector<const Change*> changes = numbered(glass.plan);
    for (const auto& [number, step] : last_steps(glass)) {
        if (number >= changes.size() || step->outcome == Outcome::not_done) continue;
        const Change& change = *changes[number];
        const auto it = wants.find(change.address);
        if (it == wants.end()) continue;
        const auto is_that = [&](const Want& want) { return want.operand == change.after; };
        const bool known = std::find(out.begin(), out.end(), change.address.object) != out.end();
        if (!known && std::any_of(it->second.begin(), it->second.end(), is_that)) out.push_back(change.address.object);
    }
    return out;
}

}  // namespace

Result<std::optional<GlassBehind>> glass_behind(const Run& run, const Journal& journal) {
    bool closes = false;
    for (std::string id = run.rolls_back; !id.empty();) {
        auto undone = journal.load(id);
        if (!undone) return tl::unexpected(undone.error());
        closes = !closes;
        if (!undone->terms.empty()) return GlassBehind{std::move(*undone), closes};
        id = undone->rolls_back;
    }
    return std::nullopt;
}

Result<void> may_be_undone(const Run& run, const Journal& journal) {
    const auto glass = glass_behind(run, journal);
    if (!glass) return tl::unexpected(glass.error());
    if (*glass && (*glass)->closes) return tl::unexpected(opens_again(**glass, "to roll back run " + run.id));
    return {};
}

Result<void> may_go_on(const Run& run, const Journal& journal) {
    const auto glass = glass_behind(run, journal);
    if (!glass) return tl::unexpected(glass.error());
    if (*glass && !(*glass)->closes) return tl::unexpected(opens_again(**glass, "to go on with run " + run.id));
    return {};
}

Result<void> may_be_put_back(const Desired& wants, const Run& run, const Journal& journal) {
    const auto ids = journal.with_term();
    if (!ids) return tl::unexpected(ids.error());
    for (const std::string& id : *ids) {
        const auto glass = journal.load(id);
        if (!glass) return tl::unexpected(glass.error());
        const bool before =
            !glass->steps.empty() && !run.steps.empty() && glass->steps.front().entry < run.steps.front().entry;
        // One that is not over would end it.
        if (!before || !glass->expired || glass->plan.estate != run.plan.estate) continue;
        const std::vector<std::string> hosts = opened_again(wants, *glass);
        if (hosts.empty()) continue;
        const std::string names = text::printable(text::join(hosts, ","));
        return fail(
            Code::refused,
            fmt::format("to roll back run {0} would open {2} again as break-glass run {1} had done, which is over, "
                        "and nothing would end it; nothing was changed.\nTo put back the rest: fairway rollback {0} "
                        "--except {2}",
                        run.id, id, names));
    }
    return {};
}

bool is_undoable(const std::string& run, const Journal& journal) {
    const auto loaded = journal.load(run);
    return loaded && may_be_undone(*loaded, journal);
}

}  // namespace fairway
