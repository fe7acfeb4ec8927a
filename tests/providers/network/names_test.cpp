// Does the resolver's answer come whole: every address once, and the names that they lead back to?
#include "providers/network/names.hpp"

#include <doctest/doctest.h>

namespace fairway::network::names_test {

TEST_CASE("names: a name has addresses and leads back; an address is its own") {
    const auto name = resolve("LOCALHOST");
    REQUIRE_MESSAGE(name.has_value(), (name ? "" : name.error().text));
    CHECK(std::count(name->addresses.begin(), name->addresses.end(), "127.0.0.1") == 1);
    CHECK(name->back.contains("localhost"));
    const auto address = addresses_of("127.0.0.1");
    REQUIRE(address.has_value());
    CHECK(*address == std::vector<std::string>{"127.0.0.1"});
}

TEST_CASE("names: one without an address has none; who needs one is told which name that is") {
    const auto none = resolve("no-such-machine.invalid");
    const auto needed = addresses_of("no-such-machine.invalid");
    REQUIRE_FALSE(needed.has_value());
    CHECK(needed.error().text.find("no-such-machine.invalid") != std::string::npos);
    // Without a name server the same question is not answered at all.
    if (needed.error().code == Code::not_found) CHECK(none->addresses.empty());
    else CHECK(none.error().code == Code::unreachable);
}

}  // namespace fairway::network::names_test
