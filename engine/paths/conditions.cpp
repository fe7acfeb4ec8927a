// See conditions.hpp. How sure each condition is: engine/paths/CONDITIONS.md; WMI-39, WMI-40, WMI-71 to WMI-74, WMI-98.
#include "engine/paths/conditions.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/paths/network.hpp"

namespace fairway {
namespace {

PathState all_of(std::initializer_list<std::optional<bool>> answers) {
    bool unknown = false;
    for (const auto& answer : answers) {
        if (!answer) unknown = true;
        else if (!*answer) return PathState::closed;
    }
    return unknown ? PathState::unknown : PathState::open;
}

PathState same(const std::optional<std::string>& a, const std::optional<std::string>& b) {
    if (!a || !b) return PathState::unknown;
    return text::same_folded(*a, *b) ? PathState::open : PathState::closed;
}

std::string or_unknown(const std::optional<std::string>& text) { return text.value_or("unknown"); }

// Kerberos asks for delegation; with CredSSP at the source the directory has no part in it.
PathState if_kerberos(const End& from, PathState (*then)(const End&, const End&), const End& to) {
    if (!from.authentication) return PathState::unknown;
    return *from.authentication == setting::kerberos ? then(from, to) : PathState::open;
}

bool needs_directory(const End& from) { return !from.authentication || *from.authentication == setting::kerberos; }
constexpr const char* not_needed = "not needed while the source uses CredSSP (somebody must be signed on there)";

Address at(const End& end, const Setting& row) { return {end.host->name, &row}; }
Address nothing(const End&, const End&) { return {}; }

// --- both ends switched on
PathState enabled_state(const End& from, const End& to) { return all_of({from.enabled, to.enabled}); }
std::string enabled_evidence(const End& from, const End& to) {
    std::vector<std::string> off;
    for (const End* end : {&from, &to})
        if (end->enabled == false) off.push_back(end->host->name);
    if (!off.empty()) return fmt::format("migration is off at {}", text::join(off, " and "));
    return "migration is on at both ends";
}
Address enabled_fix(const End& from, const End& to) {
    return at(from.enabled == false ? from : to, setting::migration_enabled);
}

// --- one authentication at both ends
PathState authentication_state(const End& from, const End& to) { return same(from.authentication, to.authentication); }
std::string authentication_evidence(const End& from, const End& to) {
    if (authentication_state(from, to) == PathState::open) return fmt::format("both ends use {}", *from.authentication);
    return fmt::format("authentication differs: {} {}, {} {}", from.host->name, or_unknown(from.authentication),
                       to.host->name, or_unknown(to.authentication));
}
Address authentication_fix(const End& from, const End& to) {
    return at(from.authentication == setting::kerberos ? to : from, setting::migration_authentication);
}

// --- credentials that CredSSP can use: Credential Guard at the source keeps those of whoever is signed on there from
// it
PathState credentials_state(const End& from, const End&) {
    if (from.authentication == setting::kerberos || from.credential_guard == false) return PathState::open;
    return from.authentication && from.credential_guard ? PathState::closed : PathState::unknown;
}
std::string credentials_evidence(const End& from, const End& to) {
    const std::string& host = from.host->name;
    if (from.authentication == setting::kerberos)
        return fmt::format("{} uses kerberos, which Credential Guard permits", host);
    if (credentials_state(from, to) == PathState::open)
        return fmt::format(
            "Credential Guard does not run at {}, so CredSSP can use the credentials of whoever is signed on "
            "there",
            host);
    return fmt::format(
        "{} uses credssp, and Credential Guard runs there: it keeps the credentials of whoever is signed "
        "on from CredSSP, so moves from {} fail; use kerberos",
        host, host);
}
Address credentials_fix(const End& from, const End&) { return at(from, setting::migration_authentication); }

// --- delegation of the source to the destination, in either form (MS-SFU 3.2.5.2): the source's list names the
// destination's services, or the destination's descriptor names the source's account.
PathState listed(const End& from, const End& to) {
    if (!from.delegates_to) return PathState::unknown;
    return (*from.delegates_to)[to.index] == all_names ? PathState::open : PathState::closed;
}
PathState admitted(const End& from, const End& to) {
    if (!to.admits) return PathState::unknown;
    if (to.admits->peers[from.index] != 0) return PathState::open;
    return to.admits->beyond.empty() ? PathState::closed : PathState::unknown;
}
PathState either(PathState a, PathState b) {
    if (a == PathState::open || b == PathState::open) return PathState::open;
    return a == PathState::unknown || b == PathState::unknown ? PathState::unknown : PathState::closed;
}
PathState delegation_state(const End& from, const End& to) {
    return if_kerberos(
        from, [](const End& a, const End& b) { return either(listed(a, b), admitted(a, b)); }, to);
}
std::string missing_services(const End& from, const End& to) {
    const std::uint8_t bits = from.delegates_to ? (*from.delegates_to)[to.index] : std::uint8_t{0};
    std::vector<std::string> missing;
    if (!(bits & cifs_short)) missing.push_back("cifs/" + to.host->name);
    if (!(bits & cifs_full)) missing.push_back("cifs/" + to.host->dns);
    if (!(bits & migration_short)) missing.push_back("migration service/" + to.host->name);
    if (!(bits & migration_full)) missing.push_back("migration service/" + to.host->dns);
    return text::join(missing, ", ");
}
std::string delegation_evidence(const End& from, const End& to) {
    if (!needs_directory(from)) return not_needed;
    if (listed(from, to) == PathState::open)
        return fmt::format("{} may delegate to cifs and the migration service of {} (short and full name)",
                           from.host->name, to.host->name);
    if (admitted(from, to) == PathState::open)
        return fmt::format(
            "{} lets the account of {} act on behalf of others (resource-based delegation, of which "
            "nobody has shown that live migration works with it alone)",
            to.host->name, from.host->name);
    if (admitted(from, to) == PathState::unknown)
        return fmt::format(
            "{} lets {} act on behalf of others; whether {} does so through a group cannot be judged "
            "from here",
            to.host->name, to.admits ? to.admits->beyond : "somebody", from.host->name);
    return fmt::format("{} may not delegate to {}", from.host->name, missing_services(from, to));
}
// Where the destination admits accounts and the source lists nothing, the standard is the resource-based form.
Address delegation_fix(const End& from, const End& to) {
    const auto admits_any = [](const End& end) {
        return end.admits &&
               (!end.admits->beyond.empty() ||
                std::find(end.admits->peers.begin(), end.admits->peers.end(), 1) != end.admits->peers.end());
    };
    if (from.lists_services == false && admits_any(to)) return at(to, setting::delegation_allowed_principals);
    return at(from, setting::delegation_services);
}

// --- a forwardable ticket for the caller (MS-SFU 3.2.5.1.2): without protocol transition none is made for an account
// with a delegation list, whatever is in it; and no form of delegation works without one (MS-SFU 3.2.5.2).
bool only_admitted(const End& from, const End& to) {
    return listed(from, to) == PathState::closed && admitted(from, to) == PathState::open;
}
PathState transition_state(const End& from, const End& to) {
    return if_kerberos(
        from,
        [](const End& a, const End& b) {
            if (!a.transition || *a.transition) return all_of({a.transition});
            if (!a.lists_services) return PathState::unknown;
            if (*a.lists_services || admitted(a, b) == PathState::closed) return PathState::closed;
            return admitted(a, b);
        },
        to);
}
std::string transition_evidence(const End& from, const End& to) {
    if (!needs_directory(from)) return not_needed;
    if (from.transition == true) return fmt::format("{} has protocol transition", from.host->name);
    if (from.lists_services == true && only_admitted(from, to))
        return fmt::format(
            "{} lacks protocol transition and has a delegation list that does not name {}: tickets that "
            "it gets for callers are then not forwardable, so resource-based delegation fails as well; "
            "give it protocol transition, or empty its list",
            from.host->name, to.host->name);
    if (from.lists_services == false && admitted(from, to) == PathState::open)
        return fmt::format(
            "{} lacks protocol transition and needs none, as its delegation list is empty and {} lets "
            "its account act (not shown for live migration)",
            from.host->name, to.host->name);
    return fmt::format("{} lacks protocol transition", from.host->name);
}
Address transition_fix(const End& from, const End&) { return at(from, setting::delegation_protocol_transition); }

// --- names of the destination
PathState names_state(const End& from, const End& to) {
    return if_kerberos(
        from, [](const End&, const End& b) { return all_of({b.own_names}); }, to);
}
std::string names_evidence(const End& from, const End& to) {
    if (!needs_directory(from)) return not_needed;
    return fmt::format("{} of the migration service on {}'s account",
                       to.own_names == true ? "both names" : "a name is missing", to.host->name);
}
Address names_fix(const End&, const End& to) { return at(to, setting::spn_migration); }

// --- the directory knows the destination by the name that the inventory uses
PathState dns_state(const End& from, const End& to) {
    return if_kerberos(
        from,
        [](const End&, const End& b) {
            if (!b.dns_name) return PathState::unknown;
            return text::same_folded(*b.dns_name, b.host->dns) ? PathState::open : PathState::closed;
        },
        to);
}
std::string dns_evidence(const End& from, const End& to) {
    if (!needs_directory(from)) return not_needed;
    if (dns_state(from, to) == PathState::open)
        return fmt::format("the directory knows {} as {}", to.host->name, to.host->dns);
    return fmt::format("the directory knows {} as {}, the inventory as {}", to.host->name, or_unknown(to.dns_name),
                       to.host->dns);
}

// --- tickets of whoever starts the move may be delegated (MS-SFU 3.2.5.1.2, 3.2.5.2: in neither form, else)
constexpr std::array<std::array<std::string_view, 2>, 2> caller_marks = {{
    {setting::not_delegated, "is marked \"sensitive and cannot be delegated\""},
    {setting::protected_users, "is a member of Protected Users"},
}};
std::string_view mark_of(const End& from) {
    for (const auto& [word, mark] : caller_marks)
        if (from.caller == word) return mark;
    return {};
}
PathState caller_state(const End& from, const End& to) {
    return if_kerberos(
        from,
        [](const End& a, const End&) {
            if (!a.caller) return PathState::unknown;
            return mark_of(a).empty() ? PathState::open : PathState::closed;
        },
        to);
}
std::string caller_evidence(const End& from, const End&) {
    if (!needs_directory(from)) return not_needed;
    if (const std::string_view mark = mark_of(from); !mark.empty())
        return fmt::format("your account {}, so no host can act for it; start moves with another account", mark);
    return from.caller == "" ? "the directory does not show whether your tickets may be delegated"
                             : "your tickets may be delegated";
}

// --- accounts in force
PathState account_state(const End& from, const End& to) { return all_of({from.account_enabled, to.account_enabled}); }
std::string account_evidence(const End& from, const End& to) {
    for (const End* end : {&from, &to})
        if (end->account_enabled == false) return fmt::format("{}'s account is disabled", end->host->name);
    return "both accounts are enabled";
}

// --- one domain: delegation by a list never crosses domains (MS-SFU 3.2.5.2.1), resource-based delegation may
PathState domain_state(const End& from, const End& to) {
    const PathState one = same(from.domain, to.domain);
    if (one != PathState::closed || !needs_directory(from)) return one;
    const PathState resource = admitted(from, to);
    return resource == PathState::open && !from.authentication ? PathState::unknown : resource;
}
std::string domain_evidence(const End& from, const End& to) {
    if (same(from.domain, to.domain) == PathState::open) return fmt::format("both are in {}", *from.domain);
    if (domain_state(from, to) == PathState::open)
        return fmt::format("{} is in {}, {} in {}, which resource-based delegation may cross", from.host->name,
                           *from.domain, to.host->name, *to.domain);
    return fmt::format("{} is in {}, {} in {}", from.host->name, or_unknown(from.domain), to.host->name,
                       or_unknown(to.domain));
}

// --- room for a move
PathState limit_state(const End& from, const End& to) {
    const auto room = [](const End& end) -> std::optional<bool> {
        return end.max_live ? std::optional(*end.max_live > 0) : std::nullopt;
    };
    return all_of({room(from), room(to)});
}
std::string limit_evidence(const End& from, const End& to) {
    for (const End* end : {&from, &to})
        if (end->max_live == std::int64_t{0})
            return fmt::format("{} allows no simultaneous live migration", end->host->name);
    return "both ends allow live migrations";
}
Address limit_fix(const End& from, const End& to) {
    return at(from.max_live == std::int64_t{0} ? from : to, setting::migration_max_live);
}

const std::array rows = {
    ConditionRow{"migration on", {&setting::migration_enabled}, enabled_state, enabled_evidence, enabled_fix},
    ConditionRow{"authentication",
                 {&setting::migration_authentication},
                 authentication_state,
                 authentication_evidence,
                 authentication_fix},
    ConditionRow{"credentials",
                 {&setting::migration_authentication, &setting::host_credential_guard},
                 credentials_state,
                 credentials_evidence,
                 credentials_fix},
    ConditionRow{
        "delegation",
        {&setting::migration_authentication, &setting::delegation_services, &setting::delegation_allowed_principals},
        delegation_state,
        delegation_evidence,
        delegation_fix},
    ConditionRow{"protocol transition",
                 {&setting::migration_authentication, &setting::delegation_protocol_transition,
                  &setting::delegation_services, &setting::delegation_allowed_principals},
                 transition_state,
                 transition_evidence,
                 transition_fix},
    ConditionRow{"service names",
                 {&setting::migration_authentication, &setting::spn_migration},
                 names_state,
                 names_evidence,
                 names_fix},
    ConditionRow{"directory name",
                 {&setting::migration_authentication, &setting::account_dns_name},
                 dns_state,
                 dns_evidence,
                 nothing},
    ConditionRow{"caller",
                 {&setting::migration_authentication, &setting::caller_delegable},
                 caller_state,
                 caller_evidence,
                 nothing},
    ConditionRow{"accounts", {&setting::account_flags}, account_state, account_evidence, nothing},
    ConditionRow{"domain",
                 {&setting::host_domain, &setting::migration_authentication, &setting::delegation_allowed_principals},
                 domain_state,
                 domain_evidence,
                 nothing},
    ConditionRow{
        "network",
        {&setting::migration_networks, &setting::migration_enabled, &setting::host_addresses, &setting::host_listeners},
        network_state,
        network_evidence,
        network_fix},
    ConditionRow{"limit", {&setting::migration_max_live}, limit_state, limit_evidence, limit_fix},
};

}  // namespace

std::string_view name(PathState state) {
    constexpr std::array<std::string_view, 3> words = {"open", "closed", "unknown"};
    return words.at(static_cast<std::size_t>(state));
}

std::span<const ConditionRow> conditions() { return rows; }

char path_letter(const End& from, const End& to) {
    char unknown = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const PathState one = rows[i].state(from, to);
        if (one == PathState::closed) return static_cast<char>('a' + i);
        if (one == PathState::unknown && unknown == 0) unknown = static_cast<char>('A' + i);
    }
    return unknown == 0 ? '.' : unknown;
}

PathState state_of(char letter) {
    if (letter >= 'a' && letter <= 'z') return PathState::closed;
    return letter >= 'A' && letter <= 'Z' ? PathState::unknown : PathState::open;
}

PathState state(const End& from, const End& to) { return state_of(path_letter(from, to)); }

std::string caller_refused(const End& from) {
    return caller_state(from, from) == PathState::closed ? caller_evidence(from, from) : std::string();
}

}  // namespace fairway
