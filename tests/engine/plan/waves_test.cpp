// Who is changed in which wave, and what is due behind it.
#include "engine/plan/waves.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::waves_test {

namespace {

// Ten hosts in two migration domains of five, and one that is in none.
Inventory two_pools() {
    Inventory out;
    out.estate = "bay";
    out.domains = {{.name = "west", .hosts = {}, .where = {}}, {.name = "east", .hosts = {}, .where = {}}};
    for (int i = 1; i <= 11; ++i) {
        Host host;
        host.name = fmt::format("HV{:02}", i);
        if (i <= 10) {
            MigrationDomain& domain = out.domains[i % 2];  // odd ones are east
            host.domain = domain.name;
            domain.hosts.push_back(host.name);
        }
        if (i == 4 || i == 7) host.tags = {"pilot"};
        if (i == 9) host.tags = {"late", "lab"};
        out.hosts.push_back(std::move(host));
    }
    return out;
}

std::vector<Phase> one_phase_of(const Inventory& inventory) {
    Phase hosts{.kind = PhaseKind::hosts, .changes = {}, .paths = {}};
    for (const Host& host : inventory.hosts)
        for (const Setting* row : {&setting::migration_enabled, &setting::migration_max_live})
            hosts.changes.push_back({{host.name, row}, false, true, {"r"}, {}});
    return {hosts};
}

// "1 2 | 3 4": the numbers of the hosts of each wave, each host with both of its changes in their order.
std::string shown(const std::vector<Phase>& phases) {
    std::string out;
    for (const Phase& phase : phases) {
        if (phase.wave > 1) out += " |";
        CHECK(phase.kind == PhaseKind::hosts);
        for (std::size_t i = 0; i < phase.changes.size(); i += 2) {
            const std::string& host = phase.changes[i].address.object;
            CHECK(phase.changes[i].address.setting == &setting::migration_enabled);
            CHECK(phase.changes[i + 1].address == Address{host, &setting::migration_max_live});
            out += fmt::format("{}{}", out.empty() ? "" : " ", std::stoi(host.substr(2)));
        }
    }
    return out;
}

std::string waves_of(const Rollout& rollout) {
    const Inventory inventory = two_pools();
    return shown(in_waves(one_phase_of(inventory), rollout, inventory, {}));
}

constexpr auto by_name = Rollout::Order::name;
constexpr WaveSize rest{};
WaveSize percent(std::int64_t amount) { return {WaveSize::By::percent, amount}; }
WaveSize hosts(std::int64_t amount) { return {WaveSize::By::count, amount}; }

}  // namespace

TEST_CASE("sizes of waves, of all hosts that are changed") {
    CHECK(waves_of({.canary = {.count = 1}, .order = by_name}) == "1 | 2 3 4 5 6 7 8 9 10 11");
    CHECK(waves_of({.canary = {.count = 2}, .waves = {percent(25), hosts(1), rest}, .order = by_name}) ==
          "1 2 | 3 4 5 | 6 | 7 8 9 10 11");  // a share is rounded up
    CHECK(waves_of({.waves = {hosts(4), hosts(4)}, .order = by_name}) ==
          "1 2 3 4 | 5 6 7 8 | 9 10 11");  // what the waves leave is one more
    CHECK(waves_of({.waves = {percent(100), percent(50), rest}, .order = by_name}) ==
          "1 2 3 4 5 6 7 8 9 10 11");  // no wave is empty
    CHECK(waves_of({.canary = {.count = 50}, .order = by_name}) == "1 2 3 4 5 6 7 8 9 10 11");
}

TEST_CASE("sizes of waves, of each migration domain; hosts that are in none are together") {
    CHECK(waves_of({.canary = {.count = 1},
                    .waves = {percent(40)},
                    .per = Rollout::Per::migration_domain,
                    .order = by_name}) == "2 1 11 | 4 6 3 5 | 8 10 7 9");
}

TEST_CASE("a canary that is named goes first, whatever the order") {
    CHECK(waves_of({.canary = {.hosts = {"hv09", "HV02"}}, .order = by_name}) == "2 9 | 1 3 4 5 6 7 8 10 11");
    CHECK(waves_of({.canary = {.tag = "pilot"},
                    .waves = {hosts(2)},
                    .per = Rollout::Per::migration_domain,
                    .order = by_name}) == "4 7 | 2 6 1 3 11 | 8 10 5 9");
}

TEST_CASE("the order of hosts") {
    CHECK(waves_of({.waves = {hosts(5)}, .order = Rollout::Order::migration_domain}) == "2 4 6 8 10 | 1 3 5 7 9 11");
    CHECK(waves_of({.waves = {hosts(3)}, .order = Rollout::Order::tags, .tags = {"lab", "pilot"}}) ==
          "9 4 7 | 1 2 3 5 6 8 10 11");
}

