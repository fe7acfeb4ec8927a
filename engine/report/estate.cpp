// See estate.hpp.
#include "engine/report/estate.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/want.hpp"
#include "engine/plan/estate.hpp"
#include "engine/report/groups.hpp"
#include "engine/report/layout.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t most_findings = 40, objects_in_words = 5;
constexpr std::size_t found_shown = 5, fresh_shown = 50;

// Findings of one fault in the same words but for the object that they are about.
struct SameFinding {
    const EstateFinding* first;
    std::vector<std::string> objects;
};

std::vector<SameFinding> alike(const std::vector<EstateFinding>& findings, bool each) {
    std::vector<SameFinding> out;
    std::map<std::pair<EstateFault, std::string>, std::size_t> places;
    for (const EstateFinding& finding : findings) {
        const auto [it, fresh] =
            places.try_emplace({finding.fault, cause_of(finding.because, finding.object)}, out.size());
        if (!fresh && !each && finding.dn.empty()) out[it->second].objects.push_back(finding.object);
        else out.push_back({&finding, {finding.object}});
    }
    return out;
}

std::string line_of(const SameFinding& group) {
    std::string out = fairway::text::printable(group.first->because);
    if (!group.first->dn.empty()) out += fmt::format(" ({})", fairway::text::printable(group.first->dn));
    if (group.objects.size() == 1) return out;
    return fmt::format("{}: {}", out, fairway::text::some(group.objects, objects_in_words, fairway::text::printable));
}

}  // namespace

std::string_view words(EstateFault fault) {
    switch (fault) {
        case EstateFault::left_out: return "left out";
        case EstateFault::no_hyperv: return "no Hyper-V";
        case EstateFault::name_claimed: return "claims a name";
        case EstateFault::two_domains: return "in two domains";
        case EstateFault::lone_host: return "lone host";
        case EstateFault::exception_unused: return "unused exception";
        case EstateFault::rule_unused: return "unused rule";
        case EstateFault::paths_closed: return "closed paths";
        case EstateFault::odd_delegation: return "odd delegation";
        case EstateFault::no_peers: return "no peers";
        case EstateFault::vanished_class: return "gone, of no named class";
        case EstateFault::glass_open: return "break-glass open";
        case EstateFault::glass_past: break;
    }
    return "break-glass past its end";
}

std::string text(const std::vector<EstateFinding>& findings, const Style& style, const Detail& detail) {
    std::vector<SameFinding> groups = alike(findings, detail.full);
    std::stable_sort(groups.begin(), groups.end(), [](const SameFinding& a, const SameFinding& b) {
        return severity_of(a.first->fault) > severity_of(b.first->fault);
    });
    std::vector<std::vector<std::string>> rows;
    std::size_t left = findings.size();
    for (const SameFinding& group : groups) {
        if (rows.size() == most_findings && !detail.full) break;
        const bool one = group.objects.size() == 1;
        rows.push_back(
            {style(Paint::bad, name(severity_of(group.first->fault))),
             one ? fairway::text::printable(group.objects[0]) : fmt::format("{} of them", group.objects.size()),
             std::string(words(group.first->fault)), line_of(group)});
        left -= group.objects.size();
    }
    std::string out = broken_table(rows, style, "  ");
    if (left > 0)
        out +=
            wrapped(fmt::format("and {} more findings about the estate; --output json has all.", left), style, "  ", 4);
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
