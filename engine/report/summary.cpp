// See summary.hpp.
#include "engine/report/summary.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>

#include "engine/base/text.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/report/estate.hpp"
#include "engine/report/layout.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t hosts_of_a_small_estate = 16;
constexpr std::size_t worst_shown = 10;

// How many findings of each severity, critical first.
using BySeverity = std::array<std::size_t, 4>;
constexpr std::array severities = {Severity::critical, Severity::high, Severity::medium, Severity::low};

void add(BySeverity& to, Severity severity) {
    ++to[static_cast<std::size_t>(std::find(severities.begin(), severities.end(), severity) - severities.begin())];
}

std::string in_words(const BySeverity& counts) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] > 0) parts.push_back(fmt::format("{} {}", counts[i], name(severities[i])));
    return fairway::text::join(parts, ", ");
}

std::set<std::string_view> drifted_hosts(const Audit& audit) {
    std::set<std::string_view> out;
    for (const Finding& finding : audit.findings)
        if (finding.verdict == Verdict::drifted) out.insert(finding.address.object);
    return out;
}

std::string tally(const Audit& audit) {
    BySeverity counts{};
    for (const Finding& finding : audit.findings)
        if (finding.verdict == Verdict::drifted) add(counts, finding.severity);
    for (const EstateFinding& finding : audit.estate_findings) add(counts, severity_of(finding.fault));
    const std::size_t all = audit.count(Verdict::drifted) + audit.estate_findings.size();
    const std::size_t unread = audit.count(Verdict::unreadable), unknown = audit.count(Verdict::unknown);
    std::string out;
    if (all == 0) out = unread + unknown == 0 ? "No drift." : "No drift in what is known.";
    else out = fmt::format("{}: {}", count(all, "finding"), in_words(counts));
    if (const std::size_t hosts = drifted_hosts(audit).size())
        out += fmt::format(", at {} of {}.", hosts, count(covered(audit.inventory), "host"));
    else if (all > 0) out += ".";
    if (unread > 0)
        out += fmt::format("  {} could not be read, and {} not known to comply.", count(unread, "value"),
                           unread == 1 ? "is" : "are");
    if (unknown > 0)
        out += fmt::format("  {} unknown, and {} not known to comply.", count(unknown, "finding"),
                           unknown == 1 ? "is" : "are");
    return out;
}

std::string by_setting(const Audit& audit) {
    std::map<std::string_view, std::size_t> counts;
    for (const Finding& finding : audit.findings)
        if (finding.verdict == Verdict::drifted) ++counts[finding.address.setting->name];
    for (const EstateFinding& finding : audit.estate_findings) ++counts[words(finding.fault)];
    std::vector<std::pair<std::string_view, std::size_t>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<std::string> parts;
    for (const auto& [setting, n] : sorted) parts.push_back(fmt::format("{} {}", setting, n));
    return fairway::text::join(parts, ", ");
}

struct Worst {
    std::string host;
    BySeverity counts{};
    std::int64_t closed = 0;
    std::vector<std::string_view> settings;
};

// By what is wrong with them, then by the closed paths that begin or end there.
std::vector<Worst> worst_hosts(const Audit& audit) {
    std::map<std::string_view, Worst> all;
    for (const Finding& finding : audit.findings) {
        if (finding.verdict != Verdict::drifted) continue;
        Worst& one = all[finding.address.object];
        one.host = finding.address.object;
        add(one.counts, finding.severity);
        if (std::find(one.settings.begin(), one.settings.end(), finding.address.setting->name) == one.settings.end())
            one.settings.push_back(finding.address.setting->name);
    }
    for (const DomainPaths& domain : audit.domains)
        for (const HostPaths& host : domain.closed)
            if (const auto it = all.find(host.host); it != all.end()) it->second.closed = host.in + host.out;
    std::vector<Worst> out;
    for (auto& [host, one] : all) out.push_back(std::move(one));
    std::stable_sort(out.begin(), out.end(), [](const Worst& a, const Worst& b) {
        return std::tie(a.counts, a.closed) > std::tie(b.counts, b.closed);
    });
    if (out.size() > worst_shown) out.resize(worst_shown);
    return out;
}

std::string worst_text(const Audit& audit, const Style& style) {
    const std::vector<Worst> worst = worst_hosts(audit);
    if (worst.empty()) return {};
    std::vector<std::vector<std::string>> rows;
    for (const Worst& one : worst)
        rows.push_back({one.host, in_words(one.counts),
                        one.closed > 0 ? fmt::format("{} paths closed", one.closed) : "",
                        fairway::text::join(one.settings, ", ")});
    return "\n" + style(Paint::bold, "Worst hosts") + "\n" + broken_table(rows, style, "  ");
}

}  // namespace

bool is_large(const Audit& audit) { return audit.inventory.hosts.size() > hosts_of_a_small_estate; }

std::string summary_text(const Audit& audit, const Style& style) {
    std::string out = wrapped(tally(audit), style, "", 0);
    if (!is_large(audit)) return out;
    if (const std::string settings = by_setting(audit); !settings.empty())
        out += wrapped(settings, style, "  by setting  ", 14);
    const PathCount paths = fairway::count(audit.matrices);
    if (const std::int64_t all = paths.open + paths.closed + paths.unknown; all > 0)
        out += wrapped(fmt::format("{} of {} open{}", paths.open, all,
                                   paths.unknown > 0 ? fmt::format(", {} unknown", paths.unknown) : ""),
                       style, "  paths       ", 14);
    return out + worst_text(audit, style);
}

}  // namespace fairway::report
