// See audited.hpp.
#include "engine/cli/audited.hpp"

#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/estate.hpp"
#include "engine/plan/path_letters.hpp"
#include "engine/plan/plan.hpp"
#include "engine/report/conflicts.hpp"
#include "engine/report/term.hpp"

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

}  // namespace

// A break-glass run past its end comes before everything else.
Exit Audited::exit() const {
    if (!runs) return Exit::storage;
    const bool past = std::any_of(estate_findings.begin(), estate_findings.end(),
                                  [](const EstateFinding& one) { return one.fault == EstateFault::glass_past; });
    return past ? Exit::past_end : conclusion.exit();
}

report::Audit Audited::reported() const {
    return {.policy = seen.policy,
            .inventory = seen.inventory,
            .snapshot = seen.snapshot,
            .findings = seen.findings,
            .matrices = matrices,
            .domains = domains,
            .expired = expired_of_covered(seen),
            .estate_findings = estate_findings};
}

Json Audited::json(bool all) const {
    Json out = {{"drift", conclusion.drift}, {"all_read", !conclusion.unread}};
    out.update(report::json(reported(), all));
    out["conflicts"] = report::json(conflicts(seen.desired, seen.snapshot));
    out["path_letters"] = to_json(path_picture(matrices));
    out["break_glass"] = runs && *runs ? report::json(**runs) : Json();
    return out;
}

Loaded<Audited> audited(const Request& request, const Stage& stage) {
    auto seen = judged(request, stage, Memory::of_audits);
    if (!seen) return tl::unexpected(seen.error());
    std::vector<Mesh> hosts = meshes(seen->inventory, seen->snapshot);
    std::vector<Matrix> now = matrices(hosts);
    std::vector<DomainPaths> domains = overview(hosts, now);
    std::vector<EstateFinding> about = estate_findings(*seen);
    lay_over(hosts, changes(seen->findings));
    for (EstateFinding& closed : closed_paths(hosts, now, seen->findings)) about.push_back(std::move(closed));
    auto runs = glass(request, seen->now);
    if (runs && *runs)
        for (EstateFinding& one : report::findings(**runs, seen->inventory.estate)) about.push_back(std::move(one));
    Conclusion conclusion = conclude(seen->findings, seen->snapshot);
    conclusion.drift = conclusion.drift || !about.empty();
    return Audited{std::move(*seen), std::move(now), std::move(domains), std::move(about), std::move(runs), conclusion};
}

}  // namespace fairway::cli
