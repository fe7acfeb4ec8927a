// See audit.hpp.
#include "engine/report/audit.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "engine/model/value_json.hpp"
#include "engine/plan/comparators.hpp"
#include "engine/report/estate.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t hosts_in_a_block = 8;   // fits 120 columns
constexpr std::size_t hosts_in_a_table = 24;  // beyond that, only the odd ones are shown
constexpr std::size_t hosts_in_a_matrix = 32;

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

Paint paint_of(Verdict verdict) {
    if (verdict == Verdict::drifted) return Paint::bad;
    return verdict == Verdict::compliant ? Paint::plain : Paint::warn;
}

// The worst finding at each address: what a cell shows.
std::map<Address, const Finding*> worst(const std::vector<Finding>& findings) {
    std::map<Address, const Finding*> out;
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
        const bool long_set = set && (set->size() > 1 || finding.address.kind() == Kind::computer);
        text = long_set ? std::to_string(set->size()) : show(*finding.address.setting, *finding.held);
    }
    return style(paint_of(finding.verdict), text + std::string(mark(finding.verdict)));
}

std::vector<std::string> shown_hosts(const Audit& audit) {
    std::set<std::string> odd;
    for (const Finding& finding : audit.findings)
        if (finding.verdict != Verdict::compliant) odd.insert(finding.address.object);
    const bool all = audit.inventory.hosts.size() <= hosts_in_a_table;
    std::vector<std::string> out;
    for (const Host& host : audit.inventory.hosts)
        if (out.size() < hosts_in_a_table && (all || odd.contains(host.name))) out.push_back(host.name);
    return out;
}

std::string hosts_text(const Audit& audit, const Style& style) {
    const auto cells = worst(audit.findings);
    const std::vector<std::string> hosts = shown_hosts(audit);
    std::string out;
    for (std::size_t first = 0; first < hosts.size(); first += hosts_in_a_block) {
        const std::size_t last = std::min(first + hosts_in_a_block, hosts.size());
        std::vector<std::vector<std::string>> rows = {{style(Paint::bold, "Hosts")}};
        for (std::size_t i = first; i < last; ++i) rows[0].push_back(style(Paint::bold, hosts[i]));
        for (const Setting* setting : catalogue()) {
            std::vector<std::string> row = {"  " + std::string(setting->name)};
            bool any = false;
            for (std::size_t i = first; i < last; ++i) {
                const auto it = cells.find({hosts[i], setting});
                row.push_back(it == cells.end() ? "" : cell(*it->second, style));
                any = any || it != cells.end();
            }
            if (any) rows.push_back(std::move(row));
        }
        out += style.table(rows, "") + "\n";
    }
    if (hosts.size() < audit.inventory.hosts.size())
        out += fmt::format("{} of {} hosts are shown: those with findings, {} at most; --output json has all.\n\n",
                           hosts.size(), audit.inventory.hosts.size(), hosts_in_a_table);
    return out;
}

char letter(PathState state) { return state == PathState::open ? 'o' : state == PathState::closed ? 'x' : '?'; }

std::string place(const Finding& finding, const std::string& file) {
    if (finding.where.line == 0) return "";
    return fmt::format("{}:{}", file, finding.where.line);
}

std::string tally(const Audit& audit) {
    std::map<Severity, std::size_t, std::greater<>> by_severity;
    for (const Finding& finding : audit.findings)
        if (finding.verdict == Verdict::drifted) ++by_severity[finding.severity];
    for (const EstateFinding& finding : audit.estate_findings) ++by_severity[severity_of(finding.fault)];
    const std::size_t all = audit.count(Verdict::drifted) + audit.estate_findings.size();
    const bool all_known = audit.count(Verdict::unknown) + audit.count(Verdict::unreadable) == 0;
    if (all == 0) return all_known ? "No drift." : "No drift in what is known.";
    std::vector<std::string> parts;
    for (const auto& [severity, n] : by_severity) parts.push_back(fmt::format("{} {}", n, name(severity)));
    return fmt::format("{}: {}", count(all, "finding"), text::join(parts, ", "));
}

}  // namespace

std::size_t Audit::count(Verdict verdict) const {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.verdict == verdict; }));
}

std::string matrix_text(const Matrix& matrix, const Style& style) {
    const std::size_t n = matrix.hosts.size();
    if (n > hosts_in_a_matrix) return fmt::format("  {}: {} hosts, too many to draw\n", matrix.domain, n);
    std::size_t widest = 0;
    for (const std::string& host : matrix.hosts) widest = std::max(widest, host.size());
    std::string out = fmt::format("  {}  from ↓ to →\n", matrix.domain);
    std::string header(widest + 4, ' ');
    for (std::size_t to = 0; to < n; ++to) header += fmt::format(" {:02}", to + 1);
    out += header + "\n";
    for (std::size_t from = 0; from < n; ++from) {
        std::string line = fmt::format("  {:02} {}", from + 1, style.pad(matrix.hosts[from], widest));
        for (std::size_t to = 0; to < n; ++to) {
            const PathState state = matrix.states[from * n + to];
            if (from == to) line += "  ·";
            else if (state == PathState::open) line += "  " + style(Paint::good, "■");
            else if (state == PathState::closed) line += "  " + style(Paint::bad, "✗");
            else line += "  " + style(Paint::warn, "?");
        }
        out += line + "\n";
    }
    return out;
}

