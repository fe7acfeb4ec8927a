// Filters of a directory as people write them, and what is refused.
#include "engine/model/directory_filter.hpp"

#include <doctest/doctest.h>

namespace fairway::directory_filter_test {

using Kind = DirectoryFilter::Kind;

TEST_CASE("filters become values") {
    const auto of = [](std::string_view text) {
        const auto filter = parse_directory_filter(text);
        REQUIRE_MESSAGE(filter, text);
        return *filter;
    };
    CHECK(of("(cn=*)") == DirectoryFilter{.kind = Kind::present, .attribute = "cn"});
    CHECK(of("(cn=a\\2ab )") == DirectoryFilter{.kind = Kind::equal, .attribute = "cn", .pieces = {"a*b "}});
    CHECK(of("(cn=*a*b)") == DirectoryFilter{.kind = Kind::like, .attribute = "cn", .pieces = {"", "a", "b"}});
    CHECK(of("(uSN>=5)") == DirectoryFilter{.kind = Kind::at_least, .attribute = "uSN", .pieces = {"5"}});
    CHECK(of("(uSN<=5)") == DirectoryFilter{.kind = Kind::at_most, .attribute = "uSN", .pieces = {"5"}});
    CHECK(of("(uac:1.2.840.113556.1.4.803:=2)") ==
          DirectoryFilter{.kind = Kind::rule, .attribute = "uac", .rule = "1.2.840.113556.1.4.803", .pieces = {"2"}});
    const DirectoryFilter both = of("(&(cn=a)(!(cn=b)))");
    CHECK(both.kind == Kind::all_of);
    CHECK(both.parts.at(1).kind == Kind::not_of);
}

TEST_CASE("a value that is escaped is one value of a filter, and comes back") {
    const std::string_view all(")(cn=*)\\2a\0 \u2019", 15);
    for (const std::string_view value :
         {all, std::string_view("plain"), std::string_view("*"), std::string_view("\\")}) {
        const auto filter = parse_directory_filter("(cn=" + escaped_for_filter(value) + ")");
        REQUIRE(filter);
        CHECK(filter->kind == Kind::equal);
        CHECK(filter->pieces == std::vector{std::string(value)});
    }
    CHECK(escaped_for_filter("a*(b)\\") == "a\\2a\\28b\\29\\5c");
}

TEST_CASE("what is no filter is refused") {
    const std::string deep = std::string(17, '!');
    std::string nested, many = "(|";
    for (char c : deep) nested += std::string("(") + c;
    nested += "(a=b)" + std::string(17, ')');
    for (int i = 0; i < 200; ++i) many += "(a=b)";
    many += ")";
    for (const std::string& text : {std::string(),
                                    std::string("cn=a"),
                                    std::string("(cn=a"),
                                    std::string("(cn=a))"),
                                    std::string("(cn=a)(cn=b)"),
                                    std::string("(&)"),
                                    std::string("(!)"),
                                    std::string("(cn=)"),
                                    std::string("(cn>=)"),
                                    std::string("(=a)"),
                                    std::string("(1.2.3=a)"),
                                    std::string("(cn;x=a)"),
                                    std::string("(cn~=a)"),
                                    std::string("(cn:dn:=a)"),
                                    std::string("(:1.2.840.113556.1.4.803:=a)"),
                                    std::string("(cn:1.2.3:=a)"),
                                    std::string("(cn=a\\2)"),
                                    std::string("(cn=a\\zz)"),
                                    std::string("(cn=a**b)"),
                                    std::string("(cn=a(b)"),
                                    std::string("(cn>=a*)"),
                                    std::string("( cn=a)"),
                                    std::string("(cn=a\0)", 7),
                                    std::string("(!(cn=a)(cn=b))"),
                                    nested,
                                    many,
                                    "(cn=" + std::string(longest_filter, 'a') + ")"})
        CHECK_MESSAGE(!parse_directory_filter(text).has_value(), text);
    CHECK(parse_directory_filter("(cn~=a)").error().text ==
          "is no search filter (RFC 4515): `~=`, which Active Directory treats like `=`: write `=` at character 6");
}

}  // namespace fairway::directory_filter_test
