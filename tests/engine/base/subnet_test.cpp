// Are addresses and subnets parsed strictly and written in one form?
#include <doctest/doctest.h>

#include "engine/base/subnet.hpp"

namespace fairway::subnet_test {

TEST_CASE("subnets have one form") {
    const std::pair<const char*, const char*> rows[] = {
        {"10.20.0.0/24", "10.20.0.0/24"},
        {"10.20.0.7", "10.20.0.7/32"},
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"::0/0", "::/0"},
        {"::/0", "::/0"},
        {"FD00:20:0:0::/64", "fd00:20::/64"},
        {"fd20::11", "fd20::11/128"},
        {"10.20.0.128/25", "10.20.0.128/25"},
    };
    for (const auto& [text, expected] : rows) {
        CAPTURE(text);
        const auto subnet = parse_subnet(text);
        REQUIRE(subnet);
        CHECK(show(*subnet) == expected);
        CHECK(parse_subnet(show(*subnet)) == subnet);
    }
}

TEST_CASE("what is no subnet") {
    for (const char* text : {"", "/", "10.20.0.0/", "10.20.0.0/33", "10.20.0.1/24", "10.20.0.128/24", "fd00::1/64",
                             "::/129", "10.20.0/24", "10.20.0.0/-1", "10.20.0.0/+8", "10.20.0.0/8x", " 10.0.0.0/8",
                             "fe80::1%eth0", "[::1]", "010.0.0.0/8", "any", "10.20.0.0/24/8"}) {
        CAPTURE(text);
        CHECK(!parse_subnet(text));
    }
}

TEST_CASE("an address ends where its text ends") {
    using namespace std::string_view_literals;
    for (const std::string_view text : {"10.20.0.7\0"sv, "10.20.0.7\0x"sv, "\0"sv, "/d20::1"sv, "fd20::1\0@evil"sv,
                                        "fd20::1\0"sv, "\0fd20::1"sv, "10.20.0.0\0/24"sv, "10.20.0.0/24\0"sv}) {
        CAPTURE(text.size());
        CHECK_FALSE(parse_address(text));
        CHECK_FALSE(parse_subnet(text));
    }
}

TEST_CASE("an address lies in a subnet of its own family") {
    const auto in = [](const char* subnet, const char* address) {
        return contains(*parse_subnet(subnet), *parse_address(address));
    };
    CHECK(in("10.20.0.0/24", "10.20.0.255"));
    CHECK(!in("10.20.0.0/24", "10.20.1.0"));
    CHECK(in("10.20.0.128/25", "10.20.0.200"));
    CHECK(!in("10.20.0.128/25", "10.20.0.100"));
    CHECK(in("0.0.0.0/0", "192.0.2.1"));
    CHECK(!in("0.0.0.0/0", "::1"));
    CHECK(in("::/0", "fd20::11"));
    CHECK(in("fd00:20::/65", "fd00:20::7fff:ffff:ffff:ffff"));
    CHECK(!in("fd00:20::/65", "fd00:20::8000:0:0:0"));
}

TEST_CASE("addresses that lead to nobody else, and to neighbours only") {
    for (const char* text : {"127.0.0.1", "127.9.9.9", "0.0.0.0", "::", "::1"})
        CHECK_MESSAGE(is_own(*parse_address(text)), text);
    for (const char* text : {"128.0.0.1", "0.0.0.1", "10.0.0.0", "::2", "100::1", "fe80::1"})
        CHECK_MESSAGE(!is_own(*parse_address(text)), text);
    for (const char* text : {"169.254.0.1", "169.254.255.255", "fe80::1", "fe80::5efe:10.20.0.11", "febf::1"})
        CHECK_MESSAGE(is_link_local(*parse_address(text)), text);
    for (const char* text : {"169.253.0.1", "168.254.0.1", "fec0::1", "fd00::fe80", "::1"})
        CHECK_MESSAGE(!is_link_local(*parse_address(text)), text);
}

}  // namespace fairway::subnet_test