std::string findings_text(const std::vector<Finding>& findings, const std::string& policy_file, const Style& style) {
    std::vector<const Finding*> sorted;
    for (const Finding& finding : findings)
        if (finding.verdict != Verdict::compliant) sorted.push_back(&finding);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Finding* a, const Finding* b) {
        if ((a->verdict == Verdict::drifted) != (b->verdict == Verdict::drifted)) return a->verdict == Verdict::drifted;
        return a->severity > b->severity;
    });
    std::vector<std::vector<std::string>> rows;
    for (const Finding* finding : sorted) {
        const std::string_view word =
            finding->verdict == Verdict::drifted ? name(finding->severity) : name(finding->verdict);
        // What may be long stands last, so that it widens no column.
        rows.push_back({style(paint_of(finding->verdict), word), finding->address.object,
                        std::string(finding->address.setting->name), fairway::text::printable(finding->rule),
                        place(*finding, policy_file), fairway::text::printable(finding->because)});
    }
    return style.table(rows, "  ");
}

std::string text(const Audit& audit, const Style& style) {
    std::string out = hosts_text(audit, style);
    const PathCount paths = fairway::count(audit.matrices);
    const std::int64_t all = paths.open + paths.closed + paths.unknown;
    if (all > 0) {
        out += fmt::format("Paths  {} of {} open{}\n", paths.open, all,
                           paths.unknown > 0 ? fmt::format(", {} unknown", paths.unknown) : "");
        for (const Matrix& matrix : audit.matrices) out += matrix_text(matrix, style);
        out += "\n";
    }
    out += tally(audit);
    if (const std::size_t n = audit.count(Verdict::unreadable))
        out += fmt::format("  {} could not be read, and {} not known to comply.", count(n, "value"),
                           n == 1 ? "is" : "are");
    if (const std::size_t n = audit.count(Verdict::unknown))
        out += fmt::format("  {} unknown, and {} not known to comply.", count(n, "finding"), n == 1 ? "is" : "are");
    out += "\n" + findings_text(audit.findings, audit.policy.file, style) + text(audit.estate_findings, style);
    for (const Exception* exception : audit.expired)
        out += style(Paint::warn,
                     fmt::format("  the exception for {} {} ended {} ({}): its rule applies again", exception->host,
                                 exception->setting->name, exception->until_text, exception->owner)) +
               "\n";
    return out;
}

Json to_json(const PathCount& paths) {
    return {{"open", paths.open}, {"closed", paths.closed}, {"unknown", paths.unknown}};
}

Json to_json(const Finding& finding) {
    Json out = {{"object", finding.address.object},
                {"kind", name(finding.address.kind())},
                {"setting", finding.address.setting->name},
                {"verdict", name(finding.verdict)},
                {"severity", name(finding.severity)},
                {"rule", finding.rule},
                {"because", finding.because}};
    if (finding.held) out["held"] = fairway::to_json(*finding.held);
    if (finding.remedy) out["remedy"] = fairway::to_json(*finding.remedy);
    if (finding.where.line != 0) out["line"] = finding.where.line;
    return out;
}

// One letter for each path, one text for each host that it starts from: a large estate has millions of them.
Json to_json(const Matrix& matrix) {
    const std::size_t n = matrix.hosts.size();
    Json rows = Json::array();
    for (std::size_t from = 0; from < n; ++from) {
        std::string row;
        for (std::size_t to = 0; to < n; ++to)
            row += from == to ? '-' : letter(matrix.states[from * n + to]);
        rows.push_back(std::move(row));
    }
    return {{"migration_domain", matrix.domain}, {"hosts", matrix.hosts}, {"rows", std::move(rows)}};
}

Json json(const Audit& audit, bool all) {
    Json out = {{"estate", audit.inventory.estate},
                {"policy", audit.policy.name},
                {"policy_sha256", audit.policy.digest},
                {"inventory_sha256", audit.inventory.digest},
                {"sources", audit.snapshot.sources}};
    out["paths"] = to_json(fairway::count(audit.matrices));
    std::map<std::string_view, std::int64_t> verdicts;
    Json& findings = out["findings"] = Json::array();
    for (const Finding& finding : audit.findings) {
        ++verdicts[name(finding.verdict)];
        if (all || finding.verdict != Verdict::compliant) findings.push_back(to_json(finding));
    }
    out["verdicts"] = Json::object();
    for (const auto& [verdict, n] : verdicts) out["verdicts"][std::string(verdict)] = n;
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
