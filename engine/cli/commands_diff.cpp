// `diff OLD NEW`: what differs in a plan from an older one. It reads two files and nothing else.
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/plan_document.hpp"
#include "engine/plan/again.hpp"
#include "engine/report/again.hpp"

namespace fairway::cli {

Answer diff(const Request& request, const Stage& stage) {
    const auto older = read_plan(request.arguments[0]), newer = read_plan(request.arguments[1]);
    for (const auto* one : {&older, &newer})
        if (!*one) return trouble(one->error());
    if ((*older)->estate != (*newer)->estate)
        return trouble(Exit::refused, "refused",
                       fmt::format("one plan is of the estate {}, the other of {}", text::printable((*older)->estate),
                                   text::printable((*newer)->estate)));
    const std::vector<Revised> changes = revised(**older, **newer);
    return {.exit = older->digest() == newer->digest() ? Exit::fine : Exit::changes,
            .text = stage.text([&] {
                return report::again_text(*older, *newer, changes, stage.style, {.full = request.has("full")});
            }),
            .json = stage.json([&] {
                return Json{{"plan_id", newer->id()}, {"again", report::again_json(*older, changes)}};
            }),
            .trouble = {}};
}

}  // namespace fairway::cli
