// `watch`: audits again and again, and says what is new and what is over. It changes nothing but its own files.
#include <fmt/format.h>

#include "engine/base/caller.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/posix.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/ground.hpp"
#include "engine/cli/watch_service.hpp"
#include "engine/cli/watch_state.hpp"

namespace fairway::cli {
namespace {

watch::WatchLimits limits_of(const WatchWish& wish) {
    watch::WatchLimits out;
    out.remind = wish.remind_s;
    return out;
}

Json json_of(const WatchService& service, const std::string& path) {
    const watch::State& state = service.keeper().state();
    Json open = Json::array();
    for (const watch::Episode& one : state.episodes)
        if (!one.ended) open.push_back(watch::finding_json(one));
    return {{"estate", state.estate},
            {"watch",
             {{"state", path},
              {"audits", service.audits()},
              {"open", std::move(open)},
              {"all_told", service.keeper().all_told()}}}};
}

// Of --once: the audit's; but one of whom nobody was told is no good one.
Answer answer_of(const WatchService& service, const WatchWish& wish, const std::string& path, const Stage& stage) {
    Answer out{
        .exit = Exit::fine, .text = {}, .json = stage.json([&] { return json_of(service, path); }), .trouble = {}};
    if (!service.keeper().saved()) {
        out.exit = Exit::storage;
        out.trouble = fmt::format("error: {}\n", text::printable(service.keeper().saved().error().text));
    } else if (wish.once) {
        out.exit = service.keeper().all_told() ? service.last_exit() : Exit::error;
        if (!service.keeper().all_told())
            out.trouble = "error: not everybody was told; the next `fairway watch` goes on\n";
    }
    return out;
}

}  // namespace

Answer watch_estate(const Request& request, const Stage& stage) {
    auto wish = watch_wish(request);
    if (!wish) return trouble(Exit::usage, "bad_input", wish.error().text);
    if (const auto policy = load_policy(request); !policy) return policy.error();
    const auto inventory = stated_inventory(request);
    if (!inventory) return inventory.error();
    auto file = open_watch_file(request, inventory->estate);
    if (!file) return file.error();
    std::optional<watch::Listener> listener;
    if (!wish->listen.empty()) {
        auto open = watch::Listener::open(wish->listen);
        if (!open)
            return open.error().code == Code::bad_input ? trouble(Exit::usage, "bad_input", open.error().text)
                                                        : trouble(open.error());
        listener.emplace(std::move(*open));
    }
    watch::Keeper keeper(
        std::move(file->state), wish->ways, limits_of(*wish),
        {.who = fmt::format("{}@{}", account(), machine()), .version = FAIRWAY_VERSION},
        [path = file->path](const std::string& text) { return replace_own_file(path, text); }, system_now());
    if (!keeper.saved()) return trouble(keeper.saved().error());
    WatchService service(request, stage, *wish, std::move(keeper), std::move(listener));
    service.run();
    return answer_of(service, *wish, file->path, stage);
}

}  // namespace fairway::cli
