// What of several hosts' logs is handed on: all events, and each log that could not be read, or not all of it.
#include "engine/run/look.hpp"

#include <doctest/doctest.h>
#include <map>

namespace fairway::look_test {

namespace {

struct FakeSights final : HostSights {
    std::map<std::string, Result<EventFile>> logs;

    std::vector<PortSeen> ports(const Host&, std::span<const std::uint16_t>) override { return {}; }
    Result<NameSeen> resolve(const std::string&) override { return NameSeen{}; }
    Result<ClockSeen> clock(const Host&) override { return ClockSeen{}; }
    Result<std::vector<std::string>> resolve_at(const Host&, const std::string&) override {
        return std::vector<std::string>();
    }
    Result<std::set<std::uint16_t>> listening(const Host&) override { return std::set<std::uint16_t>(); }
    Result<EventFile> events(const Host& host, std::int64_t) override { return logs.at(host.name); }
};

LogEvent event(std::uint32_t id) {
    LogEvent out;
    out.id = id;
    return out;
}

}  // namespace

TEST_CASE("events of all hosts, and what of their logs was not read") {
    FakeSights eyes;
    eyes.logs.emplace("HV01", EventFile{.events = {event(21024)}});
    eyes.logs.emplace("HV02", EventFile{.events = {event(20306)}, .why = "Worker-Admin: no such channel"});
    eyes.logs.emplace("HV03", fail(Code::denied, "access denied"));
    std::vector<Host> hosts(3);
    std::vector<const Host*> asked;
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        hosts[i].name = "HV0" + std::to_string(i + 1);
        asked.push_back(&hosts[i]);
    }
    const LogsSeen seen = read_logs(asked, eyes, 0, [](const std::string&) {});
    REQUIRE(seen.events.size() == 2);
    CHECK(seen.events[0].id == 21024);
    CHECK(seen.events[1].id == 20306);
    CHECK(seen.unread == std::vector<std::string>{"event logs of HV02: Worker-Admin: no such channel",
                                                  "event logs of HV03: access denied"});
}

}  // namespace fairway::look_test
