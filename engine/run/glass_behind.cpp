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

bool is_undoable(const std::string& run, const Journal& journal) {
    const auto loaded = journal.load(run);
    return loaded && may_be_undone(*loaded, journal);
}

}  // namespace fairway