TEST_CASE("additions to the directory come first and are waited for, removals come behind the last pause") {
    const Inventory inventory = two_pools();
    std::vector<Phase> phases = one_phase_of(inventory);
    phases.insert(phases.begin(), {.kind = PhaseKind::directory_additions, .changes = {}, .paths = {}});
    phases.push_back({.kind = PhaseKind::directory_removals, .changes = {}, .paths = {}});
    const Rollout rollout{.canary = {.count = 1}, .waves = {hosts(5)}, .tags = {}, .pause_minutes = 30};
    const std::vector<Phase> all = in_waves(phases, rollout, inventory, {});
    REQUIRE(all.size() == 5);
    const Then directory{.directory = true}, pause{.minutes = 30, .gates = usual_gates()};
    const std::vector<std::string> titles = {"directory additions", "wave 1 (canary)", "wave 2", "wave 3",
                                             "directory removals"};
    const std::vector<Then> thens = {directory, pause, pause, pause, {}};
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(title(all[i]) == titles[i]);
        CHECK(all[i].then == thens[i]);
    }
    CHECK_FALSE(in_waves(one_phase_of(inventory), rollout, inventory, {}).back().then.any());  // nothing follows
}

TEST_CASE("a canary that the inventory does not have is refused") {
    const Inventory inventory = two_pools();
    CHECK(knows_its_hosts({.canary = {.hosts = {"hv01"}}}, inventory));
    const auto host = knows_its_hosts({.canary = {.hosts = {"HV99"}}}, inventory);
    REQUIRE_FALSE(host);
    CHECK(host.error().text.find("host HV99 (rollout.canary)") != std::string::npos);
    const auto tag = knows_its_hosts({.canary = {.tag = "polit"}}, inventory);
    REQUIRE_FALSE(tag);
    CHECK(tag.error().text.find("tag polit (rollout.canary)") != std::string::npos);
}

TEST_CASE("a rollback goes through the waves of what it undoes, the last one first") {
    const auto phase = [](std::int64_t wave, const char* host) {
        return Phase{.kind = PhaseKind::hosts,
                     .changes = {{{host, &setting::migration_enabled}, false, true, {"r"}, {}}},
                     .paths = {},
                     .wave = wave,
                     .canary = wave == 1,
                     .then = {.directory = false, .minutes = 5}};
    };
    Plan undone;
    undone.phases = {phase(1, "HV02"), phase(2, "HV03")};
    Phase hosts = phase(0, "HV03");
    for (const char* host : {"HV02", "HV01"}) hosts.changes.push_back(phase(0, host).changes[0]);
    hosts.then = {};
    const Phase directory{.kind = PhaseKind::directory_removals, .changes = {}, .paths = {}};
    const std::vector<Phase> back = waves_back({hosts, directory}, undone);
    REQUIRE(back.size() == 4);
    CHECK((back[0].wave == 2 && back[0].changes[0].address.object == "HV03" && !back[0].canary));
    CHECK((back[1].wave == 1 && back[1].changes[0].address.object == "HV02" && back[1].canary));
    CHECK((back[2].wave == 0 && back[2].changes[0].address.object == "HV01"));
    for (const Phase& one : back) CHECK_FALSE(one.then.any());
    CHECK(back[3] == directory);
    undone.phases = {phase(0, "HV02")};
    CHECK(waves_back({hosts, directory}, undone) == std::vector{hosts, directory});
}

TEST_CASE("waves ordered by paths take the hosts whose change opens most, after the canary that is named") {
    const Inventory inventory = sample::inventory();
    Snapshot snapshot = sample::snapshot();
    Phase all{.kind = PhaseKind::hosts, .changes = {}, .paths = {}};
    for (const char* host : {"HV01", "HV02", "HV03"}) {
        sample::set(snapshot, host, setting::migration_authentication, std::string("credssp"));
        sample::set(snapshot, host, setting::host_credential_guard, true);  // nothing leaves any of them
        all.changes.push_back(
            {{host, &setting::migration_authentication}, std::string("credssp"), std::string("kerberos"), {"r"}, {}});
    }
    for (const char* host : {"HV01", "HV02"}) sample::set(snapshot, host, setting::delegation_services, Set());
    const auto hosts_of = [&](const Rollout& rollout) {
        std::string out;
        for (const Phase& wave : in_waves({all}, rollout, inventory, snapshot))
            for (const Change& change : wave.changes) out += fmt::format("{} {}, ", wave.wave, change.address.object);
        return out;
    };
    CHECK(hosts_of({.canary = {.count = 1}, .waves = {hosts(1)}, .order = by_name}) == "1 HV01, 2 HV02, 3 HV03, ");
    // Two that may not delegate open nothing between them; with HV03 either of them opens one path.
    CHECK(hosts_of({.canary = {.count = 1}, .waves = {hosts(1)}}) == "1 HV01, 2 HV03, 3 HV02, ");
    CHECK(hosts_of({.canary = {.hosts = {"HV02"}}, .waves = {hosts(1)}}) == "1 HV02, 2 HV03, 3 HV01, ");
}

}  // namespace fairway::waves_test
