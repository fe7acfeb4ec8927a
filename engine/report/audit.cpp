// See audit.hpp.
#include "engine/report/audit.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/plan/comparators.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/report/coverage.hpp"
#include "engine/report/estate.hpp"
#include "engine/report/findings.hpp"
#include "engine/report/layout.hpp"
#include "engine/report/summary.hpp"

namespace fairway::report {
namespace {

using Cells = std::map<Address, const Finding*>;

std::string_view mark(Verdict verdict) {
    switch (verdict) {
        case Verdict::compliant: return "";
        case Verdict::drifted: return " ✗";
        case Verdict::excepted: return " ~";
        case Verdict::conflict: return " !";
        case Verdict::absent: return " -";
        case Verdict::busy:
        case Verdict::unknown:
        case Verdict::unreadable: return " ?";
    }
    return "";
}

// The worst finding at each address: what a cell shows.
Cells worst(const std::vector<Finding>& findings) {
    Cells out;
    const auto rank = [](Verdict v) { return v == Verdict::compliant ? 0 : v == Verdict::drifted ? 2 : 1; };
    for (const Finding& finding : findings) {
        const auto [it, first] = out.try_emplace(finding.address, &finding);
        if (!first && rank(finding.verdict) > rank(it->second->verdict)) it->second = &finding;
    }
    return out;
}

std::string cell(const Finding& finding, const Style& style) {
    std::string text;
    if (finding.held) {
        const Set* set = as_set(*finding.held);
        const bool long_set = set && (set->size() > 1 || row_of(finding.address.kind()).long_sets);
        text = long_set ? std::to_string(set->size()) : show(*finding.address.setting, *finding.held);
    }
    return style(verdict_paint(finding.verdict), text + std::string(mark(finding.verdict)));
}

// Of a large estate those with findings.
std::vector<std::string> shown_hosts(const Audit& audit) {
    std::set<std::string_view> odd;
    for (const Finding& finding : audit.findings)
        if (finding.verdict != Verdict::compliant) odd.insert(finding.address.object);
    std::vector<std::string> out;
    for (const Host& host : audit.inventory.hosts)
        if (host.not_covered.empty() && (!is_large(audit) || odd.contains(host.name))) out.push_back(host.name);
    return out;
}

// The column of one host: its name, and a cell for each row of the catalogue.
std::vector<std::string> column(const std::string& host, const Cells& cells, const Style& style) {
    std::vector<std::string> out = {style(Paint::bold, host)};
    for (const Setting* setting : catalogue()) {
        const auto it = cells.find({host, setting});
        out.push_back(it == cells.end() ? "" : cell(*it->second, style));
    }
    return out;
}

std::size_t widest(const std::vector<std::string>& column, const Style& style) {
    std::size_t out = 0;
    for (const std::string& cell : column) out = std::max(out, style.width(cell));
    return out;
}

// Settings down, hosts across, without settings that nobody was asked for.
std::string block(const std::vector<std::vector<std::string>>& columns, const Style& style) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t row = 0; row < columns[0].size(); ++row) {
        std::vector<std::string> cells;
        for (const auto& column : columns) cells.push_back(column[row]);
        if (std::any_of(cells.begin() + 1, cells.end(), [](const std::string& cell) { return !cell.empty(); }))
            rows.push_back(std::move(cells));
    }
    return style.table(rows, "") + "\n";
}

using Columns = std::vector<std::vector<std::string>>;

// As many beside each other as fit, and at most so many; one at least.
std::vector<Columns> blocks(const Columns& columns, std::size_t most, const Style& style) {
    constexpr std::size_t head = 32, between = 2;  // the longest name of a setting that policies speak of
    std::vector<Columns> out;
    std::size_t used = 0;
    for (const auto& column : columns) {
        const std::size_t takes = between + widest(column, style);
        if (out.empty() || used + takes > columns_of(style) || out.back().size() == most) {
            out.emplace_back();
            used = head;
        }
        used += takes;
        out.back().push_back(column);
    }
    return out;
}

