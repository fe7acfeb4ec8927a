// What is seen of hosts that answer, for a diagnosis: each sight made wrong at a host, one at a time. Runs inside the
// lab with live.cpp, whose main() it shares.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/wmi.hpp"

namespace fairway::wmi {
namespace {

constexpr std::uint16_t migration_port = 6600;

std::string lab_variable(const char* name) {
    const char* value = std::getenv(name);
    REQUIRE_MESSAGE(value != nullptr, name);
    return value;
}

Host host_named(const std::string& name) {
    Host out;
    out.name = name;
    out.dns = text::fold(name) + "." + lab_variable("LAB_DOMAIN");
    out.reach.port = static_cast<std::uint16_t>(std::stoi(lab_variable("LAB_PORT")));
    out.reach.authentication = HostAuthentication::kerberos;
    out.reach.credentials = {Credentials::Form::keytab, lab_variable("LAB_OPERATOR_KEYTAB"),
                             "operator@" + lab_variable("LAB_REALM")};
    return out;
}

// HV02, and its own switches.
struct LabSights {
    Host hv02 = host_named("HV02");
    std::unique_ptr<HostSights> sights = [this] {
        Inventory inventory;
        inventory.hosts = {hv02};
        return open_sights(reach(inventory));
    }();

    void control(const std::string& path, const std::string& json) const {
        const std::string command = fmt::format("curl -s --max-time 5 -o /dev/null -d '{}' http://{}:{}/lab/{}", json,
                                                hv02.dns, lab_variable("LAB_PORT"), path);
        REQUIRE(std::system(command.c_str()) == 0);
    }
};

// What was expected to be there.
template <class T>
T seen(Result<T> result) {
    REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().text));
    return std::move(*result);
}

std::string other() { return "hv01." + lab_variable("LAB_DOMAIN"); }

}  // namespace

TEST_CASE("sights of a host: its clock, by its word and by its HTTP answers") {
    const LabSights at;
    const auto near = [](const ClockSeen& clock, std::int64_t ahead_ms) {
        return std::abs(clock.ahead_ms - ahead_ms) <= clock.within_ms + 10;
    };
    CHECK(near(seen(at.sights->clock(at.hv02)), 0));
    at.control("clock", R"({"ahead_ms": 600000})");
    CHECK(near(seen(at.sights->clock(at.hv02)), 600'000));
    at.control("clock", R"({"ahead_ms": -600000, "refuses_tickets": true})");
    const LabSights later;  // which is not signed on yet
    const ClockSeen refused = seen(later.sights->clock(later.hv02));
    CHECK(near(refused, -600'000));
    CHECK(refused.within_ms >= 1000);
    at.control("clock", R"({"ahead_ms": 0})");
}

TEST_CASE("sights of a host: to which addresses it resolves a name") {
    const LabSights at;
    const auto here = seen(at.sights->resolve(other())).addresses;
    CHECK(seen(at.sights->resolve_at(at.hv02, other())) == here);
    at.control("resolves", fmt::format(R"({{"{}": "127.0.10.99"}})", other()));
    CHECK(seen(at.sights->resolve_at(at.hv02, other())) == std::vector<std::string>{"127.0.10.99"});
    at.control("pings", R"({"answered": false})");
    CHECK(seen(at.sights->resolve_at(at.hv02, other())) == std::vector<std::string>{"127.0.10.99"});
    at.control("pings", R"({"answered": true})");
    at.control("resolves", "{}");
    CHECK(seen(at.sights->resolve_at(at.hv02, "hv99." + lab_variable("LAB_DOMAIN"))).empty());
}

TEST_CASE("sights of a host: its ports, from here and by its word") {
    const LabSights at;
    const auto answer = [&] {
        const auto ports = at.sights->ports(at.hv02, std::array{migration_port});
        return name(ports.at(0).answer);
    };
    CHECK(answer() == "open");
    CHECK(seen(at.sights->listening(at.hv02)).contains(migration_port));
    at.control("listen", R"({"migration": false})");
    for (int i = 0; i < 100 && answer() != "refused"; ++i) {
    }
    CHECK(answer() == "refused");
    CHECK_FALSE(seen(at.sights->listening(at.hv02)).contains(migration_port));
    at.control("listen", R"({"migration": true})");
}

TEST_CASE("sights of a host: its logs from a moment on, and a log that it lacks") {
    const LabSights at;
    at.control("event", R"({"id": 21024, "age_ms": 7200000, "data": {"VmName": "old"}})");
    at.control("event", R"({"id": 20306, "data": {"VmName": "new", "ErrorCode": "0x8009030E"}})");
    const EventFile logs = seen(at.sights->events(at.hv02, system_now() - 3600));
    const auto of = [&](std::uint32_t id) {
        return std::count_if(logs.events.begin(), logs.events.end(), [&](const LogEvent& e) { return e.id == id; });
    };
    CHECK(of(20306) == 1);
    CHECK(of(21024) == 0);
    CHECK_FALSE(logs.cut);
    CHECK(
        logs.why.starts_with("Microsoft-Windows-Hyper-V-High-Availability-Admin: the host has no such event channel"));
}

}  // namespace fairway::wmi
