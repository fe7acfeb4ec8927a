// Why one move failed: the path, the error and the events together.
#include "engine/diagnosis/failed_move.hpp"

#include <cstdio>
#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"

namespace fairway::failed_move_test {

namespace {

FailedMove move(std::string error, PathState delegation = PathState::open) {
    FailedMove out;
    out.path = {.from = "HV01", .to = "HV02", .state = delegation, .conditions = {}};
    Condition condition;
    condition.name = "delegation";
    condition.state = delegation;
    condition.evidence = "as read";
    if (delegation == PathState::closed) condition.fix = {"HV01", &setting::delegation_services};
    out.path.conditions = {condition};
    out.error = std::move(error);
    return out;
}

LogEvent event(std::uint32_t id, std::uint32_t level, const std::string& message) {
    LogEvent out;
    out.channel = "Microsoft-Windows-Hyper-V-VMMS-Admin";
    out.provider = "Microsoft-Windows-Hyper-V-VMMS";
    out.computer = "hv01.corp.example";
    out.id = id;
    out.level = level;
    out.message = message;
    return out;
}

}  // namespace

TEST_CASE("a failed move: a condition that is closed is the cause, and the code of the error speaks for it") {
    const WhyFailed why = why_failed(move("MigrateVirtualSystemToHost failed with 0x8009030E: no", PathState::closed));
    REQUIRE(why.closed.size() == 1);
    CHECK(why.closed[0].name == "delegation");
    CHECK(why.code == 0x8009030E);
    REQUIRE_FALSE(why.causes.empty());
    CHECK(why.causes[0].row->id == "delegation-missing");
    CHECK(why.causes[0].evidence.size() == 2);
}

TEST_CASE("a failed move: where the path is open, the code alone tells the cause, or the events do") {
    const WhyFailed by_code = why_failed(move("failed with 0x80072746: the connection was cut"));
    CHECK(by_code.closed.empty());
    REQUIRE(by_code.code.has_value());
    REQUIRE_FALSE(by_code.causes.empty());
    CHECK(by_code.causes[0].row->id == find_code(*by_code.code)->cause);

    FailedMove logged = move("HV01: the connection broke off");
    logged.events = {event(20306, 2, "it failed (0x80090322)."), event(20413, 4, "it began")};
    const WhyFailed by_event = why_failed(std::move(logged));
    CHECK_FALSE(by_event.code.has_value());
    REQUIRE(by_event.events.size() == 1);  // what went well is no event of a failure
    CHECK(by_event.events[0].id == 20306);
    REQUIRE_FALSE(by_event.causes.empty());
    CHECK(by_event.causes[0].from == "HV01");
    CHECK(by_event.causes[0].to == "HV02");
}

TEST_CASE("a failed move: the first code that tells a cause counts, behind one that is only known by its name") {
    std::uint32_t silent = 0;
    for (const CodeCause& row : code_table())
        if (row.cause.empty()) silent = row.code;
    REQUIRE(silent != 0);
    char text[64];
    std::snprintf(text, sizeof text, "failed with 0x%08X and 0x8009030E", silent);
    CHECK(why_failed(move(text)).code == 0x8009030E);
    std::snprintf(text, sizeof text, "failed with 0x%08X", silent);
    const WhyFailed why = why_failed(move(text));
    CHECK(why.code == silent);
    CHECK(why.causes.empty());
    CHECK_FALSE(why_failed(move("nobody answers")).code.has_value());
}

}  // namespace fairway::failed_move_test
