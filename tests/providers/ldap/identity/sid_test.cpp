// Security identifiers and GUIDs: bytes, text, and what is neither.
#include "providers/ldap/identity/sid.hpp"

#include <array>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "providers/ldap/identity/guid.hpp"
#include "tests/providers/ldap/hex.hpp"

namespace fairway::ldap::sid_test {

namespace {

Sid any_sid() {
    Sid out;
    out.authority = *rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << (*rc::gen::arbitrary<bool>() ? 8 : 48));
    out.parts = *rc::gen::suchThat(rc::gen::arbitrary<std::vector<std::uint32_t>>(),
                                   [](const auto& parts) { return !parts.empty() && parts.size() <= 15; });
    return out;
}

}  // namespace

TEST_CASE("a SID is the same in bytes and in text") {
    struct Row {
        std::string_view text, bytes;
    };
    const std::array rows = {
        Row{"S-1-5-32-544", "01 02 000000000005 20000000 20020000"},
        Row{"S-1-1-0", "01 01 000000000001 00000000"},
        Row{"S-1-5-21-2290911214-3049147746-2329482452-1104",
            "01 05 000000000005 15000000 ee878c88 624dbeb5 d414d98a 50040000"},
        Row{"S-1-4294967295-1", "01 01 0000ffffffff 01000000"},
        Row{"S-1-0x000100000000-1", "01 01 000100000000 01000000"},
        Row{"S-1-0xabcdef012345-4294967295", "01 01 abcdef012345 ffffffff"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto read = parse_sid(from_hex(row.bytes));
        REQUIRE(read);
        CHECK(show_sid(*read) == row.text);
        CHECK(parse_sid_text(row.text) == *read);
        CHECK(sid_bytes(*read) == from_hex(row.bytes));
        CHECK(size_of(*read) == from_hex(row.bytes).size());
    }
    CHECK(parse_sid_text("S-1-0xABCDEF012345-1") == Sid{0xabcdef012345, {1}});
}

TEST_CASE("bytes that are no SID") {
    for (const char* wrong :
         {"", "01", "01 01 000000000001", "01 01 000000000001 000000", "02 01 000000000001 00000000",
          "01 00 000000000001", "00 01 000000000001 00000000", "01 01 000000000001 00000000 00",
          "01 10 000000000001 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
          "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"}) {
        CAPTURE(wrong);
        const auto sid = parse_sid(from_hex(wrong));
        REQUIRE_FALSE(sid);
        CHECK(sid.error().code == Code::protocol);
    }
    CHECK(sid_at_front(from_hex("01 01 000000000001 00000000 ff"))->parts == std::vector<std::uint32_t>{0});
    CHECK(parse_sid(sid_bytes(Sid{5, std::vector<std::uint32_t>(15, 7)})));
}

TEST_CASE("text that is no SID") {
    for (const char* wrong : {"",
                              "S",
                              "S-1",
                              "S-1-5",
                              "S-1-5-",
                              "s-1-5-32",
                              "S-2-5-32",
                              "S-01-5-32",
                              "S-1-05-32",
                              "S-1-5-032",
                              "S-1-5-+32",
                              "S-1-5--32",
                              "S-1-5-32-",
                              "S-1-5-4294967296",
                              "S-1-5-0x20",
                              "S-1-4294967296-1",
                              "S-1-0x5-32",
                              "S-1-0x000000000005-32",
                              "S-1-0x1000000000000-1",
                              "S-1-0x0001000000000-1",
                              "S-1-0x00010000000g-1",
                              "S-1-5-32 ",
                              " S-1-5-32",
                              "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16"}) {
        CAPTURE(wrong);
        const auto sid = parse_sid_text(wrong);
        REQUIRE_FALSE(sid);
        CHECK(sid.error().code == Code::bad_input);
    }
    CHECK(parse_sid_text("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15"));
}

TEST_CASE("any SID comes back, from bytes and from text") {
    CHECK(rc::check([] {
        const Sid sid = any_sid();
        RC_ASSERT((parse_sid(sid_bytes(sid)).value() == sid));
        RC_ASSERT((parse_sid_text(show_sid(sid)).value() == sid));
        RC_ASSERT((sid_at_front(sid_bytes(sid) + "x").value() == sid));
        RC_ASSERT_FALSE(parse_sid(sid_bytes(sid).substr(1)).has_value());
    }));
}

TEST_CASE("GUIDs turn their first three fields round") {
    const std::string bytes = from_hex("c07b9dd1 4124 714b b1ba a3f935391c0c");
    const auto guid = parse_guid(bytes);
    REQUIRE(guid);
    CHECK(show_guid(*guid) == "d19d7bc0-2441-4b71-b1ba-a3f935391c0c");
    CHECK(parse_guid_text("D19D7BC0-2441-4B71-B1BA-A3F935391C0C") == *guid);
    for (const std::size_t wrong : {0u, 15u, 17u}) CHECK_FALSE(parse_guid(std::string(wrong, 'x')));
    for (const char* wrong : {"", "d19d7bc0-2441-4b71-b1ba-a3f935391c0", "d19d7bc0-2441-4b71-b1ba-a3f935391c0cc",
                              "{19d7bc0-2441-4b71-b1ba-a3f935391c0}", "d19d7bc024-41-4b71-b1ba-a3f935391c0c",
                              "d19d7bc0-2441-4b71-b1ba-a3f935391c0g", "d19d7bc0-2441-4b71-b1ba_a3f935391c0c",
                              "d19d7bc0-2441-4b71-b1ba-a3f935391c-c", "+19d7bc0-2441-4b71-b1ba-a3f935391c0c"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_guid_text(wrong));
    }
    CHECK(rc::check([](const std::array<unsigned char, 16>& any) {
        RC_ASSERT((parse_guid_text(show_guid(Guid{any})).value() == Guid{any}));
        RC_ASSERT((parse_guid(std::string(any.begin(), any.end())).value() == Guid{any}));
    }));
}

}  // namespace fairway::ldap::sid_test
