// See estate.hpp.
#include "engine/report/estate.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/want.hpp"
#include "engine/plan/estate.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t most_findings = 40;
constexpr std::size_t found_shown = 5, fresh_shown = 50;

std::string line_of(const EstateFinding& finding) {
    std::string out = fairway::text::printable(finding.because);
    if (!finding.dn.empty()) out += fmt::format(" ({})", fairway::text::printable(finding.dn));
    return out;
}

}  // namespace

std::string text(const std::vector<EstateFinding>& findings, const Style& style) {
    std::vector<const EstateFinding*> sorted;
    for (const EstateFinding& finding : findings) sorted.push_back(&finding);
    std::stable_sort(sorted.begin(), sorted.end(), [](const EstateFinding* a, const EstateFinding* b) {
        return severity_of(a->fault) > severity_of(b->fault);
    });
    const std::size_t shown = std::min(sorted.size(), most_findings);
    std::vector<std::vector<std::string>> rows;
    for (const EstateFinding* finding :
         std::vector(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(shown)))
        rows.push_back({style(Paint::bad, name(severity_of(finding->fault))), fairway::text::printable(finding->object),
                        std::string(name(finding->fault)), line_of(*finding)});
    std::string out = style.table(rows, "  ");
    if (shown < sorted.size())
        out += fmt::format("  and {} more findings about the estate; --output json has all.\n", sorted.size() - shown);
    return out;
}

Json json(const std::vector<EstateFinding>& findings) {
    Json out = Json::array();
    for (const EstateFinding& finding : findings) out.push_back(fairway::to_json(finding));
    return out;
}

std::string found_text(const Plan& plan, const Style& style) {
    if (plan.found.empty() && !plan.since) return {};
    const auto names = [](const std::vector<std::string>& hosts, std::size_t most) {
        return fairway::text::some(hosts, most, fairway::text::printable);
    };
    std::string out = fmt::format("Searches found {}{}{}.", count(plan.found.size(), "host"),
                                  plan.found.empty() ? "" : ": ", names(plan.found, found_shown));
    if (!plan.since) return out + "\n";
    const std::string run = fairway::text::printable(plan.since->run);
    if (run.empty()) return out + " The store has no run of this estate, so it is not known which of them are new.\n";
    if (plan.since->fresh.empty()) return out + fmt::format(" None is new since run {}.\n", run);
    return out + "\n" +
           style(Paint::warn, fmt::format("! {} new since run {}: {}", count(plan.since->fresh.size(), "host"), run,
                                          names(plan.since->fresh, fresh_shown))) +
           "\n";
}

}  // namespace fairway::report
