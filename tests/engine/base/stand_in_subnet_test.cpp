// Is the stand-in of a network's base a base of the same length, and no other's?
#include "engine/base/stand_in_subnet.hpp"

#include <doctest/doctest.h>
#include <set>

#include "engine/base/subnet.hpp"

namespace fairway::stand_in_subnet_test {

TEST_CASE("the base of a network stays the base of one") {
    StandIns names;
    std::set<std::string> seen;
    for (const char* text : {"10.20.0.0/16", "10.21.0.0/16", "10.0.0.16/28", "172.16.0.0/12", "192.168.7.0/24",
                             "fd20::/16", "fd20:0:1::/48", "2001:db8:5:6::/64"}) {
        const std::string_view whole = text;
        const auto slash = whole.find('/');
        const std::string base = subnet_stand_in(whole.substr(0, slash), names);
        CAPTURE(base);
        CHECK(base != whole.substr(0, slash));
        CHECK(parse_subnet(base + std::string(whole.substr(slash))).has_value());
        CHECK(seen.insert(base).second);
        CHECK(subnet_stand_in(whole.substr(0, slash), names) == base);
    }
    for (const char* same : {"0.0.0.0", "::"}) CHECK(subnet_stand_in(same, names) == same);
    CHECK(subnet_stand_in("payroll", names) == "TEXT001");
}

}  // namespace fairway::stand_in_subnet_test
