// Commands that change nothing outside: `audit`, and those that only print.
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/conclusion.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/judged.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/estate.hpp"
#include "engine/plan/plan.hpp"
#include "engine/policy/schema.hpp"
#include "engine/report/audit.hpp"
#include "engine/report/result_schema.hpp"
#include "engine/report/settings.hpp"

namespace fairway::cli {
namespace {

std::vector<const Exception*> expired_of_covered(const Judged& seen) {
    std::vector<const Exception*> out = expired(seen.policy, seen.now);
    std::erase_if(out, [&](const Exception* one) {
        const Host* host = seen.inventory.find(one->host);
        return host && !host->not_covered.empty();
    });
    return out;
}

std::string results_schema() {
    std::vector<report::ResultRow> rows;
    for (const CommandRow& row : command_table()) rows.push_back({row.name, row.fields});
    return report::result_schema(rows);
}

}  // namespace

Answer schema(const Request& request, const Stage&) {
    const std::string& what = request.arguments[0];
    Answer out;
    if (what == "policy") out.text = policy_schema();
    else if (what == "inventory") out.text = inventory_schema();
    else if (what == "results") out.text = results_schema();
    else return trouble(Exit::usage, "bad_input", "`fairway schema` prints policy, inventory or results");
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

Answer version(const Request&, const Stage&) {
    return {.exit = Exit::fine, .text = "fairway " FAIRWAY_VERSION "\n", .json = Json::object(), .trouble = {}};
}

Answer audit(const Request& request, const Stage& stage) {
    const auto seen = judged(request, stage, Memory::of_audits);
    if (!seen) return seen.error();
    std::vector<Mesh> hosts = meshes(seen->inventory, seen->snapshot);
    report::Audit all{.policy = seen->policy,
                      .inventory = seen->inventory,
                      .snapshot = seen->snapshot,
                      .findings = seen->findings,
                      .matrices = matrices(hosts),
                      .domains = {},
                      .expired = expired_of_covered(*seen),
                      .estate_findings = estate_findings(*seen)};
    all.domains = overview(hosts, all.matrices);
    lay_over(hosts, changes(all.findings));
    for (EstateFinding& closed : closed_paths(hosts, all.matrices, all.findings))
        all.estate_findings.push_back(std::move(closed));
    Conclusion conclusion = conclude(all.findings, seen->snapshot);
    conclusion.drift = conclusion.drift || !all.estate_findings.empty();
    return {.exit = conclusion.exit(),
            .text = stage.text([&] { return report::text(all, stage.style, detail_of(request)); }),
            .json = stage.json([&] {
                Json out = {{"drift", conclusion.drift}, {"all_read", !conclusion.unread}};
                out.update(report::json(all, request.has("all")));
                return out;
            }),
            .trouble = {}};
}

}  // namespace fairway::cli
