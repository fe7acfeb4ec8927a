// Advice that login, handshake and words share; see gss.hpp for the meaning of words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::gss {

inline constexpr std::string_view no_ticket =
    "there is no Kerberos ticket to sign on with; run `kinit` first, or name a keytab in the inventory";
inline constexpr std::string_view broken_cache =
    "the ticket cache cannot be read; run `kinit` again, or correct KRB5CCNAME or the inventory's `ticket_cache`";
inline constexpr std::string_view no_key =
    "the keytab cannot be read, or holds no key for that principal; see `klist -k` and correct the inventory";

// What to say besides of a realm that is not in capitals: Kerberos compares realms byte by byte. Empty: it is.
std::string spelling_of(std::string_view realm);

// A domain says the same of a service that it does not know and of a realm that it knows no way to. `ours`: of who
// asked; `theirs`: where krb5.conf puts the machine. Empty: that is not why.
std::optional<Error> other_realm(std::string_view doing, std::string_view ours, std::string_view theirs,
                                 std::string_view said);

// The same where the name is one that only controllers of the domain hold.
Error no_controller(std::string_view doing, std::string_view host, std::string_view domain, std::string_view said);

}  // namespace fairway::gss
