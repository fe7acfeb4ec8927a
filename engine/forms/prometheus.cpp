// See prometheus.hpp.
#include "engine/forms/prometheus.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/base/timestamp.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/series.hpp"

namespace fairway::forms {
namespace {

constexpr std::array levels = {"critical", "high", "medium", "low"};
std::string of_findings(const Json& result, const std::string& estate) {
    std::map<std::pair<std::string, std::string>, std::int64_t> of_host;
    std::map<std::string, std::int64_t> all, about;
    for (const Json& one : part_of(result, "findings")) {
        if (text_of(one, "verdict") != "drifted") continue;
        ++of_host[{text_of(one, "object"), text_of(one, "severity")}];
        ++all[text_of(one, "severity")];
    }
    for (const Json& one : part_of(result, "estate_findings")) ++about[text_of(one, "severity")];
    Family findings("audit_findings", "Values that differ from the policy, by severity."),
        estates("audit_estate_findings", "Findings about the estate as a whole, by severity."),
        hosts("audit_host_findings", "Values of a host that differ from the policy; of hosts that have some."),
        values("audit_values", "Values that the policy speaks of, by what was found.");
    for (const char* level : levels) {
        findings.add({{"estate", estate}, {"severity", level}}, all[level]);
        estates.add({{"estate", estate}, {"severity", level}}, about[level]);
    }
    for (const auto& [key, n] : of_host)
        hosts.add({{"estate", estate}, {"host", key.first}, {"severity", key.second}}, n);
    for (const auto& [verdict, n] : part_of(result, "verdicts").items())
        values.add({{"estate", estate}, {"verdict", verdict}}, n.get<std::int64_t>());
    return findings.print() + estates.print() + hosts.print() + values.print();
}

std::string of_paths(const Json& result, const std::string& estate) {
    constexpr std::array states = {std::pair("open", 'o'), std::pair("closed", 'x'), std::pair("unknown", '?')};
    Family all("paths", "Ordered pairs of hosts between which a VM can move, cannot move, or may not be able to."),
        domains("domain_paths", "The same for each migration domain.");
    for (const auto& [state, letter] : states)
        all.add({{"estate", estate}, {"state", state}}, number_of(part_of(result, "paths"), state));
    for (const Json& matrix : part_of(result, "matrices"))
        for (const auto& [state, letter] : states) {
            std::int64_t n = 0;
            for (const Json& row : part_of(matrix, "rows"))
                for (const char c : row.get_ref<const std::string&>()) n += c == letter ? 1 : 0;
            domains.add(
                {{"estate", estate}, {"migration_domain", text_of(matrix, "migration_domain")}, {"state", state}}, n);
        }
    return all.print() + domains.print();
}

std::string of_ground(const Json& result, const std::string& estate) {
    Family uncovered("hosts_not_covered", "Hosts of the inventory that the audit leaves out."),
        read("audit_all_read", "1 if every value could be read."),
        glass("break_glass_runs", "Runs of break-glass that are open, or past their end.");
    std::int64_t hosts = 0;
    std::map<std::string, std::int64_t> runs = {{"open", 0}, {"past", 0}};
    for (const Json& one : part_of(result, "not_covered"))
        hosts += static_cast<std::int64_t>(part_of(one, "hosts").size());
    for (const Json& one : part_of(result, "break_glass")) ++runs[text_of(one, "state")];
    uncovered.add({{"estate", estate}}, hosts);
    read.add({{"estate", estate}}, is_set(result, "all_read") ? 1 : 0);
    for (const auto& [state, n] : runs) glass.add({{"estate", estate}, {"state", state}}, n);
    return uncovered.print() + read.print() + glass.print();
}

// Runs of the journal, by how they ended: `open` has no end, because it runs now or was killed.
std::string of_history(const Json& result) {
    struct Ended {
        std::int64_t runs = 0, last = 0;
    };
    std::map<std::pair<std::string, std::string>, Ended> ended;
    for (const Json& run : part_of(result, "runs")) {
        const std::string end = text_of(run, "end");
        Ended& of = ended[{text_of(run, "estate"), end.empty() ? "open" : end}];
        ++of.runs;
        if (const auto at = parse_timestamp(text_of(run, end.empty() ? "started" : "ended")))
            of.last = std::max(of.last, *at);
    }
    Family runs("runs", "Runs of the journal, by their end."),
        last("run_last_timestamp_seconds", "When the last of them ended or, where it is open, began.");
    for (const auto& [key, of] : ended) {
        runs.add({{"estate", key.first}, {"end", key.second}}, of.runs);
        last.add({{"estate", key.first}, {"end", key.second}}, of.last);
    }
    return runs.print() + last.print();
}

}  // namespace

std::string prometheus(const Json& result) {
    const bool good = part_of(result, "error").empty();
    if (text_of(result, "command") == "history") return good ? of_history(result) : std::string();
    const std::string estate = text_of(result, "estate");
    Family success("audit_success", "1 if the last audit came to a result."),
        status("audit_exit_status", "Its exit status, as fairway(1) lists them."),
        when("audit_timestamp_seconds", "When it was made, in seconds since 1970."),
        build("build_info", "The version that made it.");
    success.add({{"estate", estate}}, good ? 1 : 0);
    status.add({{"estate", estate}}, number_of(result, "exit"));
    if (const auto at = parse_timestamp(text_of(result, "time"))) when.add({{"estate", estate}}, *at);
    build.add({{"version", text_of(result, "version")}}, 1);
    const std::string parts =
        good ? of_findings(result, estate) + of_paths(result, estate) + of_ground(result, estate) : std::string();
    return success.print() + status.print() + when.print() + build.print() + parts;
}

}  // namespace fairway::forms
