// Gates that the black-box tests cannot make fail: replicas that lag, logs that cannot be read, clocks that differ. The
// others: tests/binary/gates_test.py.
#include "engine/run/gates.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/premises.hpp"
#include "tests/sample.hpp"

namespace fairway::gates_test {

namespace {

constexpr std::int64_t began = 1'795'348'800;

// Every host has so many migrations running; nothing else can be read.
struct Running : Reader {
    Reading migrations = Held(std::int64_t{0});

    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        Snapshot out;
        for (const Address& address : addresses)
            out.readings.insert_or_assign(address, address.setting == &setting::host_running_migrations
                                                       ? migrations
                                                       : Reading(fail(Code::unreachable, "no answer")));
        return out;
    }
};

struct TwoReplicas : Replicas {
    bool both = true;

    Result<std::vector<Holder>> all() override {
        return std::vector<Holder>{{{"corp.example", "dc01", "a"}, true}, {{"corp.example", "dc02", "b"}, false}};
    }
    Result<ChangeStamps> stamps(const Replica& replica, std::span<const Address> addresses) override {
        ChangeStamps out;
        for (const Address& address : addresses)
            out.emplace(address, both || replica.server == "dc01"
                                     ? std::optional(ChangeStamp{.version = 1, .time = began, .origin = "a", .usn = 1})
                                     : std::nullopt);
        return out;
    }
};

struct Logs : HostLogs {
    Result<ClockSeen> seen = ClockSeen();
    Result<EventFile> file = EventFile();
    std::int64_t asked_since = 0;

    Result<ClockSeen> clock(const Host&) override { return seen; }
    Result<EventFile> events(const Host&, std::int64_t since) override {
        asked_since = since;
        return file;
    }
};

// A run whose first phase is done, and one gate behind it.
struct Behind {
    Run run;
    Inventory inventory;
    Running reader;
    bool both = true;
    Latest latest = any_time;
    Logs logs;

    Behind(const Address& address, Gate gate) {
        run.plan = sample::plan_with({{address, false, true, {"r"}, {}}});
        run.plan.phases.push_back(run.plan.phases.front());
        run.plan.phases[0].wave = 1;
        run.plan.phases[0].then.gates = {gate};
        run.steps = {{.number = 0, .outcome = Outcome::done, .note = {}, .intended = began, .settled = began}};
        Host host;
        host.name = address.object;
        inventory.hosts.push_back(host);
    }
    GateSeen ask() {
        const Between between{
            .run = run,
            .done = run.plan.phases[0],
            .next = run.plan.phases[1],
            .inventory = inventory,
            .reader = reader,
            .replicas = [this]() -> Result<std::unique_ptr<Replicas>> {
                auto out = std::make_unique<TwoReplicas>();
                out->both = both;
                return out;
            },
            .logs = [this]() -> Result<std::unique_ptr<HostLogs>> { return std::make_unique<Logs>(logs); },
            .mover = []() -> Result<std::unique_ptr<Mover>> { return fail(Code::unsupported, "none"); },
            .patience = {.limit_s = 0, .clock = [] { return began + 60; }, .sleep = [](std::int64_t) { return true; }},
            .latest = latest};
        return ask_gates(between, [](const GateSeen&) {}).at(0);
    }
};

LogEvent event(std::uint32_t level, std::int64_t at) {
    LogEvent out;
    out.channel = "VMMS-Admin";
    out.id = 21502;
    out.level = level;
    out.time_us = at * 1'000'000;
    return out;
}

const Address account{"HV01", &setting::delegation_unconstrained}, host{"HV01", &setting::migration_enabled};

}  // namespace

TEST_CASE("gate replication: every controller has what the run wrote") {
    Behind behind(account, Gate::replication);
    CHECK(behind.ask().passed);
    behind.both = false;
    const GateSeen lags = behind.ask();
    CHECK_FALSE(lags.passed);
    CHECK(lags.saw == std::vector<std::string>{"dc02 lacks 1 of 1 values"});
    Behind nothing(host, Gate::replication);
    nothing.both = false;
    CHECK(nothing.ask().passed);  // it wrote nothing there
}

