// Is every name replaced by the same stand-in wherever it comes up, and does what names nobody stay?
#include <doctest/doctest.h>

#include "engine/base/stand_ins.hpp"

namespace fairway::stand_ins_test {
namespace {

using Kind = StandIns::Kind;

StandIns two_hosts() {
    StandIns out;
    out.know_domain("corp.contoso.com");
    out.know_host("HV1", "HV1.corp.contoso.com");
    out.know_host("HV10", "HV10.corp.contoso.com");
    return out;
}

}  // namespace

TEST_CASE("stand-ins: names, addresses and identifiers are replaced, the same by the same") {
    StandIns names = two_hosts();
    CHECK(names.in("http://hv10.corp.contoso.com:5985/wsman") == "http://host002.example.test:5985/wsman");
    CHECK(names.in("<SystemName>HV1</SystemName> hv1\\x HV11") == "<SystemName>HOST001</SystemName> HOST001\\x HV11");
    CHECK(names.in("CORP\\user of Corp.Contoso.Com, Microsoft Corporation") ==
          "EXAMPLE\\user of example.test, Microsoft Corporation");
    const std::string first = names.in("10.20.0.11, fd20::11, 6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01");
    CHECK(first == "198.18.0.1, 2001:db8::1, 00000000-0000-4000-8000-000000000001");
    CHECK(names.in("6d1f6a52-3c0e-4e6b-9c6e-0f1a1dca9a01 at 10.20.0.11 and fd20::11, uuid:6D1F6A52-3C0E-4E6B-9C6E-"
                   "0F1A1DCA9A01") ==
          "00000000-0000-4000-8000-000000000001 at 198.18.0.1 and 2001:db8::1, "
          "uuid:00000000-0000-4000-8000-000000000001");
    CHECK(names.in("S-1-5-21-7-8-9-1104 and S-1-5-32-544") == "S-1-5-21-1-2-3-1 and S-1-5-32-544");
}

TEST_CASE("stand-ins: a host that nobody named is one all the same in a domain that is known") {
    StandIns names = two_hosts();
    CHECK(names.in("dc07.corp.contoso.com says") == "host003.example.test says");
    CHECK(names.in("DC07 says") == "HOST003 says");
    CHECK(names.of("dc07", Kind::name) == "HOST003");
    CHECK(names.of("HV10.corp.contoso.com", Kind::name) == "host002.example.test");
}

TEST_CASE("stand-ins: one value has one stand-in, whatever it is taken for") {
    StandIns names = two_hosts();
    CHECK(names.of("payroll", Kind::name) == "NAME001");
    CHECK(names.of("PAYROLL", Kind::text) == "NAME001");
    CHECK(names.of("4711", Kind::name) == "NAME002");
    CHECK(names.of("6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01", Kind::name) == "00000000-0000-4000-8000-000000000001");
    for (int i = 0; i < 70000; ++i)
        names.in("10." + std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) + "." +
                 std::to_string(i % 256));
    CHECK(names.in("10.0.1.1 10.1.1.1") == "198.18.1.2 198.19.1.2");
}

TEST_CASE("stand-ins: what is no name stays as it is") {
    StandIns names = two_hosts();
    for (const char* text :
         {"http://schemas.xmlsoap.org/ws/2004/09/enumeration", "OS: 10.0.20348 SP: 0.0 Stack: 3.0", "PT60.000S",
          "<p:X xsi:nil=\"true\"/>", "2026-11-22T10:11:12Z", "a:Action", "12:34", "127.0.0.1", "::", "0.0.0.0"})
        CHECK(names.in(text) == text);
    for (const char* text : {"",
                             "0",
                             "-1",
                             "4294967295",
                             "1.5",
                             "10.0.20348",
                             "1.2.840.113556.1.4.417",
                             "true",
                             "FALSE",
                             "2026-11-22T10:11:12.123456Z",
                             "1601-01-01T00:00:00Z",
                             "PT60.000S",
                             "P0DT0H5M0S",
                             "20261122101112.000000+000",
                             "00000000000100.000000:000",
                             "20261122101112.0Z",
                             "::",
                             "::0",
                             "0.0.0.0",
                             "0.0.0.0/0",
                             "S-1-5-32-544x"}) {
        CAPTURE(text);
        const bool name = std::string_view(text).ends_with("x");
        CHECK(names.by_form(text).value_or("(a name)") == (name ? "(a name)" : text));
    }
    CHECK(names.by_form("10.20.0.0/24") == "198.18.0.1/24");
    for (const char* text : {"payroll", "P", "PD", "Pay2D rolls", "1 Main Street", "1-2-3-4-5-6-7-8 x", "a", "12a"})
        CHECK_FALSE(names.by_form(text));
}

}  // namespace fairway::stand_ins_test
