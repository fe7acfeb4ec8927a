// What do the words of MIT's Kerberos mean, and what is to be done? A table. It knows no GSSAPI.
#include "providers/sign_on/gss_words.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "providers/sign_on/gss.hpp"
#include "providers/sign_on/gss_realm.hpp"

namespace fairway::gss {
namespace {

struct Row {
    std::string_view part;
    Code code;
    std::string_view todo;
};

constexpr std::string_view no_principal = "the domain does not know that principal; correct it in the inventory";

// Parts of MIT Kerberos' messages (lib/krb5/error_tables, lib/gssapi/krb5); the first that fits. By words and not by
// number, as the library's numbers differ between its versions. An unknown service is `denied`: `not_found` would say
// that what was to be read there does not exist.
constexpr std::array rows = {
    Row{"No Kerberos credentials available", Code::denied, no_ticket},
    Row{"No credentials cache found", Code::denied, no_ticket},
    Row{"credentials cache", Code::denied, broken_cache},
    Row{"Credentials cache", Code::denied, broken_cache},
    Row{"credential cache", Code::denied, broken_cache},
    Row{"No KCM server found", Code::denied, broken_cache},
    Row{"Matching credential not found", Code::denied, no_ticket},
    Row{"Ticket expired", Code::denied, "the Kerberos ticket has expired; run `kinit` again"},
    Row{"Clock skew too great", Code::denied,
        "this machine's clock and the domain's differ by more than Kerberos allows (5 minutes); set the clock"},
    Row{"Client '", Code::denied, no_principal},
    Row{"Client not found in Kerberos database", Code::denied, no_principal},
    Row{"Malformed representation of principal", Code::bad_input,
        "that is no Kerberos principal (user@REALM); correct it in the inventory"},
    Row{"not found in Kerberos database", Code::denied,
        "the domain knows no such service, or several accounts hold its name: name the machine in the inventory by its "
        "full DNS name, not by an address or an alias, and see with `setspn -Q` that one account holds it"},
    Row{"Principal has multiple entries", Code::denied,
        "that service principal name stands on several accounts; find them with `setspn -Q`, and leave it on one"},
    Row{"Wrong principal in request", Code::denied,
        "the machine there is another one than its name says, or another account holds its name; `fairway spn` shows "
        "who does"},
    Row{"KDC reply did not match", Code::bad_input,
        "the realm is spelled otherwise in the domain; Kerberos realms are upper case"},
    Row{"Realm not local to KDC", Code::bad_input,
        "the domain controller does not serve that realm; correct the principal, or the [realms] part of krb5.conf"},
    Row{"Ticket not yet valid", Code::denied, "this machine's clock is behind the domain's; set the clock"},
    Row{"No key table entry found", Code::bad_input, no_key},
    Row{"Keytab contains no suitable keys", Code::bad_input, no_key},
    Row{"Key table", Code::bad_input, no_key},
    Row{"Preauthentication failed", Code::denied,
        "the password or key does not fit the account; if the password was changed since the keytab was made, make a "
        "new one"},
    Row{"Password has expired", Code::denied, "the account's password has expired; change it"},
    Row{"have been revoked", Code::denied, "the account is disabled or locked out"},
    Row{"Message stream modified", Code::denied,
        "the server cannot read the ticket: another account holds its name (`fairway spn` shows which), or its own "
        "password changed just now"},
    Row{"Cannot contact any KDC", Code::unreachable,
        "no domain controller answers on port 88; check the network and the [realms] part of krb5.conf"},
    Row{"Cannot find KDC for realm", Code::unreachable,
        "the realm's domain controllers are not known here; check DNS (SRV records) or the [realms] part of "
        "krb5.conf"},
    Row{"no support for encryption type", Code::denied,
        "client and domain share no encryption type, the account may be limited to RC4; renew the keytab with AES "
        "keys"},
};

// Cannot find KDC for realm "corp.example".
std::string_view realm_in(std::string_view words) {
    constexpr std::string_view before = "realm \"";
    const auto at = words.find(before);
    if (at == std::string_view::npos) return {};
    words.remove_prefix(at + before.size());
    return words.substr(0, words.find('"'));
}

}  // namespace

std::optional<Error> meaning(std::string_view words) {
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const Row& one) { return words.find(one.part) != std::string_view::npos; });
    if (row == rows.end()) return std::nullopt;
    return Error{row->code, std::string(row->todo) + spelling_of(realm_in(words))};
}

std::string spelling_of(std::string_view realm) {
    const std::string capitals = in_capitals(realm);
    return capitals == realm ? std::string{} : fmt::format("; Kerberos realms are upper case: is {} meant?", capitals);
}

std::optional<Error> other_realm(std::string_view doing, std::string_view ours, std::string_view theirs,
                                 std::string_view said) {
    if (theirs.empty() || ours.empty() || theirs == ours) return std::nullopt;
    return Error{Code::denied, fmt::format("{}: krb5.conf ([domain_realm]) puts that machine into the realm {}, and {} "
                                           "knows no way there; correct the line, or the two lack a trust (said: {}){}",
                                           doing, theirs, ours, said, spelling_of(theirs))};
}

Error no_controller(std::string_view doing, std::string_view host, std::string_view domain, std::string_view said) {
    return {
        Code::denied,
        fmt::format("{0}: only domain controllers of {2} hold such a name, and none is known as {1}: that is another "
                    "machine, one of another domain, or not its full DNS name (said: {3})",
                    doing, host, domain, said)};
}

}  // namespace fairway::gss
