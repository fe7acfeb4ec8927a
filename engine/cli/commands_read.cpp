// Commands that change nothing outside: `audit`, and those that only print.
#include <algorithm>
#include <fmt/format.h>
#include <optional>

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
#include "engine/report/event_lines.hpp"
#include "engine/report/forecast.hpp"
#include "engine/report/result_schema.hpp"
#include "engine/report/settings.hpp"
#include "engine/report/term.hpp"
#include "engine/run/term.hpp"

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

// Break-glass runs, as far as a journal says it. Nothing: there is none.
Result<std::optional<std::vector<Termed>>> glass(const Request& request, std::int64_t now) {
    const auto journal = Journal::open_to_read(store_path(request));
    if (!journal && journal.error().code == Code::not_found) return std::nullopt;
    if (!journal) return tl::unexpected(journal.error());
    auto runs = termed_runs(*journal, now);
    if (!runs) return tl::unexpected(runs.error());
    return std::move(*runs);
}

// A break-glass run past its end comes before everything else.
Exit exit_of(const Conclusion& conclusion, const std::vector<EstateFinding>& findings) {
    const bool past = std::any_of(findings.begin(), findings.end(),
                                  [](const EstateFinding& one) { return one.fault == EstateFault::glass_past; });
    return past ? Exit::past_end : conclusion.exit();
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
    else if (what == "events") out.text = report::event_schema();
    else return trouble(Exit::usage, "bad_input", "`fairway schema` prints policy, inventory, results or events");
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
    const auto runs = glass(request, seen->now);
    if (runs && *runs)
        for (EstateFinding& one : report::findings(**runs, seen->inventory.estate))
            all.estate_findings.push_back(std::move(one));
    Conclusion conclusion = conclude(all.findings, seen->snapshot);
    conclusion.drift = conclusion.drift || !all.estate_findings.empty();
    return {.exit = runs ? exit_of(conclusion, all.estate_findings) : Exit::storage,
            .text = stage.text([&] { return report::text(all, stage.style, detail_of(request)); }),
            .json = stage.json([&] {
                Json out = {{"drift", conclusion.drift}, {"all_read", !conclusion.unread}};
                out.update(report::json(all, request.has("all")));
                out["path_letters"] = report::json(path_letters(meshes(seen->inventory, seen->snapshot)));
                out["break_glass"] = runs && *runs ? report::json(**runs) : Json();
                return out;
            }),
            .trouble = runs ? std::string()
                            : fmt::format("error: it is not known whether a break-glass run is open: {}\n",
                                          text::printable_lines(runs.error().text))};
}

}  // namespace fairway::cli