// Hosts side by side; where they do not fit, in blocks of one size.
std::string hosts_text(const Audit& audit, const Style& style) {
    const Cells cells = worst(audit.findings);
    std::vector<std::string> settings = {style(Paint::bold, "Hosts")};
    for (const Setting* setting : catalogue()) settings.push_back("  " + std::string(setting->name));
    Columns columns;
    for (const std::string& host : shown_hosts(audit)) columns.push_back(column(host, cells, style));
    if (columns.empty()) return {};
    const std::size_t fewest = blocks(columns, columns.size(), style).size();
    std::string out;
    for (Columns& one : blocks(columns, (columns.size() + fewest - 1) / fewest, style)) {
        one.insert(one.begin(), settings);
        out += block(one, style);
    }
    return out;
}

// Those of one setting that ended at one time under one owner are shown together.
std::string expired_text(const Audit& audit, const Style& style) {
    constexpr std::size_t hosts_named = 5;
    std::string out;
    for (const auto& group : by_key(audit.expired, [](const Exception* one) {
             return std::tuple(one->setting, std::string_view(one->until_text), std::string_view(one->owner));
         })) {
        const Exception& first = **group.front();
        const std::string hosts = fairway::text::some(
            group, hosts_named, [](const Exception* const* one) { return fairway::text::printable((*one)->host); });
        out += style(Paint::warn,
                     wrapped(fmt::format("the exception for {} {} ended {} ({}): its rule applies again", hosts,
                                         first.setting->name, first.until_text, fairway::text::printable(first.owner)),
                             style, "  ", 4));
    }
    return out;
}

std::string told(const Audit& audit, const Style& style, const Detail& detail) {
    const std::string out = findings_text(audit.findings, &audit.policy, style, detail) +
                            text(audit.estate_findings, style, detail) + expired_text(audit, style);
    return out.empty() ? out : style(Paint::bold, "Findings") + "\n" + out;
}

}  // namespace

std::size_t Audit::count(Verdict verdict) const {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.verdict == verdict; }));
}

// Of a small estate what a person wants to know last stands at the end, where the eye is; of a large one it stands
// first.
std::string text(const Audit& audit, const Style& style, const Detail& detail) {
    const std::string findings = told(audit, style, detail);
    const std::string paths = paths_text(audit.matrices, audit.domains, style, detail);
    const auto part = [](const std::string& text) { return text.empty() ? text : "\n" + text; };
    std::string out = not_covered_text(not_covered(audit.inventory), style) + summary_text(audit, style);
    if (!is_large(audit))
        return out + "\n" + hosts_text(audit, style) + paths + (paths.empty() ? findings : part(findings));
    out += part(findings) + part(paths);
    if (detail.full) return out + "\n" + hosts_text(audit, style);
    return findings.empty()
               ? out
               : out + "\n" + wrapped("--full shows each finding alone and the hosts side by side.", style, "", 0);
}

Json json(const Audit& audit, bool all) {
    Json out = {{"estate", audit.inventory.estate},           {"policy", audit.policy.name},
                {"policy_file", audit.policy.file},           {"policy_sha256", audit.policy.digest},
                {"inventory_sha256", audit.inventory.digest}, {"sources", audit.snapshot.sources}};
    Json& included = out["included_files"] = Json::array();
    for (const IncludedFile& one : audit.policy.included)
        included.push_back({{"file", one.file}, {"sha256", one.digest}});
    out["paths"] = to_json(fairway::count(audit.matrices));
    out["not_covered"] = to_json(not_covered(audit.inventory));
    std::map<std::string_view, std::int64_t> verdicts;
    Json& findings = out["findings"] = Json::array();
    for (const Finding& finding : audit.findings) {
        ++verdicts[name(finding.verdict)];
        if (all || finding.verdict != Verdict::compliant) findings.push_back(to_json(finding, &audit.policy));
    }
    out["verdicts"] = Json::object();
    for (const auto& [verdict, n] : verdicts) out["verdicts"][std::string(verdict)] = n;
    out["equal_findings"] = equal_findings_json(audit.findings, audit.policy);
    out["unread"] = unread_json(audit.findings);
    out["hosts"] = covered_json(audit.inventory);
    out["estate_findings"] = json(audit.estate_findings);
    out["matrices"] = Json::array();
    for (const Matrix& matrix : audit.matrices) out["matrices"].push_back(to_json(matrix));
    out["expired_exceptions"] = Json::array();
    for (const Exception* exception : audit.expired)
        out["expired_exceptions"].push_back({{"host", exception->host},
                                             {"setting", exception->setting->name},
                                             {"until", exception->until_text},
                                             {"owner", exception->owner}});
    return out;
}

}  // namespace fairway::report
