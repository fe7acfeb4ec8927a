// `explain`: can a VM move between two hosts, and if not, why?
#include <fmt/format.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/conclusion.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/pair.hpp"
#include "engine/report/path.hpp"

namespace fairway::cli {

Answer explain(const Request& request, const Stage& stage) {
    const auto inventory = load_inventory(request);
    if (!inventory) return inventory.error();
    const auto pair = find_pair(*inventory, request.arguments[0], request.arguments[1]);
    if (!pair) return trouble(Exit::usage, std::string(name(pair.error().code)), pair.error().text);
    const auto read = read_path(*pair, *inventory, request.recording);
    if (!read) return trouble(read.error());
    const Path& path = read->path;
    const Exit exit = path.state == PathState::open     ? Exit::fine
                      : path.state == PathState::closed ? Exit::changes
                                                        : unread_in(read->snapshot);
    return {.exit = exit,
            .text = stage.text([&] { return report::text(path, stage.style); }),
            .json = stage.json([&] {
                return Json{{"path", report::json(path)}};
            }),
            .trouble = {}};
}

}  // namespace fairway::cli