TEST_CASE("gate trials: no VM is moved once it is too late for the next phase") {
    Behind behind(host, Gate::trials);
    behind.run.plan.rollout = Rollout();
    behind.run.plan.rollout->trials = TrialMoves();
    CHECK(behind.ask().saw == std::vector<std::string>{"cannot be asked: none"});  // there is nobody who moves
    behind.latest = began + 59;
    const GateSeen late = behind.ask();
    CHECK_FALSE(late.passed);
    CHECK(late.saw.at(0).find("cannot be asked: no time is left: ") == 0);
}

TEST_CASE("gate idle: no migration runs that the next phase would break") {
    Behind behind(host, Gate::idle);
    CHECK(behind.ask().passed);  // its changes disturb none
    behind.run.plan.phases[1].changes[0].premises.add(
        std::make_shared<const Premise>(premise("HV01", setting::host_running_migrations, Value(std::int64_t{0}))));
    CHECK(behind.ask().passed);
    behind.reader.migrations = Held(std::int64_t{2});
    const GateSeen busy = behind.ask();
    CHECK_FALSE(busy.passed);
    CHECK(busy.saw.front().find("HV01") != std::string::npos);
    behind.reader.migrations = fail(Code::unreachable, "no answer");
    CHECK_FALSE(behind.ask().passed);
}

TEST_CASE("gates values and events: what the run goes on without is told, and does not stop it") {
    Behind doubtful(host, Gate::values);
    doubtful.run.plan.phases[0].changes.push_back({{"HV02", &setting::migration_enabled}, false, true, {"r"}, {}});
    doubtful.run.steps[0].outcome = Outcome::not_done;
    doubtful.run.steps.push_back({.number = 1, .outcome = Outcome::done, .note = {}, .intended = began});
    CHECK_FALSE(doubtful.ask().passed);  // made, and cannot be read back
    doubtful.run.steps[1].outcome = Outcome::in_doubt;
    const GateSeen told = doubtful.ask();
    CHECK(told.passed);
    CHECK(told.saw == std::vector<std::string>{"0 as written; 1 not made; 1 in doubt"});

    Behind silent(host, Gate::events);
    silent.logs.file = fail(Code::unreachable, "no answer");
    CHECK_FALSE(silent.ask().passed);
    silent.run.steps[0].outcome = Outcome::in_doubt;
    const GateSeen left = silent.ask();
    CHECK(left.passed);
    CHECK(left.saw.front().find("not read: HV01") != std::string::npos);
}

TEST_CASE("gate events: an error since the phase began, by the host's clock, and no log that cannot be read") {
    Behind behind(host, Gate::events);
    CHECK(behind.ask().passed);
    behind.logs.file->events = {event(4, began + 5), event(3, began + 5), event(2, began - 5)};
    CHECK(behind.ask().passed);  // information, a warning, and an error from before
    behind.logs.file->events.push_back(event(1, began + 5));
    CHECK_FALSE(behind.ask().passed);
    behind.logs.seen->ahead_ms = 600'000;  // what it calls so was ten minutes before
    CHECK(behind.ask().passed);
    behind.logs.seen = fail(Code::unreachable, "no clock");
    CHECK_FALSE(behind.ask().passed);
    behind.logs.file = EventFile();
    CHECK(behind.ask().passed);
    behind.logs.file->why = "High-Availability-Admin: the host has no such log";
    CHECK(behind.ask().passed);  // not every host has that
    behind.logs.file->whole = false;
    CHECK_FALSE(behind.ask().passed);
    behind.logs.file = fail(Code::unreachable, "no answer");
    const GateSeen silent = behind.ask();
    CHECK_FALSE(silent.passed);
    CHECK(silent.saw == std::vector<std::string>{"event logs of HV01: no answer"});
}

TEST_CASE("a gate that cannot be asked is not passed") {
    Behind behind(host, Gate::trials);
    const GateSeen seen = behind.ask();
    CHECK_FALSE(seen.passed);
    CHECK(seen.saw.front().find("cannot be asked") == 0);
}

}  // namespace fairway::gates_test
