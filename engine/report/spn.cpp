// See spn.hpp. Names and accounts come from a directory: they are made printable on their way to a person.
#include "engine/report/spn.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/names/spn_words.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t hosts_in_full = 8;  // beyond that, a host in order takes one line
constexpr std::size_t hosts_listed = 24;  // beyond that, those in order are only counted

using fairway::text::printable;

bool in_order(const NeededName& needed) {
    return needed.state == NameState::registered || needed.state == NameState::aliased;
}

bool in_order(const HostNames& host) {
    return std::all_of(host.names.begin(), host.names.end(), [](const NeededName& one) { return in_order(one); });
}

std::string state_text(const NeededName& needed) {
    switch (needed.state) {
        case NameState::registered: return "registered";
        case NameState::aliased: return "served by " + needed.by;
        case NameState::missing:
            return needed.by.empty() ? "missing" : fmt::format("missing: there is no {}", needed.by);
        case NameState::elsewhere: return fmt::format("elsewhere: at {}", needed.by);
        case NameState::duplicate: return fmt::format("not unique: at {}", needed.by);
    }
    return {};
}

std::string host_text(const HostNames& host, std::size_t widest, const Style& style) {
    std::string out = fmt::format("{}  {}\n", style(Paint::bold, host.host),
                                  host.dn.empty() ? style(Paint::bad, "no account was found") : printable(host.dn));
    for (const NeededName& needed : host.names)
        out += fmt::format("  {} {}  {}\n", in_order(needed) ? style(Paint::good, "✓") : style(Paint::bad, "✗"),
                           style.pad(needed.name, widest), printable(state_text(needed)));
    return out;
}

std::string hosts_text(const NameHealth& health, const Style& style) {
    std::size_t widest = 0, silent = 0;
    for (const HostNames& host : health.hosts)
        for (const NeededName& needed : host.names) widest = std::max(widest, style.width(needed.name));
    std::string out;
    for (const HostNames& host : health.hosts) {
        const bool fine = in_order(host) && !host.dn.empty();
        if (fine && health.hosts.size() > hosts_listed) ++silent;
        else if (fine && health.hosts.size() > hosts_in_full)
            out += fmt::format("{}  {} all {}\n", style(Paint::bold, host.host), style(Paint::good, "✓"),
                               count(host.names.size(), "name"));
        else out += host_text(host, widest, style);
    }
    if (silent > 0)
        out += fmt::format("{} of {} hosts have all their names; --output json lists them.\n", silent,
                           health.hosts.size());
    return out;
}

Paint paint_of(Severity severity) { return severity >= Severity::high ? Paint::bad : Paint::warn; }

std::string finding_text(const NameFinding& finding, const Style& style) {
    std::string out = fmt::format("  {}  {}{}\n", style(paint_of(finding.severity), name(finding.severity)),
                                  fault_words(finding.fault), finding.host.empty() ? "" : "  " + finding.host);
    for (const std::string& one : finding.names) out += fmt::format("      {}\n", printable(one));
    out += fmt::format("      {}\n      to do: {}\n", printable(finding.because), printable(finding.advice));
    for (const std::string& command : finding.commands) out += fmt::format("        {}\n", command);
    return out;
}

std::string tally(const std::vector<NameFinding>& findings) {
    if (findings.empty()) return "Nothing to do.\n";
    std::map<Severity, std::size_t, std::greater<>> by_severity;
    for (const NameFinding& finding : findings) ++by_severity[finding.severity];
    std::vector<std::string> parts;
    for (const auto& [severity, n] : by_severity) parts.push_back(fmt::format("{} {}", n, name(severity)));
    return fmt::format("{}: {}\n", count(findings.size(), "finding"), fairway::text::join(parts, ", "));
}

Json json(const NameFinding& finding) {
    Json out = {{"fault", name(finding.fault)}, {"severity", name(finding.severity)}, {"names", finding.names},
                {"holders", Json::array()},     {"because", finding.because},         {"advice", finding.advice},
                {"commands", finding.commands}};
    for (const NameHolder& holder : finding.holders)
        out["holders"].push_back({{"account", holder.account},
                                  {"dn", holder.dn},
                                  {"class", holder.object_class},
                                  {"enabled", holder.enabled}});
    if (!finding.host.empty()) out["host"] = finding.host;
    if (!finding.should.empty()) out["should"] = finding.should;
    return out;
}

Json json(const HostNames& host) {
    Json out = {{"host", host.host}, {"names", Json::array()}};
    if (!host.dn.empty()) out["account"] = host.dn;
    for (const NeededName& needed : host.names) {
        Json one = {{"name", needed.name}, {"state", name(needed.state)}};
        if (!needed.by.empty()) one["by"] = needed.by;
        out["names"].push_back(std::move(one));
    }
    return out;
}

}  // namespace

std::string text(const Spn& spn, const Style& style) {
    std::string out = fmt::format("Service principal names of {}, from {}\n", count(spn.health.hosts.size(), "host"),
                                  printable(spn.names.source));
    if (!spn.names.caveat.empty()) out += style(Paint::warn, "! " + printable(spn.names.caveat)) + "\n";
    out += "\n" + hosts_text(spn.health, style) + "\n" + tally(spn.health.findings);
    for (const NameFinding& finding : spn.health.findings) out += finding_text(finding, style);
    return out;
}

Json json(const Spn& spn) {
    Json out = {{"source", spn.names.source}, {"whole_forest", spn.names.caveat.empty()}};
    if (!spn.names.caveat.empty()) out["caveat"] = spn.names.caveat;
    out["hosts"] = Json::array();
    for (const HostNames& host : spn.health.hosts) out["hosts"].push_back(json(host));
    out["findings"] = Json::array();
    for (const NameFinding& finding : spn.health.findings) out["findings"].push_back(json(finding));
    return out;
}

}  // namespace fairway::report
