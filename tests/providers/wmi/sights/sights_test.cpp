// What is seen of a host by what it says: is it asked the right thing, and is what it cannot say an error with its
// name?
#include "providers/wmi/sights/sights.hpp"

#include "tests/providers/wmi/fake_host.hpp"

namespace fairway::wmi::sights_test {
namespace {

const std::string clock_query = "SELECT LocalDateTime FROM Win32_OperatingSystem";
const std::string listen_query = "SELECT LocalPort FROM MSFT_NetTCPConnection WHERE State = 2";
const std::string ping_query =
    "SELECT ProtocolAddress, PrimaryAddressResolutionStatus FROM Win32_PingStatus WHERE Address = 'hv02.corp.example'";
const std::string cache_query = "SELECT Data, Type FROM MSFT_DNSClientCache WHERE Entry = 'hv02.corp.example'";

std::string fragment(const std::string& columns) { return "<w:XmlFragment>" + columns + "</w:XmlFragment>"; }

std::string ping(const std::string& status, const std::string& address) {
    return fragment("<PrimaryAddressResolutionStatus>" + status +
                    "</PrimaryAddressResolutionStatus>"
                    "<ProtocolAddress>" +
                    address + "</ProtocolAddress>");
}

std::string cached(const std::string& type, const std::string& data) {
    return fragment("<Data>" + data + "</Data><Type>" + type + "</Type>");
}

struct Seeing {
    World world;
    FakeHost& host = world.hosts["HV01"];
    std::int64_t now = 1795946400000;  // 2026-11-29T10:00:00Z
    std::unique_ptr<HostSights> sights = make_sights(world.all, [this] { return now += 100; });
    const Host& hv01 = world.inventory.hosts.front();
};

}  // namespace

TEST_CASE("sights: the clock is compared at the middle of the round trip") {
    Seeing at;
    at.host.classes[clock_query] = {{fragment("<LocalDateTime>2026-11-29T11:10:00.150+01:00</LocalDateTime>")}};
    const auto clock = at.sights->clock(at.hv01);
    REQUIRE_MESSAGE(clock.has_value(), (clock ? "" : clock.error().text));
    CHECK(clock->ahead_ms == 600'000);
    CHECK(clock->within_ms == 51);
}

TEST_CASE("sights: the clock of a host that takes no sign-on is that of its HTTP answer") {
    Seeing at;
    at.host.down = Error{Code::denied, "the ticket is refused"};
    CHECK(at.sights->clock(at.hv01).error().text == "HV01: the ticket is refused");
    at.world.all->clock = ClockSeen{600'000, 1'020};
    const auto clock = at.sights->clock(at.hv01);
    REQUIRE(clock.has_value());
    CHECK(clock->ahead_ms == 600'000);
    CHECK(clock->within_ms == 1'020);
}

TEST_CASE("sights: ports on which the host listens") {
    Seeing at;
    at.host.classes[listen_query] = {
        {fragment("<LocalPort>6600</LocalPort>"), fragment("<LocalPort>5985</LocalPort>")}};
    const auto ports = at.sights->listening(at.hv01);
    REQUIRE_MESSAGE(ports.has_value(), (ports ? "" : ports.error().text));
    CHECK(*ports == std::set<std::uint16_t>{5985, 6600});
    CHECK(at.host.log == Strings{listen_query});
}

TEST_CASE("sights: to which address the host resolves a name, by its resolver and by who answers there") {
    Seeing at;
    const auto resolved = [&] { return at.sights->resolve_at(at.hv01, "hv02.corp.example"); };
    at.host.classes[ping_query] = {{ping("0", "10.0.0.12")}};
    CHECK(*resolved() == Strings{"10.0.0.12"});  // the host has no such cache, or may not show it
    at.host.classes[cache_query] = {{cached("1", "10.0.0.12"), cached("28", "fd00::12")}};
    CHECK(*resolved() == Strings{"10.0.0.12", "fd00::12"});
    at.host.classes[ping_query] = {{ping("0", "")}};
    CHECK(*resolved() == Strings{"10.0.0.12", "fd00::12"});
    at.host.classes[cache_query] = {{}};
    const auto silent = resolved();
    REQUIRE_FALSE(silent.has_value());
    CHECK(silent.error().code == Code::unsupported);
    CHECK(silent.error().text ==
          "HV01: the host resolves hv02.corp.example, but does not say to which address: nobody answers a ping there, "
          "and its resolver's cache has no address");
    at.host.log.clear();
    at.host.classes[ping_query] = {{ping("11001", "")}};
    CHECK(resolved()->empty());
    CHECK(at.host.log == Strings{ping_query});
}

TEST_CASE("sights: a host that is down, and one that nobody knows, are errors with its name") {
    Seeing at;
    at.host.down = Error{Code::unreachable, "no answer"};
    CHECK(at.sights->clock(at.hv01).error().text == "HV01: no answer");
    CHECK(at.sights->listening(at.hv01).error().code == Code::unreachable);
    CHECK(at.sights->resolve_at(at.hv01, "hv02.corp.example").error().code == Code::unreachable);
    CHECK(at.sights->events(at.hv01, 0).error().text == "HV01: no answer");
    Host stranger;
    stranger.name = "HV09";
    CHECK(at.sights->clock(stranger).error().text == "HV09: is not in the inventory");
}

}  // namespace fairway::wmi::sights_test
