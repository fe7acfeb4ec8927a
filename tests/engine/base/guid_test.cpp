// What is a GUID, and what is none?
#include "engine/base/guid.hpp"

#include <doctest/doctest.h>

namespace fairway::guid_test {

TEST_CASE("guid: 32 hexadecimal digits in five groups") {
    CHECK(fairway::is_guid("6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01"));
    CHECK(fairway::is_guid("6d1f6a52-3c0e-4e6b-9c6e-0f1a1dca9a01"));
    for (const char* none : {"", "6D1F6A52", "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A0",
                             "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A012", "{6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01}",
                             "6D1F6A5G-3C0E-4E6B-9C6E-0F1A1DCA9A01", "6D1F6A52+3C0E-4E6B-9C6E-0F1A1DCA9A01"})
        CHECK_FALSE(fairway::is_guid(none));
}

}  // namespace fairway::guid_test
