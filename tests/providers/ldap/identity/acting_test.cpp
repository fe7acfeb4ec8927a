// Who may act by a descriptor, and edits that change that and nothing else.
#include "providers/ldap/identity/acting.hpp"

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/providers/ldap/descriptors.hpp"

namespace fairway::ldap::acting_test {

using namespace fairway::ldap::sample;

namespace {

Descriptor with(std::vector<std::string> entries) {
    Draft draft;
    draft.entries = std::move(entries);
    return parse_descriptor(draft.bytes()).value();
}

std::vector<std::string> entries_of(const Descriptor& descriptor) {
    std::vector<std::string> out;
    for (const Ace& ace : descriptor.dacl->entries) out.push_back(ace.bytes);
    return out;
}

const std::string type_guid(16, 'g');
const std::string untyped = from_hex("00000000"), typed = from_hex("01000000") + type_guid,
                  inherited_type = from_hex("02000000") + type_guid;

}  // namespace

TEST_CASE("what one entry says about acting") {
    struct Row {
        std::string entry;
        bool allowed, denied;
        std::size_t unclear;
    };
    const Sid who = sid(1103);
    const std::array rows = {
        Row{ace_bytes(0, 0, 0x100, who), true, false, 0},
        Row{ace_bytes(0, 0, 0xF01FF, who), true, false, 0},
        Row{ace_bytes(0, 0, 0xF00FF, who), false, false, 0},        // everything but the right that counts
        Row{ace_bytes(0, 0x10, 0x100, who), true, false, 0},        // inherited
        Row{ace_bytes(0, 0x08, 0x100, who), false, false, 0},       // inherit-only
        Row{ace_bytes(0, 0x0A, 0x10000000, who), false, false, 0},  // inherit-only
        Row{ace_bytes(0, 0, 0x10000000, who), false, false, 1},     // generic all
        Row{ace_bytes(1, 0, 0x10000000, who), false, false, 1},
        Row{ace_bytes(1, 0, 0x100, who), false, true, 0},
        Row{ace_bytes(1, 0, 0x0FF, who), false, false, 0},
        Row{ace_bytes(5, 0, 0x100, who, untyped), true, false, 0},
        Row{ace_bytes(5, 0, 0x100, who, inherited_type), true, false, 0},
        Row{ace_bytes(5, 0, 0x100, who, typed), false, false, 1},
        Row{ace_bytes(5, 0, 0x030, who, typed), false, false, 0},
        Row{ace_bytes(6, 0, 0x100, who, untyped), false, true, 0},
        Row{ace_bytes(6, 0, 0x100, who, typed), false, false, 1},
        Row{ace_bytes(9, 0, 0x100, who, {}), false, false, 1},     // with a condition
        Row{ace_bytes(9, 0x08, 0x100, who, {}), false, false, 0},  // the same, inherit-only
        Row{ace_bytes(0x0A, 0, 0x100, who, {}), false, false, 1},
        Row{ace_bytes(4, 0, 0x100, who, {}), false, false, 1},
        Row{ace_bytes(0x16, 0, 0x100, who, {}), false, false, 1},  // not known yet
        Row{ace_bytes(2, 0, 0x100, who, {}), false, false, 0},     // an audit
        Row{ace_bytes(0x11, 0, 0x100, who, {}), false, false, 0},  // a label
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i);
        const Acting acting = who_may_act(with({rows[i].entry}));
        CHECK_FALSE(acting.everybody);
        CHECK(acting.allowed == (rows[i].allowed ? std::set{who} : std::set<Sid>()));
        CHECK(acting.denied == (rows[i].denied ? std::set{who} : std::set<Sid>()));
        CHECK(acting.unclear == rows[i].unclear);
    }
}

TEST_CASE("the first entry that speaks of a SID counts") {
    const Acting acting =
        who_may_act(with({ace_bytes(0, 0, 0xFF, sid(1)), ace_bytes(1, 0, 0x100, sid(1)), ace_bytes(0, 0, 0x100, sid(2)),
                          ace_bytes(0, 0, 0x100, sid(1)), ace_bytes(1, 0, 0x100, sid(2))}));
    CHECK(acting.allowed == std::set{sid(2)});
    CHECK(acting.denied == std::set{sid(1)});
}

