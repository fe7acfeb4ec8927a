// What a host reads of the directory before it moves a machine, with its own credentials.
// libldap; SASL/GSSAPI takes the host's key from the process's keytab.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace lab {

struct DirectoryAddress {
    std::string url;  // ldap://dc01.corp.example
    std::string base_dn;
};

// msDS-AllowedToDelegateTo of the computer account; the error is libldap's text.
[[nodiscard]] tl::expected<std::vector<std::string>, std::string> delegation_of(const DirectoryAddress& where,
                                                                                const std::string& host);
// The sAMAccountNames of all accounts that hold this service principal name.
[[nodiscard]] tl::expected<std::vector<std::string>, std::string> holders_of(const DirectoryAddress& where,
                                                                             const std::string& spn);

}  // namespace lab
