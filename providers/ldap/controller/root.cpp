// See root.hpp. Fact: LDAP-6.
#include "providers/ldap/controller/root.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/identity/guid.hpp"
#include "providers/ldap/wire/result.hpp"
#include "providers/ldap/wire/searches.hpp"

namespace fairway::ldap {
namespace {

constexpr std::string_view partial_secrets = "1.2.840.113556.1.4.1920";  // MS-ADTS 3.1.1.3.4.3: an RODC

std::optional<std::int64_t> number(std::string_view text) {
    const auto out = text::number<std::int64_t>(text);
    return out && *out >= 0 ? out : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_time_s(std::string_view text) {
    const auto number = [&](std::size_t at, std::size_t length) {
        int value = 0;
        for (char c : text.substr(at, length)) value = c >= '0' && c <= '9' && value >= 0 ? value * 10 + (c - '0') : -1;
        return value;
    };
    if (text.size() < 15 || text.size() > 24 || text.back() != 'Z' || (text[14] != '.' && text.size() != 15))
        return std::nullopt;
    const int month = number(4, 2), day = number(6, 2);
    const int hour = number(8, 2), minute = number(10, 2), second = number(12, 2);
    const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    const bool in_range = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
    if (number(0, 4) < 1970 || month < 0 || day < 0 || !date.ok() || !in_range) return std::nullopt;
    const auto midnight = std::chrono::sys_days(date).time_since_epoch();
    return std::chrono::seconds(midnight).count() + hour * 3600 + minute * 60 + second;
}

Result<Root> read_root(ReadWire& wire) {
    const Result<Entry> entry =
        read_object(wire, "",
                    {"dnsHostName", "defaultNamingContext", "configurationNamingContext", "dsServiceName",
                     "supportedSASLMechanisms", "currentTime", "isSynchronized", "supportedCapabilities",
                     "domainFunctionality", "domainControllerFunctionality"});
    if (!entry) return tl::unexpected(entry.error());
    Root root;
    const std::array<std::pair<std::string_view, std::string*>, 4> texts = {{
        {"dnsHostName", &root.dns_name},
        {"defaultNamingContext", &root.default_context},
        {"configurationNamingContext", &root.configuration_context},
        {"dsServiceName", &root.server_object},
    }};
    for (const auto& [name, target] : texts) {
        *target = first_value(*entry, name);
        if (!text::is_clean_utf8(*target))
            return fail(Code::protocol, fmt::format("the server's {} is no plain text", name));
    }
    root.dns_name = text::fold(printable(root.dns_name));
    if (root.default_context.empty() || root.configuration_context.empty())
        return fail(Code::unsupported,
                    "the server has no default naming context: it is no domain controller of "
                    "Active Directory");
    if (const Attribute* mechanisms = find(*entry, "supportedSASLMechanisms")) root.mechanisms = mechanisms->values;
    root.domain_level = number(first_value(*entry, "domainFunctionality"));
    root.server_level = number(first_value(*entry, "domainControllerFunctionality"));
    if (const Attribute* able = find(*entry, "supportedCapabilities"))
        root.read_only = std::find(able->values.begin(), able->values.end(), partial_secrets) != able->values.end();
    root.time_s = parse_time_s(first_value(*entry, "currentTime"));
    root.synchronized = !text::same_folded(first_value(*entry, "isSynchronized"), "FALSE");
    return root;
}

Result<Moment> read_moment(ReadWire& wire) {
    const Result<Entry> entry = read_object(wire, "", {"highestCommittedUSN", "tokenGroups"});
    if (!entry) return tl::unexpected(entry.error());
    const auto usn = number(first_value(*entry, "highestCommittedUSN"));
    if (!usn) return fail(Code::protocol, "the server does not say its highestCommittedUSN");
    Moment out{.highest_usn = *usn, .viewer = {}};
    const Attribute* groups = find(*entry, "tokenGroups");
    if (!groups || groups->values.empty()) return out;
    std::vector<std::string> sids = groups->values;
    std::sort(sids.begin(), sids.end());
    std::string all;
    for (const std::string& sid : sids) all += fmt::format("{}:", sid.size()) + sid;
    out.viewer = sha256(all);
    return out;
}

Result<std::string> read_invocation(ReadWire& wire, const std::string& server_object) {
    if (server_object.empty()) return std::string();
    const Result<Entry> entry = read_object(wire, server_object, {"invocationId"});
    if (!entry && entry.error().code != Code::not_found) return tl::unexpected(entry.error());
    const std::string bytes = entry ? first_value(*entry, "invocationId") : std::string();
    if (bytes.empty()) return bytes;
    return parse_guid(bytes).map(show_guid);
}

std::string forest_settings(const std::string& configuration_context) {
    constexpr std::array<Rdn, 3> steps = {{{"CN", "Directory Service"}, {"CN", "Windows NT"}, {"CN", "Services"}}};
    return dn(steps, configuration_context);
}

Result<std::string> read_heuristics(ReadWire& wire, const std::string& configuration_context) {
    return read_object(wire, forest_settings(configuration_context), {"dSHeuristics"}).map([](const Entry& entry) {
        return first_value(entry, "dSHeuristics");
    });
}

bool modifies_permissively(std::string_view heuristics) { return heuristics.size() >= 5 && heuristics[4] != '0'; }

Result<void> check_root(const Root& root, const Directory& directory) {
    if (!text::same_folded(root.default_context, naming_context(directory.domain)))
        return fail(
            Code::bad_input,
            fmt::format("{} is a domain controller of {}, and the inventory's domain is {} ({}); delegation "
                        "lists are only on controllers of the accounts' own domain",
                        root.dns_name, root.default_context, directory.domain, naming_context(directory.domain)));
    if (root.domain_level && *root.domain_level < level_2003)
        return fail(
            Code::bad_input,
            fmt::format("{} says that the functional level of its domain is {}, below Windows Server 2003, which "
                        "brought constrained delegation; raise the domain's level first",
                        root.dns_name, *root.domain_level));
    if (!root.synchronized)
        return fail(Code::unreachable, fmt::format("{} says that it is not synchronized yet (isSynchronized is "
                                                   "FALSE), so what it holds may be old",
                                                   root.dns_name));
    if (root.read_only)
        return fail(Code::unsupported, fmt::format("{} is a read-only domain controller: it holds back attributes and "
                                                   "takes no writes; name a writable one in the inventory",
                                                   root.dns_name));
    return {};
}

Result<void> check_own_name(const Root& root, const Directory& directory, std::string_view server) {
    if (directory.bind == Bind::simple || text::same_folded(root.dns_name, server)) return {};
    return fail(
        Code::bad_input,
        fmt::format("{} proved that name and says that its own is {} (dnsHostName); name it so in the inventory's "
                    "`servers`, or correct the name in DNS",
                    server, root.dns_name.empty() ? "none" : root.dns_name));
}

Result<void> check_heuristics(std::string_view heuristics) {
    if (!modifies_permissively(heuristics)) return {};
    return fail(Code::refused,
                "this forest makes every modify permissive (character 5 of dSHeuristics, fLDAPUsePermMod, is set), so "
                "a change by somebody else in the same moment would be overwritten unnoticed; set that character to 0 "
                "on CN=Directory Service,CN=Windows NT,CN=Services of the configuration, then try again");
}

}  // namespace fairway::ldap
