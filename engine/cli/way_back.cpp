// See way_back.hpp.
#include "engine/cli/way_back.hpp"

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/cli/carry_out.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/plan/coverage.hpp"

namespace fairway::cli {
namespace {

// Names of the hosts that the words of an option name.
Result<std::set<std::string>> named_by(const std::vector<std::string>& given, const Inventory& inventory) {
    const auto words = host_words(given);
    if (!words) return tl::unexpected(words.error());
    const auto hosts = hosts_named(inventory, *words);
    if (!hosts) return tl::unexpected(hosts.error());
    std::set<std::string> out;
    for (const Host* host : *hosts) out.insert(host->name);
    return out;
}

}  // namespace

Result<RollbackScope> scope_of(const Request& request, const Inventory& inventory) {
    RollbackScope out{.settings = request.all("setting")};
    const auto only = named_by(request.all("host"), inventory), except = named_by(request.all("except"), inventory);
    for (const auto* names : {&only, &except})
        if (!*names) return tl::unexpected(names->error());
    if (request.has("host")) out.only = *only;
    out.except = *except;
    for (const std::string& setting : out.settings)
        if (!find_setting(setting))
            return fail(Code::bad_input, fmt::format("there is no setting `{}`", text::printable(setting)));
    return out;
}

RollbackHands hands_to_go_back(Ground& ground, const Stage& stage) {
    return {.reader = *ground.reader,
            .journal = ground.journal,
            .inventory = ground.inventory,
            .open_names = [&ground] { return ground.connections.names(); },
            .progress = unless_interrupted(stage),
            .apply = {}};
}

}  // namespace fairway::cli
