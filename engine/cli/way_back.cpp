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

Result<std::set<Address>> changed_in(const std::vector<std::string>& given, const Run& run) {
    std::vector<std::int64_t> waves;
    for (const std::string& one : given) {
        const auto number = text::number<std::int64_t>(one);
        if (!number || *number < 1)
            return fail(Code::bad_input,
                        fmt::format("--wave takes the number of a wave, such as 2, not `{}`", text::printable(one)));
        waves.push_back(*number);
    }
    return addresses_of_waves(run, waves);
}

}  // namespace

Result<RollbackScope> scope_of(const Request& request, const Inventory& inventory, const Run& run) {
    RollbackScope out{.settings = request.all("setting"), .values = request.all("value")};
    const auto only = named_by(request.all("host"), inventory), except = named_by(request.all("except"), inventory);
    for (const auto* names : {&only, &except})
        if (!*names) return tl::unexpected(names->error());
    if (request.has("host")) out.only = *only;
    out.except = *except;
    for (const std::string& setting : out.settings)
        if (!find_setting(setting))
            return fail(Code::bad_input, fmt::format("there is no setting `{}`", text::printable(setting)));
    if (request.has("wave")) {
        auto changed = changed_in(request.all("wave"), run);
        if (!changed) return tl::unexpected(changed.error());
        out.of_waves = std::move(*changed);
    }
    if (auto known = knows_its_values(run, out.values); !known) return tl::unexpected(known.error());
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