TEST_CASE("without an access list everybody may, and nothing is edited") {
    Draft none;
    none.order = {Descriptor::Part::owner};
    for (const int control : {0x8004, 0x8000}) {
        none.control = static_cast<std::uint16_t>(control);
        const Descriptor read = parse_descriptor(none.bytes()).value();
        CHECK(who_may_act(read).everybody);
        REQUIRE_FALSE(allow(read, sid(1)));
        CHECK(allow(read, sid(1)).error().code == Code::refused);
        REQUIRE_FALSE(disallow(read, sid(1)));
        CHECK(disallow(read, sid(1)).error().code == Code::refused);
    }
    CHECK(who_may_act(with({})) == Acting{});
}

TEST_CASE("a fresh descriptor is what samba-tool writes") {
    CHECK(descriptor_bytes(fresh(std::array{sid(1102), sid(1104), sid(1102)})) == from_hex(two_hosts));
    CHECK(who_may_act(fresh({})) == Acting{});
    CHECK(parse_descriptor(descriptor_bytes(fresh({})).value()) == fresh({}));
    CHECK(who_may_act(fresh(std::array{sid(1)})).allowed == std::set{sid(1)});
}

TEST_CASE("a new entry stands behind the explicit ones and before the inherited") {
    const std::string deny = ace_bytes(1, 0, 0x100, sid(9)), other = ace_bytes(0, 0, 0x100, sid(8)),
                      inherited_deny = ace_bytes(1, 0x10, 0x100, sid(7)), inherited = ace_bytes(0, 0x10, 0x100, sid(6)),
                      audit = from_hex("11 00 0800 00000000"), added = allow_ace(sid(1), 0xF01FF).bytes;
    struct Row {
        std::vector<std::string> before, after;
    };
    const std::array rows = {
        Row{{}, {added}},
        Row{{deny, other}, {deny, other, added}},
        Row{{deny, other, inherited_deny, inherited}, {deny, other, added, inherited_deny, inherited}},
        Row{{inherited}, {added, inherited}},
        Row{{other, audit, inherited}, {other, audit, added, inherited}},
        // Out of order already: the denial counts more.
        Row{{inherited, deny, other, inherited}, {inherited, deny, other, added, inherited}},
    };
    for (const Row& row : rows) {
        const auto out = allow(with(row.before), sid(1));
        REQUIRE(out);
        CHECK(entries_of(*out) == row.after);
        CHECK(who_may_act(*out).allowed.contains(sid(1)));
        const auto back = disallow(*out, sid(1));
        REQUIRE(back);
        CHECK(back->descriptor == with(row.before));
        CHECK(back->removed == 1);
        CHECK_FALSE(back->remains);
    }
}

TEST_CASE("allowing what is allowed changes nothing; what is denied is refused") {
    for (const std::string& entry :
         {ace_bytes(0, 0, 0x100, sid(1)), ace_bytes(0, 0x10, 0x100, sid(1)), ace_bytes(5, 0, 0x100, sid(1), untyped)})
        CHECK(allow(with({entry}), sid(1)) == with({entry}));
    const auto denied = allow(with({ace_bytes(1, 0, 0x100, sid(1))}), sid(1));
    REQUIRE_FALSE(denied);
    CHECK(denied.error().code == Code::refused);
    // Allowed already, denied too late.
    CHECK(allow(with({ace_bytes(0, 0, 0x100, sid(1)), ace_bytes(1, 0, 0x100, sid(1))}), sid(1)));
    // Rights without the one that counts are no allowance.
    CHECK(entries_of(allow(with({ace_bytes(0, 0, 0xFF, sid(1))}), sid(1)).value()).size() == 2);
}

TEST_CASE("a list that is full takes nobody") {
    std::vector<Sid> many;
    for (std::uint32_t i = 0; i < 1820; ++i) many.push_back(sid(i));
    const Descriptor full = fresh(many);
    REQUIRE(descriptor_bytes(full));
    CHECK(allow(full, sid(0)));
    REQUIRE_FALSE(allow(full, sid(5000)));
    CHECK(allow(full, sid(5000)).error().code == Code::refused);
}

