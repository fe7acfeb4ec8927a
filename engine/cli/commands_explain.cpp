// `explain`: can a VM move between two hosts, and if not, why? And what stands behind the id that a finding carries?
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/conclusion.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/pair.hpp"
#include "engine/report/path.hpp"
#include "engine/report/topic.hpp"

namespace fairway::cli {
namespace {

Answer explain_id(const std::string& id, const Stage& stage) {
    const auto found = report::topics(id);
    if (found.empty()) {
        const std::vector<std::string> ids = report::topic_ids();
        const std::vector<std::string_view> known(ids.begin(), ids.end());
        const std::string_view near = text::did_you_mean(id, known);
        return trouble(
            Exit::usage, "bad_input",
            fmt::format("no finding has the id `{}`{}; an id is a setting (`fairway settings`), a condition of a "
                        "path, a cause or a fault, as results show it",
                        text::printable(id), near.empty() ? "" : fmt::format(" (did you mean `{}`?)", near)));
    }
    Answer out;
    out.text = stage.text([&] {
        std::string all;
        for (const report::Topic& one : found) all += report::text(one, stage.style);
        return all;
    });
    out.json = stage.json([&] { return Json{{"topics", report::json(found)}}; });
    return out;
}

}  // namespace

Answer explain(const Request& request, const Stage& stage) {
    if (request.arguments.size() == 1) return explain_id(request.arguments[0], stage);
    if (auto has = has_document(request, "inventory"); !has)
        return trouble(Exit::usage, std::string(name(has.error().code)), has.error().text);
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
