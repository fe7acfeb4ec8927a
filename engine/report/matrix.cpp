// See matrix.hpp.
#include "engine/report/matrix.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/report/layout.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t hosts_drawn = 16;      // of a migration domain that is drawn without --paths
constexpr std::size_t all_hosts_drawn = 64;  // of all of them together
constexpr std::size_t rows_shown = 20;       // migration domains that are summed up in a line each
constexpr std::size_t worst_named = 3;       // that such a line names
constexpr std::size_t domains_named = 5;

std::int64_t all(const PathCount& paths) { return paths.open + paths.closed + paths.unknown; }

std::string cell(PathState state, const Style& style) {
    if (state == PathState::open) return style(Paint::good, "■");
    return state == PathState::closed ? style(Paint::bad, "✗") : style(Paint::warn, "?");
}

// From hosts down, to hosts across; in as many blocks as it takes to stay within the columns.
std::string drawn(const Matrix& matrix, const Style& style) {
    const std::size_t n = matrix.hosts.size(), columns = columns_of(style);
    const std::size_t digits = std::max<std::size_t>(2, std::to_string(n).size());
    std::size_t widest = 0;
    for (const std::string& host : matrix.hosts) widest = std::max(widest, style.width(host));
    const std::size_t name = style.columns == 0 ? widest : std::min(widest, std::max<std::size_t>(columns / 3, 12));
    const std::size_t head = 2 + digits + 1 + name, room = columns > head ? (columns - head) / (digits + 1) : 1;
    const std::size_t block = std::max<std::size_t>(room, 8);
    std::string out = fmt::format("  {}  from ↓ to →\n", fairway::text::printable(matrix.domain));
    for (std::size_t first = 0; first < n; first += block) {
        const std::size_t last = std::min(n, first + block);
        std::string header(head, ' ');
        for (std::size_t to = first; to < last; ++to) header += fmt::format(" {:0{}}", to + 1, digits);
        out += header + "\n";
        for (std::size_t from = 0; from < n; ++from) {
            std::string line =
                fmt::format("  {:0{}} {}", from + 1, digits,
                            style.pad(style.cut(fairway::text::printable(matrix.hosts[from]), name), name));
            for (std::size_t to = first; to < last; ++to)
                line += std::string(digits, ' ') + (from == to ? "·" : cell(matrix.state(from * n + to), style));
            out += line + "\n";
        }
    }
    return out;
}

std::string most_closed(const DomainPaths& domain) {
    if (domain.closed.empty()) return {};
    std::vector<std::string> hosts;
    const auto weight = [](const HostPaths& one) { return one.out + one.in; };
    for (const HostPaths& one : domain.closed)  // the others are their peers, mostly
        if (hosts.size() < worst_named && 2 * weight(one) >= weight(domain.closed[0]))
            hosts.push_back(fmt::format("{} ({} out, {} in)", fairway::text::printable(one.host), one.out, one.in));
    std::string out = "closed most at " + fairway::text::join(hosts, ", ");
    if (!domain.condition.empty())
        out += fmt::format("; `{}` closes {} of {}", domain.condition, domain.by_condition, domain.paths.closed);
    return out;
}

std::string names(const std::vector<const DomainPaths*>& domains) {
    return fairway::text::some(domains, domains_named,
                               [](const DomainPaths* one) { return fairway::text::printable(one->domain); });
}

// "west" or "17 migration domains (a, b, …)", and what is so of all their paths.
std::string alike(const std::vector<const DomainPaths*>& domains, std::string_view what, const Style& style) {
    if (domains.empty()) return {};
    std::int64_t paths = 0;
    for (const DomainPaths* one : domains) paths += all(one->paths);
    const std::string who = domains.size() == 1
                                ? fairway::text::printable(domains[0]->domain)
                                : fmt::format("{} migration domains ({})", domains.size(), names(domains));
    return wrapped(fmt::format("{}: {}", who, fmt::format(fmt::runtime(what), paths)), style, "  ", 4);
}

// Those with closed or unknown paths have a line each, the worst first.
std::string summed_up(std::vector<const DomainPaths*> domains, const Style& style, const Detail& detail) {
    std::stable_sort(domains.begin(), domains.end(), [](const DomainPaths* a, const DomainPaths* b) {
        return std::pair(a->paths.closed, a->paths.unknown) > std::pair(b->paths.closed, b->paths.unknown);
    });
    const std::size_t shown = detail.full ? domains.size() : std::min(domains.size(), rows_shown);
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < shown; ++i) {
        const PathCount& paths = domains[i]->paths;
        rows.push_back({fairway::text::printable(domains[i]->domain),
                        fmt::format("{} of {} open", paths.open, all(paths)),
                        paths.unknown > 0 ? fmt::format("{} unknown", paths.unknown) : "", most_closed(*domains[i])});
    }
    std::string out = broken_table(rows, style, "  ");
    if (shown < domains.size())
        out +=
            wrapped(fmt::format("and {} more with closed or unknown paths; --full shows all", domains.size() - shown),
                    style, "  ", 4);
    return out;
}

char letter(PathState state) { return state == PathState::open ? 'o' : state == PathState::closed ? 'x' : '?'; }

}  // namespace

std::string paths_text(const std::vector<Matrix>& matrices, const std::vector<DomainPaths>& domains, const Style& style,
                       const Detail& detail) {
    const PathCount paths = fairway::count(matrices);
    if (all(paths) == 0) return {};
    std::string out = fmt::format("Paths  {} of {} open{}\n", paths.open, all(paths),
                                  paths.unknown > 0 ? fmt::format(", {} unknown", paths.unknown) : "");
    std::size_t hosts = 0;
    for (const DomainPaths& one : domains) hosts += one.hosts;
    std::vector<const DomainPaths*> rest, open, unknown;
    for (std::size_t i = 0; i < domains.size(); ++i) {
        const DomainPaths& one = domains[i];
        if (all(one.paths) == 0) continue;
        if (one.paths.unknown == all(one.paths)) unknown.push_back(&one);
        else if (detail.paths || (one.hosts <= hosts_drawn && hosts <= all_hosts_drawn))
            out += drawn(matrices[i], style);
        else (one.paths.open == all(one.paths) ? open : rest).push_back(&one);
    }
    const bool summed = !rest.empty();
    out += summed_up(std::move(rest), style, detail) + alike(open, "all {} paths are open", style) +
           alike(unknown, "nothing is known of {} paths", style);
    return summed ? out + "  --paths draws each migration domain\n" : out;
}

Json to_json(const PathCount& paths) {
    return {{"open", paths.open}, {"closed", paths.closed}, {"unknown", paths.unknown}};
}

// One letter for each path, one text for each host that it starts from: a large estate has millions of them.
Json to_json(const Matrix& matrix) {
    const std::size_t n = matrix.hosts.size();
    Json rows = Json::array();
    for (std::size_t from = 0; from < n; ++from) {
        std::string row;
        for (std::size_t to = 0; to < n; ++to) row += from == to ? '-' : letter(matrix.state(from * n + to));
        rows.push_back(std::move(row));
    }
    return {{"migration_domain", matrix.domain}, {"hosts", matrix.hosts}, {"rows", std::move(rows)}};
}

}  // namespace fairway::report
