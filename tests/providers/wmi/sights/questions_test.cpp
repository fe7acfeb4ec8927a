// Do the questions to a host stand as WQL wants them, and is every answer read, an odd one refused?
#include "providers/wmi/sights/questions.hpp"

#include <doctest/doctest.h>

namespace fairway::wmi::questions_test {
namespace {

using Instances = std::vector<cim::Instance>;

cim::Instance row(std::vector<cim::Property> properties) { return {"", std::move(properties)}; }
cim::Property text(std::string_view name, std::string value) { return cim::scalar(name, "", std::move(value)); }

Instances ping(const std::string& status, const std::string& address) {
    return {row({text("PrimaryAddressResolutionStatus", status), text("ProtocolAddress", address)})};
}

}  // namespace

TEST_CASE("questions to a host: a name of a stranger stays inside its quotes") {
    CHECK(ask_clock().resource == "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*");
    CHECK(ask_listening().resource == "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/StandardCimv2/*");
    CHECK(ask_listening().wql == "SELECT LocalPort FROM MSFT_NetTCPConnection WHERE State = 2");
    CHECK(ask_ping("x' OR Address = 'y").wql.ends_with("WHERE Address = 'x\\' OR Address = \\'y'"));
    CHECK(ask_resolver_cache("a'b").wql.ends_with("WHERE Entry = 'a\\'b'"));
}

TEST_CASE("clock: a time with its zone, and how fine it is") {
    const auto fine = read_clock({row({text("LocalDateTime", "2026-11-29T12:00:00.250+02:00")})});
    REQUIRE_MESSAGE(fine.has_value(), (fine ? "" : fine.error().text));
    CHECK(fine->ms == 1795946400250);
    CHECK(fine->finest == 1);
    const auto coarse = read_clock({row({text("LocalDateTime", "20261129120000.000000+120")})});
    REQUIRE(coarse.has_value());
    CHECK(coarse->ms == 1795946400000);
    CHECK(coarse->finest == 1000);
    for (const Instances& odd :
         {Instances{}, Instances{row({})}, Instances{row({}), row({})}, Instances{row({text("LocalDateTime", "noon")})},
          Instances{row({text("LocalDateTime", "2026-11-29T12:00:00")})},
          Instances{row({text("LocalDateTime", "PT5S")})}})
        CHECK_FALSE(read_clock(odd).has_value());
}

TEST_CASE("listening: ports, each once") {
    const auto ports = read_listening(
        {row({text("LocalPort", "6600")}), row({text("LocalPort", "445")}), row({text("LocalPort", "6600")})});
    REQUIRE(ports.has_value());
    CHECK(*ports == std::set<std::uint16_t>{445, 6600});
    CHECK(read_listening({})->empty());
    for (const char* odd : {"65536", "-1", "x", ""})
        CHECK_FALSE(read_listening({row({text("LocalPort", odd)})}).has_value());
    CHECK_FALSE(read_listening({row({})}).has_value());
}

TEST_CASE("ping: who answered, nobody, no such name, and no resolver") {
    CHECK(read_ping(ping("0", "10.0.0.12"))->address == "10.0.0.12");
    CHECK(read_ping(ping("0", "fe80::1%12"))->address == "fe80::1");
    CHECK(read_ping(ping("0", ""))->address.empty());
    CHECK(read_ping(ping("0", ""))->known);
    CHECK(read_ping({row({text("PrimaryAddressResolutionStatus", "0")})})->address.empty());
    CHECK_FALSE(read_ping(ping("11001", ""))->known);
    CHECK_FALSE(read_ping(ping("11004", ""))->known);
    CHECK(read_ping(ping("11002", "")).error().code == Code::unreachable);
    CHECK(read_ping(ping("0", "<b>")).error().code == Code::protocol);
    CHECK(read_ping({}).error().code == Code::protocol);
    CHECK(read_ping({row({})}).error().code == Code::protocol);
}

TEST_CASE("the resolver's cache: addresses of both families, each once, and nothing else") {
    const auto record = [](const std::string& type, const std::string& data) {
        return row({text("Type", type), text("Data", data)});
    };
    CHECK(read_resolver_cache({record("5", "hv02.corp.example"), record("1", "10.0.0.12"), record("28", "FE80::1"),
                               record("1", "10.0.0.12"), record("1", "no address"), record("x", "10.0.0.13"),
                               row({})}) == std::vector<std::string>{"10.0.0.12", "fe80::1"});
}

}  // namespace fairway::wmi::questions_test
