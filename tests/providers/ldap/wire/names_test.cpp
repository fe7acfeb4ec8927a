// Names and filters: nothing in a value may become part of the question.
#include "providers/ldap/wire/names.hpp"

#include <array>
#include <doctest/doctest.h>

#include "engine/model/directory_filter.hpp"

namespace fairway::ldap::names_test {

TEST_CASE("values of distinguished names are escaped (RFC 4514 2.4)") {
    struct Row {
        std::string_view value, escaped;
    };
    const std::array rows = {
        Row{"Directory Service", "Directory Service"},
        Row{" edge ", "\\ edge\\ "},
        Row{" ", "\\ "},
        Row{"#1", "\\#1"},
        Row{"a#1", "a#1"},
        Row{"a,b+c\"d\\e<f>g;h=i", "a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\=i"},
        Row{std::string_view("a\0b", 3), "a\\00b"},
        Row{"", ""},
    };
    for (const Row& row : rows) CHECK(escape_dn_value(row.value) == row.escaped);
}

TEST_CASE("names stand above their base") {
    constexpr std::array<Rdn, 2> steps = {{{"CN", "Directory Service"}, {"CN", "x,y"}}};
    CHECK(dn(steps, "DC=corp,DC=example") == "CN=Directory Service,CN=x\\,y,DC=corp,DC=example");
    CHECK(dn(steps, "") == "CN=Directory Service,CN=x\\,y");
    CHECK(naming_context("corp.example") == "DC=corp,DC=example");
    CHECK(naming_context("corp,DC=evil") == "DC=corp\\,DC\\=evil");
}

TEST_CASE("values in filters are escaped (RFC 4515 section 3)") {
    struct Row {
        std::string_view value, escaped;
    };
    const std::array rows = {
        Row{"HV01$", "HV01$"},
        Row{"*", "\\2a"},
        Row{"x)(objectClass=*", "x\\29\\28objectClass=\\2a"},
        Row{"a\\b", "a\\5cb"},
        Row{std::string_view("a\0b", 3), "a\\00b"},
        Row{"h\xc3\xb6st", "h\xc3\xb6st"},
    };
    for (const Row& row : rows) CHECK(escaped_for_filter(row.value) == row.escaped);
}

TEST_CASE("filters are joined") {
    const Filter one = Filter::equal("sAMAccountName", account_name("HV01"));
    const Filter two = Filter::equal("sAMAccountName", account_name("HV*"));
    CHECK(Filter::begins("servicePrincipalName", "Migration Service/").text() ==
          "(servicePrincipalName=Migration Service/*)");
    CHECK(Filter::begins("servicePrincipalName", "a*)(b=\\").text() == "(servicePrincipalName=a\\2a\\29\\28b=\\5c*)");
    CHECK(Filter::present("objectClass").text() == "(objectClass=*)");
    CHECK(Filter::all_of({Filter::equal("objectClass", "computer"), Filter::any_of({one, two})}).text() ==
          "(&(objectClass=computer)(|(sAMAccountName=HV01$)(sAMAccountName=HV\\2a$)))");
}

TEST_CASE("a server is one host") {
    CHECK(server_uri("ldap", "dc01.corp.example", 389) == "ldap://dc01.corp.example:389");
    CHECK(server_uri("ldaps", "fd20::1", 636) == "ldaps://[fd20::1]:636");
    CHECK(server_uri("ldap", "10.0.0.1", 389) == "ldap://10.0.0.1:389");
    for (const char* wrong : {"", "a b", "a,b", "ldap://a", "a/b", "-a", "[::1]", "a?b", "a%20b"}) {
        CAPTURE(wrong);
        const auto uri = server_uri("ldap", wrong, 389);
        REQUIRE_FALSE(uri);
        CHECK(uri.error().code == Code::bad_input);
    }
}

}  // namespace fairway::ldap::names_test
