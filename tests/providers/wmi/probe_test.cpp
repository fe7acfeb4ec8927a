// Does a record keep the form of what was said and lose the names?
#include <doctest/doctest.h>

#include "providers/wmi/probe.hpp"

namespace fairway::wmi {
namespace {

Inventory two_hosts() {
    Inventory out;
    out.directories.resize(1);
    out.directories[0].domain = "corp.contoso.com";
    for (const char* name : {"HV1", "HV10"}) {
        Host host;
        host.name = name;
        host.dns = std::string(name) + ".corp.contoso.com";
        out.hosts.push_back(host);
    }
    return out;
}

}  // namespace

TEST_CASE("record: names, addresses and identifiers are replaced, the same by the same") {
    Redaction redact(two_hosts());
    CHECK(redact("http://hv10.corp.contoso.com:5985/wsman") == "http://host002.example.test:5985/wsman");
    CHECK(redact("<SystemName>HV1</SystemName> hv1\\x HV11") == "<SystemName>HOST001</SystemName> HOST001\\x HV11");
    CHECK(redact("CORP\\user of Corp.Contoso.Com, Microsoft Corporation") ==
          "EXAMPLE\\user of example.test, Microsoft Corporation");
    const std::string first = redact("10.20.0.11, fd20::11, 6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01");
    CHECK(first.find("10.20.0.11") == std::string::npos);
    CHECK(first.find("fd20::11") == std::string::npos);
    CHECK(first.find("6D1F6A52") == std::string::npos);
    CHECK(first.find("192.0.2.") != std::string::npos);
    CHECK(first.find("2001:db8::") != std::string::npos);
    CHECK(first.find("00000000-0000-4000-8000-") != std::string::npos);
    CHECK(redact("6d1f6a52-3c0e-4e6b-9c6e-0f1a1dca9a01 and 10.20.0.11 and fd20::11").find("192.0.2.2") !=
          std::string::npos);
    CHECK(first == redact("10.20.0.11, fd20::11, 6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01"));
}

TEST_CASE("record: what is no name stays as it is") {
    Redaction redact(two_hosts());
    for (const char* text :
         {"http://schemas.xmlsoap.org/ws/2004/09/enumeration", "OS: 10.0.20348 SP: 0.0 Stack: 3.0", "PT60.000S",
          "<p:X xsi:nil=\"true\"/>", "2026-11-22T10:11:12Z", "a:Action", "12:34"})
        CHECK(redact(text) == text);
}

}  // namespace fairway::wmi
