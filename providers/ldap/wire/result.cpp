// See result.hpp. Most telling first, by two tables: Windows error numbers in Active Directory's diagnostic text,
// result codes (LDAP-4, LDAP-9, LDAP-26). What Kerberos says is explained by providers/sign_on/gss.
#include "providers/ldap/wire/result.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <optional>

#include "engine/base/text.hpp"

namespace fairway::ldap {
namespace {

struct Windows {
    unsigned long number;
    Code code;
    std::string_view advice;
};

// "data 52e" behind AcceptSecurityContext: why a sign-on failed (winerror.h).
constexpr std::array sign_on_numbers = {
    Windows{0x525, Code::denied, "no such account; correct the user's name in the inventory"},
    Windows{0x52e, Code::denied, "wrong user name or password"},
    Windows{0x530, Code::denied, "the account may not sign on at this time of day"},
    Windows{0x531, Code::denied, "the account may not sign on from this machine"},
    Windows{0x532, Code::denied, "the account's password has expired; set a new one"},
    Windows{0x533, Code::denied, "the account is disabled"},
    Windows{0x568, Code::denied, "the account is in too many groups to sign on"},
    Windows{0x701, Code::denied, "the account has expired"},
    Windows{0x773, Code::denied, "the account must change its password before it may sign on"},
    Windows{0x775, Code::denied, "the account is locked out; find out who tries wrong passwords before you unlock it"},
    Windows{0x80090346, Code::denied, "the server wants channel bindings that were not sent; use SASL without TLS"},
};

// Inside TLS there is no layer of SASL's own, and a server may count only that one.
constexpr std::string_view signing_advice =
    "the server demands signing; use gssapi or gss-spnego with `tls: none`, where they sign and seal, or a simple bind "
    "inside TLS";

constexpr std::string_view privilege_advice =
    "every change of a delegation list or flag needs SeEnableDelegationPrivilege at the domain controller "
    "(\"Enable computer and user accounts to be trusted for delegation\") beside the right to write the "
    "property; full control of the account is not enough";

constexpr unsigned long not_unique_in_forest = 0x21c7;  // ERROR_DS_SPN_VALUE_NOT_UNIQUE_IN_FOREST

// The eight digits that Active Directory's diagnostic text begins with (winerror.h, MS-ADTS 3.1.1.3.1.9).
constexpr std::array leading_numbers = {
    Windows{0x5, Code::denied, privilege_advice},
    Windows{0x522, Code::denied, privilege_advice},
    Windows{0x2028, Code::denied, signing_advice},
    Windows{0x2098, Code::denied, privilege_advice},
    Windows{not_unique_in_forest, Code::refused,
            "a service principal name must be unique in the forest, and another account holds this one, or one that an "
            "alias makes the same (cifs/X beside HOST/X); nothing was written; `fairway spn` names that account"},
};

struct Meaning {
    int number;
    Code code;
    std::string_view what;
    std::string_view advice;
};

// RFC 4511 appendix A; the negative ones are the client library's (ldap.h).
constexpr std::array meanings = {
    Meaning{1, Code::protocol, "operationsError", "often: the sign-on did not count; see the server's words"},
    Meaning{2, Code::protocol, "protocolError", ""},
    Meaning{3, Code::unreachable, "timeLimitExceeded", "the server is too busy; try again"},
    Meaning{4, Code::protocol, "sizeLimitExceeded", "the server gave fewer entries than were asked for"},
    Meaning{7, Code::unsupported, "authMethodNotSupported", "the server does not offer this way to sign on"},
    Meaning{8, Code::denied, "strongAuthRequired", signing_advice},
    Meaning{10, Code::unsupported, "referral",
            "this server hands the request to another one, as a read-only domain controller does; name a writable "
            "domain controller of the accounts' own domain in the inventory"},
    Meaning{11, Code::refused, "adminLimitExceeded",
            "the attribute is full: Active Directory holds about 1300 values of it (3200 with 32 KB pages); split "
            "the migration domain"},
    Meaning{12, Code::unsupported, "unavailableCriticalExtension", "the server lacks paged results (RFC 2696)"},
    Meaning{13, Code::denied, "confidentialityRequired", "the server demands encryption; use GSSAPI or TLS"},
    Meaning{16, Code::stale, "noSuchAttribute",
            "a value that was to go is no longer there: somebody else changed the account in this moment; nothing "
            "was written"},
    Meaning{19, Code::refused, "constraintViolation", "the directory's rules forbid the value"},
    Meaning{20, Code::stale, "attributeOrValueExists",
            "a value that was to come is there already: somebody else changed the account in this moment; nothing "
            "was written"},
    Meaning{21, Code::bad_input, "invalidAttributeSyntax", ""},
    Meaning{32, Code::not_found, "noSuchObject", "the account or container is gone or hidden from us"},
    Meaning{34, Code::bad_input, "invalidDNSyntax", ""},
    Meaning{48, Code::denied, "inappropriateAuthentication", "the server does not accept this way to sign on"},
    Meaning{49, Code::denied, "invalidCredentials", "the server does not accept the user name, password or ticket"},
    Meaning{50, Code::denied, "insufficientAccessRights", privilege_advice},
    Meaning{51, Code::unreachable, "busy", "try again later"},
    Meaning{52, Code::unreachable, "unavailable", "the server is going down or starting; try again later"},
    Meaning{53, Code::refused, "unwillingToPerform", "the server refuses on principle; see its words"},
    Meaning{-1, Code::unreachable, "server down", "no answer, or the connection was cut"},
    Meaning{-2, Code::protocol, "local error", ""},
    Meaning{-4, Code::protocol, "decoding error", "the answer is no LDAP"},
    Meaning{-5, Code::unreachable, "timeout", "the server took the request and gave no answer in time"},
    Meaning{-11, Code::unreachable, "connect error",
            "no encrypted connection could be made; is the `ca` of the inventory the one that signed the server's "
            "certificate, and does the certificate name the server as the inventory does?"},
    Meaning{-12, Code::unsupported, "not supported", "the LDAP library lacks it"},
};

std::optional<unsigned long> hex(std::string_view text) {
    unsigned long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    if (error != std::errc{} || end == text.data()) return std::nullopt;
    return number;
}

template <std::size_t N>
const Windows* find(const std::array<Windows, N>& table, std::optional<unsigned long> number) {
    if (!number) return nullptr;
    const auto it = std::find_if(table.begin(), table.end(), [&](const Windows& row) { return row.number == *number; });
    return it == table.end() ? nullptr : &*it;
}

// "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e, v3839"
const Windows* windows_reason(const Refusal& refusal) {
    const std::string_view text = refusal.diagnostic;
    if (const auto data = text.find("data "); refusal.code == 49 && data != std::string_view::npos)
        return find(sign_on_numbers, hex(text.substr(data + 5)));
    // Samba has another number for it, and says what it means (4.17, samldb).
    if (refusal.code == 19 && text.find("samldb: spn[") != std::string_view::npos &&
        text.find("would cause a conflict") != std::string_view::npos)
        return find(leading_numbers, not_unique_in_forest);
    if (text.size() > 8 && text[8] == ':') return find(leading_numbers, hex(text.substr(0, 8)));
    return nullptr;
}

std::string_view verb(Doing doing) {
    constexpr std::array<std::string_view, 4> verbs = {"cannot connect to", "cannot sign on to", "cannot read from",
                                                       "cannot write to"};
    return verbs.at(static_cast<std::size_t>(doing));
}

std::string sentence(Doing doing, std::string_view server, std::string_view what, std::string_view advice,
                     std::string_view words) {
    std::string out = fmt::format("{} {}", verb(doing), printable(server));
    if (!what.empty()) out += fmt::format(": {}", what);
    if (!advice.empty()) out += fmt::format(": {}", advice);
    const std::string said = words == "(unknown error code)" ? "" : printable(words);  // libldap's own shrug
    return said.empty() ? out : out + fmt::format(" (said: {})", said);
}

}  // namespace

std::string printable(std::string_view words) {
    constexpr std::size_t most_characters = 300;
    std::string out;
    for (char c : text::trim(words.substr(0, std::min(words.find('\0'), most_characters)))) {
        const auto byte = static_cast<unsigned char>(c);
        out += byte < 0x20 || byte > 0x7e ? '?' : c;
    }
    return out;
}

bool is_lost(int code) { return code == -1 || code == -2 || code == -4 || code == -5 || code == -11 || code == 52; }

Error explain(Doing doing, const Refusal& refusal) {
    const auto it =
        std::find_if(meanings.begin(), meanings.end(), [&](const Meaning& row) { return row.number == refusal.code; });
    const std::string what = it == meanings.end() ? fmt::format("result code {}", refusal.code)
                                                  : fmt::format("{} ({})", it->what, refusal.code);
    if (const Windows* row = windows_reason(refusal))
        return {row->code, sentence(doing, refusal.server, what, row->advice, refusal.diagnostic)};
    if (it == meanings.end()) return {Code::protocol, sentence(doing, refusal.server, what, "", refusal.diagnostic)};
    if (!refusal.cause.empty()) return {it->code, sentence(doing, refusal.server, what, refusal.cause, "")};
    // A reader needs no privilege for delegation, only the right to read.
    const bool read_denied = it->number == 50 && doing != Doing::writing;
    return {it->code,
            sentence(doing, refusal.server, what, read_denied ? "grant the user the right to read there" : it->advice,
                     refusal.diagnostic)};
}

}  // namespace fairway::ldap
