// Security descriptors in bytes: what is read is written as it was, and what makes no sense is refused.
#include "providers/ldap/identity/descriptor.hpp"

#include <array>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/providers/ldap/descriptors.hpp"

namespace fairway::ldap::descriptor_test {

using namespace fairway::ldap::sample;

namespace {

using Part = Descriptor::Part;

std::vector<Part> parts_of(const Descriptor& descriptor) {
    std::vector<Part> out;
    for (const auto& piece : descriptor.pieces) out.push_back(piece.part);
    return out;
}

void check_refused(std::string_view bytes, std::string_view why) {
    INFO(why);
    const auto read = parse_descriptor(bytes);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::protocol);
    INFO(read.error().text);
    CHECK(read.error().text.find(why) != std::string::npos);
}

}  // namespace

TEST_CASE("a descriptor as samba-tool delegation add-principal wrote it") {
    const auto read = parse_descriptor(from_hex(two_hosts));
    REQUIRE(read);
    CHECK(read->control == 0x8004);
    CHECK(show_sid(*read->owner) == "S-1-5-32-544");
    CHECK_FALSE(read->group);
    CHECK(parts_of(*read) == std::vector{Part::owner, Part::dacl});
    REQUIRE(read->dacl);
    CHECK(read->dacl->revision == 4);
    REQUIRE(read->dacl->entries.size() == 2);
    const Ace& ace = read->dacl->entries[1];
    CHECK(ace.type == ace_allow);
    CHECK(ace.grant == Grant{true, 0xF01FF, false, sid(1104)});
    CHECK(ace == allow_ace(sid(1104), 0xF01FF));
    CHECK(descriptor_bytes(*read) == from_hex(two_hosts));
}

TEST_CASE("a descriptor of an object, as provisioned") {
    const auto read = parse_descriptor(from_hex(operation));
    REQUIRE(read);
    CHECK(parts_of(*read) == std::vector{Part::owner, Part::group, Part::dacl});
    CHECK(read->owner == sid(519));
    CHECK(read->group == sid(519));
    CHECK(read->dacl->entries.size() == 5);
    CHECK(read->dacl->entries[2].grant == Grant{true, 0x20094, false, Sid{5, {11}}});
    CHECK(read->dacl->entries[3].flags == 0x12);
    CHECK(descriptor_bytes(*read) == from_hex(operation));
}

TEST_CASE("parts in any order, gaps and slack are kept") {
    Draft draft;
    draft.order = {Part::gap, Part::dacl, Part::gap, Part::owner, Part::group, Part::sacl, Part::gap};
    draft.gap = from_hex("de ad be ef");
    draft.slack = from_hex("01 02 03 04");
    draft.control = 0xFFFF;
    draft.entries = {ace_bytes(0, 0x10, 0x100, sid(7)), from_hex("2a ff 0800 11223344")};
    const std::string bytes = draft.bytes();
    const auto read = parse_descriptor(bytes);
    REQUIRE(read);
    CHECK(parts_of(*read) == draft.order);
    CHECK(read->dacl->slack == draft.slack);
    REQUIRE(read->dacl->entries.size() == 2);
    CHECK(read->dacl->entries[0].flags == 0x10);
    CHECK_FALSE(read->dacl->entries[1].grant);
    CHECK(descriptor_bytes(*read) == bytes);
}

TEST_CASE("object entries, with and without types") {
    const std::string guid(16, 'g');
    struct Row {
        std::uint8_t type;
        std::string between;
        bool allow, typed;
    };
    const std::array rows = {
        Row{5, from_hex("00000000"), true, false},
        Row{5, from_hex("01000000") + guid, true, true},
        Row{6, from_hex("02000000") + guid, false, false},
        Row{6, from_hex("03000000") + guid + guid, false, true},
    };
    for (const Row& row : rows) {
        Draft draft;
        draft.entries = {ace_bytes(row.type, 0, 0x30, sid(9), row.between)};
        const auto read = parse_descriptor(draft.bytes());
        REQUIRE(read);
        CHECK(read->dacl->entries[0].grant == Grant{row.allow, 0x30, row.typed, sid(9)});
    }
}

TEST_CASE("what stands behind the SID of an entry is kept") {
    Draft draft;
    draft.entries = {ace_bytes(0, 0, 0x100, sid(9)) + from_hex("0a0b0c0d")};
    draft.entries[0][2] = static_cast<char>(draft.entries[0].size());
    const auto read = parse_descriptor(draft.bytes());
    REQUIRE(read);
    CHECK(read->dacl->entries[0].grant->sid == sid(9));
    CHECK(descriptor_bytes(*read) == draft.bytes());
}

TEST_CASE("bytes that should be zero and are not are kept") {
    std::string bytes = from_hex(two_hosts);
    bytes[1] = '\x01';   // Sbz1, which is a resource manager's under its flag
    bytes[37] = '\x02';  // Sbz1 and Sbz2 of the list
    bytes[42] = '\x03';
    bytes[43] = '\x04';
    CHECK(descriptor_bytes(parse_descriptor(bytes).value()) == bytes);
}

