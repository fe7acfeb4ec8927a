// What no name may hold: controls and broken UTF-8, wherever they stand, and which complaint they make.
#include "engine/policy/spelling.hpp"

#include <doctest/doctest.h>

namespace fairway::spelling_test {

TEST_CASE("controls and broken UTF-8 in names, each with its complaint") {
    constexpr std::string_view fine, no_account = "is not the name of an account",
                                     no_domain = "names no domain behind the `@`",
                                     no_name = "holds a backslash or a control character",
                                     no_step = "is no distinguished name like OU=Hyper-V,DC=corp,DC=example: a control";
    const struct {
        const spelling::Rule& rule;
        std::string_view text, says;
    } rows[] = {
        {spelling::account, "HV01$", fine},
        {spelling::account, "HV01$@other.example", fine},
        {spelling::account, "HV\t01$", no_account},
        {spelling::account, "HV\n01$@other.example", no_account},
        {spelling::account, "HV\x01$", no_account},
        {spelling::account, "HV01\xc3@other.example", no_account},
        {spelling::account, "HV01$@other\xff.example", no_account},
        {spelling::account, "HV01$@other\x7f.example", no_account},
        {spelling::account, "HV01$@other\t.example", no_domain},
        {spelling::account, "HV01$@other.example\r\n", no_domain},
        {spelling::service_pattern, "ldap/*", fine},
        {spelling::service_pattern, "ldap/\t*", no_name},
        {spelling::service_pattern, "ldap/\r*", no_name},
        {spelling::service_pattern, "ldap\\/*", no_name},
        {spelling::service_pattern, "ldap/\xc3(", no_name},
        {spelling::directory_name, "OU=Hyper V,DC=corp", fine},
        {spelling::directory_name, "OU=Hyper\tV,DC=corp", no_step},
        {spelling::directory_name, "OU=Hyper\\0AV,DC=corp", no_step},
        {spelling::directory_name, "OU=Hyper\\FFV,DC=corp", no_step},
        {spelling::directory_name, "OU=Hyper\x1bV,DC=corp", no_step},
    };
    for (const auto& [rule, text, says] : rows) {
        CAPTURE(text);
        const std::string said = rule.check(text);
        CHECK(said.substr(0, says.size()) == says);
        CHECK(said.empty() == says.empty());
    }
}

}  // namespace fairway::spelling_test
