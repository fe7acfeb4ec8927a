// Names of slices, and servers that do not keep to them.
#include "providers/ldap/wire/range.hpp"

#include <array>
#include <doctest/doctest.h>

namespace fairway::ldap::range_test {

TEST_CASE("range options are read strictly") {
    struct Row {
        std::string_view name;
        std::size_t first;
        std::optional<std::size_t> last;
    };
    const std::array good = {
        Row{"member;range=0-1499", 0, 1499},
        Row{"member;Range=1500-*", 1500, {}},
        Row{"member;range=0-0", 0, 0},
    };
    for (const Row& row : good) {
        const auto range = parse_range(row.name);
        REQUIRE(range);
        REQUIRE(*range);
        CHECK((*range)->attribute == "member");
        CHECK((*range)->first == row.first);
        CHECK((*range)->last == row.last);
    }
    CHECK(parse_range("member").value() == std::nullopt);
    for (const char* wrong :
         {"member;range=", "member;range=1", "member;range=1-", "member;range=-1", "member;range=2-1",
          "member;range=a-b", "member;range=0-1x", "member;range=0-**", "member;binary", "member;range=0-9999999999",
          "member;range= 0-1", "member;range=0-1;lang-en", "member;"}) {
        CAPTURE(wrong);
        const auto range = parse_range(wrong);
        REQUIRE_FALSE(range);
        CHECK(range.error().code == Code::protocol);
    }
    CHECK(ask_from("member", 1500) == "member;range=1500-*");
}

TEST_CASE("slices must fit together") {
    CHECK(check_slice({"a", 0, 1499}, 0, 1500));
    CHECK(check_slice({"a", 1500, {}}, 1500, 7));
    CHECK(check_slice({"a", 1500, {}}, 1500, 0));
    CHECK_FALSE(check_slice({"a", 1500, {}}, 1499, 7));  // leaves a gap
    CHECK_FALSE(check_slice({"a", 1499, {}}, 1500, 7));  // overlaps
    CHECK_FALSE(check_slice({"a", 0, 1499}, 0, 1499));   // fewer than it says
    CHECK_FALSE(check_slice({"a", 0, 1499}, 0, 1501));   // more
    CHECK_FALSE(check_slice({"a", 0, 1499}, 0, 0));
}

}  // namespace fairway::ldap::range_test