TEST_CASE("no access list and an empty one are two things") {
    Draft none;
    none.order = {Part::owner};
    CHECK_FALSE(parse_descriptor(none.bytes())->dacl);  // SE_DACL_PRESENT and offset 0: a null one
    none.control = 0x8000;
    CHECK_FALSE(parse_descriptor(none.bytes())->dacl);
    const auto empty = parse_descriptor(Draft{}.bytes());
    REQUIRE(empty);
    REQUIRE(empty->dacl);
    CHECK(empty->dacl->entries.empty());
    CHECK(parse_descriptor(from_hex("01000080 00000000 00000000 00000000 00000000")));
}

TEST_CASE("headers and offsets that make no sense") {
    const std::string good = from_hex(two_hosts);
    check_refused(good.substr(0, 19), "cut short");
    check_refused(good + std::string(most_descriptor_bytes, '\0'), "longer than");
    check_refused("\x02" + good.substr(1), "revision 1");
    const auto with = [&](std::size_t at, std::string_view hex) {
        const std::string bytes = from_hex(hex);
        return good.substr(0, at) + bytes + good.substr(at + bytes.size());
    };
    check_refused(with(2, "0400"), "self-relative");
    check_refused(with(2, "0080"), "flags deny");
    check_refused(with(12, "14000000"), "flags deny");  // a SACL without its flag
    for (const char* offset : {"01000000", "10000000", "13000000", "15000000", "16000000", "74000000", "ffffffff"})
        check_refused(with(4, offset), "leads nowhere");
    check_refused(with(8, "14000000"), "overlap");  // owner and group in one place
    check_refused(with(4, "28000000"), "overlap");  // a SID within the list
    check_refused(with(20, "02"), "revision 1");
    check_refused(with(21, "03"), "overlap");
    check_refused(with(21, "00"), "sub authorities");
}

TEST_CASE("access lists and entries that make no sense") {
    const std::string good = from_hex(two_hosts);  // its list begins at 36, the entries at 44 and 80
    const auto with = [&](std::size_t at, std::string_view hex) {
        const std::string bytes = from_hex(hex);
        return good.substr(0, at) + bytes + good.substr(at + bytes.size());
    };
    REQUIRE(parse_descriptor(with(38, "5000")));
    check_refused(with(36, "03"), "revision 3");
    check_refused(with(38, "0400"), "4 bytes");
    check_refused(with(38, "0000"), "0 bytes");
    check_refused(with(38, "4e00"), "78 bytes");
    check_refused(with(38, "5400"), "84 bytes");
    check_refused(with(38, "4c00"), "36 bytes, of 32");
    check_refused(with(40, "0300"), "cut short");
    check_refused(with(46, "2200"), "34 bytes");
    check_refused(with(46, "0000"), "0 bytes");
    check_refused(with(46, "0400"), "too short for its type");
    check_refused(with(46, "0800"), "a security identifier is cut short");
    check_refused(with(46, "2000"), "a security identifier is cut short");
    check_refused(with(52, "02"), "revision 1");
    check_refused(with(44, "05"), "flags that nobody defined");
    check_refused(good.substr(0, good.size() - 4), "80 bytes, of 76");
    check_refused(good.substr(0, 40), "access list is cut short");
    Draft draft;
    draft.entries = {from_hex("05 00 0800 00010000")};
    check_refused(draft.bytes(), "too short for its type");
    draft.entries = {from_hex("05 00 1000 00010000 03000000 00000000")};
    check_refused(draft.bytes(), "too short for its types");
}

TEST_CASE("what has become too long is not written") {
    auto read = parse_descriptor(from_hex(two_hosts));
    REQUIRE(read);
    while (size_of(*read->dacl) + 36 <= most_acl_bytes) read->dacl->entries.push_back(allow_ace(sid(1), 0x100));
    CHECK(descriptor_bytes(*read));
    CHECK(parse_descriptor(descriptor_bytes(*read).value()) == *read);
    read->dacl->entries.push_back(allow_ace(sid(1), 0x100));
    REQUIRE_FALSE(descriptor_bytes(*read));
    CHECK(descriptor_bytes(*read).error().code == Code::refused);
    read->dacl->entries.clear();
    const std::size_t size = descriptor_bytes(*read)->size();
    read->pieces.push_back({Part::gap, std::string(most_descriptor_bytes - size, 'x')});
    CHECK(parse_descriptor(descriptor_bytes(*read).value()) == *read);
    read->pieces.back().bytes += 'x';
    CHECK_FALSE(descriptor_bytes(*read));
}

TEST_CASE("any accepted bytes are written as they were") {
    // Real bytes with a few changed: many are accepted, and reach every field.
    CHECK(rc::check([] {
        std::string bytes = from_hex(*rc::gen::element(two_hosts, operation));
        const auto changes = *rc::gen::inRange(0, 4);
        for (int i = 0; i < changes; ++i)
            bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
        const auto read = parse_descriptor(bytes);
        if (!read) return;
        RC_ASSERT(descriptor_bytes(*read).value() == bytes);
        RC_ASSERT((parse_descriptor(bytes).value() == *read));
    }));
}

}  // namespace fairway::ldap::descriptor_test
