// Commands that change nothing outside: `audit`, and those that only print.
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/cli/audited.hpp"
#include "engine/cli/commands.hpp"
#include "engine/policy/schema.hpp"
#include "engine/report/audit.hpp"
#include "engine/report/event_lines.hpp"
#include "engine/report/result_schema.hpp"
#include "engine/report/settings.hpp"
#include "engine/watch/message.hpp"

namespace fairway::cli {
namespace {

std::string results_schema() {
    std::vector<report::ResultRow> rows;
    for (const CommandRow& row : command_table()) rows.push_back({row.name, row.fields, row.otherwise});
    return report::result_schema(rows);
}

}  // namespace

Answer schema(const Request& request, const Stage&) {
    const std::string& what = request.arguments[0];
    Answer out;
    if (what == "policy") out.text = policy_schema();
    else if (what == "inventory") out.text = inventory_schema();
    else if (what == "results") out.text = results_schema();
    else if (what == "events") out.text = report::event_schema();
    else if (what == "alarms") out.text = watch::alarm_schema();
    else
        return trouble(Exit::usage, "bad_input",
                       "`fairway schema` prints policy, inventory, results, events or alarms");
    out.exact = true;
    return out;
}

Answer settings(const Request&, const Stage& stage) {
    return {.exit = Exit::fine,
            .text = stage.text([&] { return report::settings_text(stage.style); }),
            .json = stage.json([] {
                return Json{{"settings", report::settings_json()}};
            }),
            .trouble = {}};
}

Answer audit(const Request& request, const Stage& stage) {
    const auto found = audited(request, stage);
    if (!found) return found.error();
    return {.exit = found->exit(),
            .text = stage.text([&] { return report::text(found->reported(), stage.style, detail_of(request)); }),
            .json = stage.json([&] { return found->json(request.has("all")); }),
            .trouble = found->runs ? std::string()
                                   : fmt::format("error: it is not known whether a break-glass run is open: {}\n",
                                                 text::printable_lines(found->runs.error().text))};
}

}  // namespace fairway::cli
