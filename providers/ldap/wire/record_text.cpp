// See record.hpp. What of a directory's values may be published: by their form and their attribute.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/ldap/wire/record.hpp"

namespace fairway::ldap {
namespace {

using Kind = StandIns::Kind;

// Steps of names that every directory has.
constexpr std::array<std::string_view, 22> steps_of_all = {"Computers",
                                                           "Users",
                                                           "Configuration",
                                                           "Schema",
                                                           "Services",
                                                           "Windows NT",
                                                           "Directory Service",
                                                           "Partitions",
                                                           "Sites",
                                                           "Servers",
                                                           "NTDS Settings",
                                                           "Default-First-Site-Name",
                                                           "Domain Controllers",
                                                           "Deleted Objects",
                                                           "System",
                                                           "Builtin",
                                                           "ForestDnsZones",
                                                           "DomainDnsZones",
                                                           "Policies",
                                                           "Subnets",
                                                           "Managed Service Accounts",
                                                           "Query-Policies"};
// Attributes whose words are the directory's own.
constexpr std::array<std::string_view, 6> words_of_all = {"objectClass",  "supportedSASLMechanisms", "sPNMappings",
                                                          "dSHeuristics", "supportedLDAPPolicies",   "NtVer"};

// Classes of service principal names that are no estate's own.
constexpr std::array<std::string_view, 18> service_classes = {"HOST",
                                                              "cifs",
                                                              "HTTP",
                                                              "WSMAN",
                                                              "ldap",
                                                              "GC",
                                                              "DNS",
                                                              "krbtgt",
                                                              "TERMSRV",
                                                              "RestrictedKrbHost",
                                                              "MSSQLSvc",
                                                              "nfs",
                                                              "MSServerCluster",
                                                              "MSServerClusterMgmtAPI",
                                                              "MSClusterVirtualServer",
                                                              "Microsoft Virtual System Migration Service",
                                                              "Microsoft Virtual Console Service",
                                                              "Hyper-V Replica Service"};

template <class List>
bool is_in(const List& list, std::string_view what) {
    return std::any_of(list.begin(), list.end(), [&](std::string_view one) { return text::same_folded(one, what); });
}

bool is_dn(std::string_view value) {
    const auto equals = value.find('=');
    return equals != value.npos && equals > 0 && equals < 20 &&
           std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(equals),
                       [](char c) { return text::is_alnum(c) || c == '-' || c == '.'; });
}

// HOST/hv01.corp.example:1433/corp.example
std::string spn(std::string_view value, StandIns& names) {
    std::string out;
    for (bool first = true; !value.empty(); first = false) {
        const auto end = std::min(value.find_first_of("/:@"), value.size());
        const std::string_view part = value.substr(0, end);
        const bool kept = part.empty() || (first && is_in(service_classes, part));
        out += kept ? std::string(part) : names.by_form_or(part, Kind::name);
        if (end < value.size()) out += value[end];
        value.remove_prefix(std::min(end + 1, value.size()));
    }
    return out;
}

// Up to the comma that parts the steps; a comma behind a backslash is part of the value.
std::size_t end_of_step(std::string_view dn) {
    for (std::size_t at = 0; at < dn.size(); ++at)
        if (dn[at] == '\\') ++at;
        else if (dn[at] == ',') return at;
    return dn.size();
}

}  // namespace

std::string publishable_dn(std::string_view dn, StandIns& names) {
    std::string out;
    while (!dn.empty()) {
        const auto end = end_of_step(dn);
        const std::string_view step = dn.substr(0, end);
        const auto equals = std::min(step.find('='), step.size());
        const std::string_view value = step.substr(std::min(equals + 1, step.size()));
        if (equals == step.size()) out += names.of(step, Kind::name);
        else
            out += fmt::format("{}={}", step.substr(0, equals),
                               is_in(steps_of_all, value) ? std::string(value) : names.by_form_or(value, Kind::name));
        if (end < dn.size()) out += ',';
        dn.remove_prefix(std::min(end + 1, dn.size()));
    }
    return out;
}

std::string publishable_value(std::string_view attribute, std::string_view value, StandIns& names) {
    attribute = attribute.substr(0, attribute.find(';'));
    if (!text::is_clean_utf8(value)) return fmt::format("({} bytes)", value.size());
    if (is_in(words_of_all, attribute)) return std::string(value);
    if (auto kept = names.by_form(value)) return *kept;
    if (text::matches("*Z", value) && value.find_first_not_of("0123456789.Z") == value.npos) return std::string(value);
    if (is_dn(value)) return publishable_dn(value, names);
    if (value.find('/') != value.npos) return spn(value, names);
    if (value.ends_with('$')) return names.of(value.substr(0, value.size() - 1), Kind::host) + "$";
    return names.of(value, Kind::name);
}

// Between a sign and the parenthesis behind it stands a value, whose stars and escapes are the filter's (RFC 4515).
std::string publishable_filter(std::string_view filter, StandIns& names) {
    std::string out;
    while (!filter.empty()) {
        const auto equals = std::min(filter.find('='), filter.size());
        const std::string_view before = filter.substr(0, equals);
        out += before;
        filter.remove_prefix(equals);
        if (filter.empty()) break;
        const auto end = std::min(filter.find(')'), filter.size());
        std::string_view attribute = before.substr(before.find_last_of("()&|!") + 1);
        attribute = attribute.substr(0, attribute.find_first_of("<>~:"));
        std::string_view value = filter.substr(1, end - 1);
        out += '=';
        while (!value.empty()) {
            const auto star = std::min(value.find('*'), value.size());
            const std::string_view piece = value.substr(0, star);
            if (piece.find('\\') != piece.npos) out += fmt::format("(escaped, {} characters)", piece.size());
            else if (!piece.empty()) out += publishable_value(attribute, piece, names);
            if (star < value.size()) out += '*';
            value.remove_prefix(std::min(star + 1, value.size()));
        }
        filter.remove_prefix(end);
    }
    return out;
}

}  // namespace fairway::ldap