TEST_CASE("disallowing takes the plain entries that count, and no others") {
    const std::vector<std::string> stay = {
        ace_bytes(0, 0, 0xFF, sid(1)),  ace_bytes(0, 0x08, 0x100, sid(1)), ace_bytes(5, 0, 0x100, sid(1), typed),
        ace_bytes(9, 0, 0x100, sid(1)), ace_bytes(0, 0, 0x100, sid(2)),    ace_bytes(1, 0, 0x100, sid(1)),
    };
    std::vector<std::string> all = stay;
    all.insert(all.begin(), ace_bytes(0, 0, 0x100, sid(1)));
    all.insert(all.begin() + 3, ace_bytes(0, 0x10, 0xF01FF, sid(1)));
    all.push_back(ace_bytes(0, 0, 0x10000000, sid(1)));
    const auto out = disallow(with(all), sid(1));
    REQUIRE(out);
    CHECK(entries_of(out->descriptor) == stay);
    CHECK(out->removed == 3);
    CHECK_FALSE(out->remains);
    const auto object =
        disallow(with({ace_bytes(0, 0, 0x100, sid(1)), ace_bytes(5, 0, 0x100, sid(1), untyped)}), sid(1));
    REQUIRE(object);
    CHECK(object->removed == 1);
    CHECK(object->remains);
    CHECK(disallow(with({}), sid(1))->removed == 0);
}

TEST_CASE("edits keep every other byte where it was") {
    Draft draft;
    draft.order = {Descriptor::Part::gap,  Descriptor::Part::dacl,  Descriptor::Part::gap,
                   Descriptor::Part::sacl, Descriptor::Part::group, Descriptor::Part::owner};
    draft.gap = from_hex("deadbeef");
    draft.slack = from_hex("01020304");
    draft.control = 0xB414;
    draft.entries = {ace_bytes(0, 0, 0x100, sid(2))};
    draft.revision = 2;
    const Descriptor before = parse_descriptor(draft.bytes()).value();
    draft.entries.push_back(allow_ace(sid(3), 0xF01FF).bytes);
    CHECK(descriptor_bytes(allow(before, sid(3)).value()) == draft.bytes());
}

TEST_CASE("on any list: allow, then disallow") {
    CHECK(rc::check([] {
        std::vector<std::string> entries;
        const auto count = *rc::gen::inRange(0, 8);
        for (int i = 0; i < count; ++i)
            entries.push_back(ace_bytes(*rc::gen::element<std::uint8_t>(0, 0, 1, 2, 5, 6, 9),
                                        *rc::gen::element<std::uint8_t>(0, 0x10, 0x08, 0x1A),
                                        *rc::gen::element<std::uint32_t>(0xFF, 0x100, 0xF01FF, 0x10000000),
                                        sid(*rc::gen::inRange<std::uint32_t>(1, 4)), untyped));
        const Descriptor before = with(entries);
        const Sid who = sid(*rc::gen::inRange<std::uint32_t>(1, 5));
        const Acting acting = who_may_act(before);
        const auto after = allow(before, who);
        RC_ASSERT(after.has_value() != acting.denied.contains(who));
        if (!after) return;
        Acting wanted = acting;
        wanted.allowed.insert(who);
        RC_ASSERT((who_may_act(*after) == wanted));
        RC_ASSERT((allow(*after, who).value() == *after));
        const auto back = disallow(*after, who);
        RC_ASSERT(back.has_value());
        RC_ASSERT(back->remains == who_may_act(back->descriptor).allowed.contains(who));
        RC_ASSERT(disallow(back->descriptor, who)->removed == 0u);
        if (who == sid(4)) RC_ASSERT((back->descriptor == before));
        // Only plain entries of that SID are gone, in any case.
        auto others = [&](std::vector<std::string> list) {
            std::erase_if(list, [&](const std::string& ace) { return ace[0] == 0 && ace.ends_with(sid_bytes(who)); });
            return list;
        };
        RC_ASSERT(others(entries_of(back->descriptor)) == others(entries));
    }));
}

}  // namespace fairway::ldap::acting_test
