// Properties of small pure pieces, on values that RapidCheck draws and shrinks.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "engine/base/clock.hpp"
#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"
#include "engine/base/timestamp.hpp"
#include "engine/model/value.hpp"

namespace fairway::properties_test {

namespace {

// Few letters in both cases, so that elements meet.
Set any_set() {
    return Set(*rc::gen::container<std::vector<std::string>>(
        rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('a', 'A', 'b', '/')))));
}

}  // namespace

TEST_CASE("set algebra by key") {
    CHECK(rc::check("a union covers both, and nothing else", [] {
        const Set a = any_set(), b = any_set(), both = unite(Key::whole, a, b);
        RC_ASSERT(covers(Key::whole, both, a));
        RC_ASSERT(covers(Key::whole, both, b));
        RC_ASSERT(subtract(Key::whole, subtract(Key::whole, both, a), b).empty());
    }));
    CHECK(rc::check("a difference and an intersection make the whole again, in its spelling", [] {
        const Set a = any_set(), b = any_set();
        RC_ASSERT(unite(Key::whole, subtract(Key::whole, a, b), intersect(Key::whole, a, b)) == a);
        RC_ASSERT(intersect(Key::whole, subtract(Key::whole, a, b), b).empty());
    }));
    CHECK(rc::check("covers is a difference that is empty", [] {
        const Set a = any_set(), b = any_set();
        RC_ASSERT(covers(Key::whole, a, b) == subtract(Key::whole, b, a).empty());
    }));
}

TEST_CASE("a subnet reads as it is shown, and holds its own base") {
    CHECK(rc::check([] {
        IpAddress base;
        base.v6 = *rc::gen::arbitrary<bool>();
        for (std::size_t i = 0; i < (base.v6 ? 16u : 4u); ++i) base.bytes[i] = *rc::gen::arbitrary<std::uint8_t>();
        const auto whole = parse_subnet(show(base));
        RC_ASSERT(whole.has_value());
        RC_ASSERT(whole->base == base);
        RC_ASSERT(parse_subnet(show(*whole)) == whole);
        RC_ASSERT(contains(*whole, base));
        RC_ASSERT(contains(*parse_subnet(base.v6 ? "::/0" : "0.0.0.0/0"), base));
    }));
}

TEST_CASE("what is printable stays, and what is made printable is") {
    CHECK(rc::check([](const std::string& bytes) {
        const std::string shown = text::printable(bytes);
        RC_ASSERT(text::is_clean_utf8(shown));
        RC_ASSERT(shown.find('\n') == std::string::npos);
        RC_ASSERT(text::printable(shown) == shown);
    }));
}

TEST_CASE("a time reads as it is shown") {
    CHECK(rc::check([] {
        const auto seconds = *rc::gen::inRange<std::int64_t>(0, 253'402'300'799);
        RC_ASSERT(parse_timestamp(show_time(seconds)) == seconds);
    }));
}

}  // namespace fairway::properties_test
