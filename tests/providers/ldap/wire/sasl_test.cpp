// What is settled about sealing when both have proved who they are (RFC 4752 3.1); the proof itself needs a domain,
// which the lab has (directory_test.py).
#include "providers/ldap/wire/sasl.hpp"

#include <doctest/doctest.h>

namespace fairway::ldap::sasl_test {

namespace {

std::string offer(int layers, unsigned long most) {
    return {static_cast<char>(layers), static_cast<char>(most >> 16), static_cast<char>(most >> 8),
            static_cast<char>(most)};
}

}  // namespace

TEST_CASE("everything is sealed but inside TLS, where nothing is") {
    for (const int layers : {4, 6, 7}) {
        const auto sealed = choose_layer(offer(layers, 0x0a0000), false);
        REQUIRE(sealed);
        CHECK(sealed->answer == std::string("\x04\xff\xff\xff"));
        CHECK(sealed->most == 0x0a0000);
    }
    for (const int layers : {1, 3, 7}) {
        const auto plain = choose_layer(offer(layers, 0xffffff), true);
        REQUIRE(plain);
        CHECK(plain->answer == std::string("\x01\0\0\0", 4));
        CHECK(plain->most == 0);
    }
    CHECK(choose_layer(offer(1, 0), true));
}

TEST_CASE("an offer that has no room for what we demand is refused") {
    for (const int layers : {0, 1, 2, 3})
        CHECK(choose_layer(offer(layers, 0xffffff), false).error().code == Code::denied);
    for (const int layers : {0, 2, 4, 6})
        CHECK(choose_layer(offer(layers, 0xffffff), true).error().code == Code::denied);
    for (const unsigned long most : {0UL, 1UL, 1023UL})
        CHECK(choose_layer(offer(7, most), false).error().code == Code::protocol);
    CHECK(choose_layer(offer(7, 1024), false));
    for (const std::string& odd : {std::string(), std::string("\x07\xff\xff"), offer(7, 0xffffff) + "x"})
        for (const bool inside : {false, true}) CHECK(choose_layer(odd, inside).error().code == Code::protocol);
}

}  // namespace fairway::ldap::sasl_test
