// Tours of trial moves with hosts that are played: what is refused before anything moves, how several go at once, and
// where the VM is after each way to fail.
#include "engine/run/trials.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <set>

namespace fairway::trials_test {

namespace {

using At = MoveProof::Stage;

// How a move between two hosts ends.
struct Script {
    At stage = At::proved;  // where it fails
    bool arrives = true;    // the VM is at the destination all the same
    bool leaves = true;     // the source has it no more
    bool planned = false;   // a planned one is left at the destination
    int goes_on = 0;        // so often the source is seen to move it still
};

struct PlayedHost {
    std::map<std::string, Machine> machines;  // by id
    std::set<std::string> planned;
    std::optional<Error> down;
    MoveRoom room{.most_live = 2, .most_storage = 2, .live = 0, .storage = 0, .draining = {}};
    int moves_on = 0;
};

class Played : public Mover {
public:
    std::map<std::string, PlayedHost> hosts;
    std::map<std::pair<std::string, std::string>, Script> scripts;
    std::map<std::string, int> under_way, most_under_way;  // by host, and by VM
    std::vector<TrialMove> begun;
    int steps = 3;  // of each move
    bool removable = true;

    explicit Played(std::size_t count = 4) {
        for (std::size_t i = 1; i <= count; ++i) hosts["H" + std::to_string(i)];
    }
    void put(const std::string& host, const std::string& id, const std::string& name = "canary", bool running = true,
             std::int64_t memory = 512) {
        hosts.at(host).machines[id] = {.id = id, .name = name, .running = running, .memory_mb = memory};
    }
    std::vector<std::string> where(const std::string& id) const {
        std::vector<std::string> out;
        for (const auto& [name, host] : hosts)
            if (host.machines.contains(id)) out.push_back(name);
        return out;
    }

    Result<std::optional<Machine>> find(const std::string& host, const std::string& vm) override {
        PlayedHost& at = hosts.at(host);
        if (at.down) return tl::unexpected(*at.down);
        std::optional<Machine> out;
        for (const auto& [id, machine] : at.machines)
            if (id == vm || machine.name == vm) out = machine;
        return out;
    }
    Result<MoveRoom> room(const std::string& host) override { return hosts.at(host).room; }
    Result<Sighting> sight(const std::string& host, const std::string& id) override {
        PlayedHost& at = hosts.at(host);
        if (at.down) return tl::unexpected(*at.down);
        const auto it = at.machines.find(id);
        const bool moving = at.moves_on > 0;
        Sighting seen{it == at.machines.end() ? std::nullopt : std::optional(it->second), at.planned.contains(id),
                      moving};
        if (moving && --at.moves_on == 0) settle();  // which may take the VM away
        return seen;
    }
    Result<void> remove_planned(const std::string& host, const std::string& id) override {
        if (!removable) return fail(Code::denied, "no");
        hosts.at(host).planned.erase(id);
        return {};
    }
    std::unique_ptr<Moving> begin(const TrialMove& trial) override {
        begun.push_back(trial);
        for (const std::string& key : {trial.from, trial.to, trial.id})
            most_under_way[key] = std::max(most_under_way[key], ++under_way[key]);
        return std::make_unique<Move>(*this, trial);
    }

private:
    struct Move : Moving {
        Move(Played& played, TrialMove asked) : all(played), trial(std::move(asked)) {}
        ~Move() override {
            for (const std::string& key : {trial.from, trial.to, trial.id}) --all.under_way[key];
        }
        std::optional<Result<void>> step() override {
            if (++taken < all.steps) return std::nullopt;
            return all.finish(trial, seen);
        }
        const MoveProof& proof() const override { return seen; }
        Played& all;
        TrialMove trial;
        MoveProof seen;
        int taken = 0;
    };

    Result<void> finish(const TrialMove& trial, MoveProof& seen) {
        const auto it = scripts.find({trial.from, trial.to});
        const Script script = it == scripts.end() ? Script() : it->second;
        PlayedHost &from = hosts.at(trial.from), &to = hosts.at(trial.to);
        seen.stage = script.stage;
        if (script.planned) to.planned.insert(trial.id);
        later_ = [&from, &to, script, id = trial.id] {
            const auto vm = from.machines.find(id);
            if (vm == from.machines.end()) return;
            if (script.arrives) to.machines[id] = vm->second;
            if (script.leaves) from.machines.erase(vm);
        };
        from.moves_on = script.goes_on;
        if (script.goes_on == 0) settle();
        if (script.stage == At::proved) return {};
        return fail(Code::unreachable, "it died (0x8009030E)");
    }
    void settle() {
        later_();
        later_ = [] {};
    }
    std::function<void()> later_ = [] {};
};

Inventory inventory_of(std::initializer_list<std::vector<std::string>> domains) {
    Inventory out;
    for (const auto& hosts : domains) {
        MigrationDomain& domain = out.domains.emplace_back();
        domain.name = "d" + std::to_string(out.domains.size());
        domain.hosts = hosts;
    }
    return out;
}

TrialMoves wanting(std::vector<std::string> vms = {"canary"}, TrialMoves::Pairs pairs = TrialMoves::Pairs::all) {
    TrialMoves out;
    out.vms = std::move(vms);
    out.pairs = pairs;
    return out;
}

struct Tried {
    Trials trials;
    std::vector<std::chrono::milliseconds> slept;
    const Trial& last() const { return trials.trials.back(); }
};

Tried run(Played& hosts, const TrialMoves& wanted,
          const Inventory& inventory = inventory_of({{"H1", "H2", "H3", "H4"}}), std::size_t stop_after = 1000) {
    Tried out;
    std::size_t seen = 0;
    const TrialWatch watch{.ended = [&](const Trial&) { return ++seen < stop_after; },
                           .moving = {},
                           .sleep = [&](std::chrono::milliseconds pause) { out.slept.push_back(pause); },
                           .clock = [] { return std::int64_t{1}; }};
    out.trials = try_moves(inventory, wanted, 0, hosts, watch);
    return out;
}

std::string refused(Played& hosts, const TrialMoves& wanted) {
    const Tried tried = run(hosts, wanted);
    REQUIRE(tried.trials.trials.size() == 1);
    REQUIRE(tried.last().failed.has_value());
    CHECK(hosts.begun.empty());
    CHECK(tried.last().move.from == "d1");
    return tried.last().failed->text;
}

bool says(const std::string& text, std::string_view what) {
    CAPTURE(text);
    return text.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("trials: every ordered pair once, numbered, and home again") {
    Played hosts;
    hosts.put("H3", "G1");
    const Tried tried = run(hosts, wanting());
    CHECK(tried.trials.trials.size() == 12);
    std::set<std::pair<std::string, std::string>> pairs;
    for (const Trial& trial : tried.trials.trials) {
        CHECK_FALSE(trial.failed.has_value());
        CHECK_FALSE(trial.home);
        CHECK(trial.number == pairs.size() + 1);
        CHECK(trial.of == 12);
        CHECK(trial.move.id == "G1");
        pairs.insert({trial.move.from, trial.move.to});
    }
    CHECK(pairs.size() == 12);
    REQUIRE(tried.trials.vms.size() == 1);
    CHECK(tried.trials.vms[0].home == "H3");
    CHECK(tried.trials.vms[0].at == "H3");
    CHECK(hosts.where("G1") == std::vector<std::string>{"H3"});
    CHECK_FALSE(tried.slept.empty());
}

TEST_CASE("trials: what is not moved") {
    const auto with = [](auto change, TrialMoves wanted = wanting()) {
        Played hosts;
        hosts.put("H1", "G1");
        change(hosts);
        return refused(hosts, wanted);
    };
    CHECK(says(with([](Played& p) { p.hosts["H1"].machines.clear(); }),
               "no host of migration domain d1 has the VM canary"));
    CHECK(says(with([](Played& p) { p.put("H2", "G2"); }), "is on H1 and on H2"));
    CHECK(says(with([](Played& p) { p.put("H1", "G1", "canary", false); }), "does not run"));
    CHECK(says(with([](Played& p) { p.put("H1", "G1", "canary", true, 1025); }), "1025 MB"));
    CHECK(says(with([](Played& p) { p.hosts["H3"].room.draining = "its cluster drains it"; }),
               "H3: its cluster drains it"));
    CHECK(says(with([](Played& p) { p.hosts["H2"].room.live = 2; }), "H2 is busy: 2 of at most 2 live migrations"));
    CHECK(says(with([](Played& p) { p.hosts["H2"].room.most_live = 0; }), "H2 allows no live migration"));
    CHECK(says(with([](Played& p) {
                   p.hosts["H1"].machines.clear();
                   p.hosts["H4"].down = Error{Code::unreachable, "H4: nobody answers"};
               }),
               "H4: nobody answers"));
    TrialMoves by_id = wanting();
    by_id.id = "G9";
    CHECK(says(with([](Played&) {}, by_id), "has the VM canary"));
    by_id.id = "G1";
    CHECK(says(with([](Played& p) { p.put("H1", "G1", "SQL01"); }, by_id), "is called SQL01 and not canary"));
    TrialMoves storage = wanting();
    storage.storage = TrialMoves::Storage::alternate;
    CHECK(says(with([](Played& p) { p.hosts["H2"].room.storage = 2; }, storage), "storage migration"));
}

TEST_CASE(
    "trials: the id says which of two of one name is meant, and a host's storage limit alone hinders no other move") {
    Played hosts;
    hosts.put("H1", "G1");
    hosts.put("H2", "G2");
    hosts.hosts["H2"].room.storage = 2;
    TrialMoves by_id = wanting();
    by_id.id = "G2";
    CHECK(run(hosts, by_id).trials.trials.size() == 12);
    for (const TrialMove& move : hosts.begun) CHECK(move.id == "G2");
    CHECK(hosts.where("G1") == std::vector<std::string>{"H1"});
}

TEST_CASE("trials: several at once, within the limits of every host, and never two of one VM") {
    Played hosts(6);
    for (const char* name : {"H1", "H2", "H3"}) hosts.hosts[name].room.most_live = 3;
    hosts.hosts["H3"].room.live = 2;
    hosts.put("H1", "G1", "one");
    hosts.put("H2", "G2", "two");
    hosts.put("H4", "G3", "three");
    const Tried tried =
        run(hosts, wanting({"one", "two", "three"}), inventory_of({{"H1", "H2", "H3"}, {"H4", "H5", "H6"}}));
    CHECK(tried.trials.trials.size() == 18);
    for (const Trial& trial : tried.trials.trials) CHECK_FALSE(trial.failed.has_value());
    CHECK(hosts.most_under_way["H3"] == 1);
    CHECK(hosts.most_under_way["H1"] == 2);
    for (const char* vm : {"G1", "G2", "G3"}) CHECK(hosts.most_under_way[vm] == 1);
    CHECK(hosts.where("G1") == std::vector<std::string>{"H1"});
    CHECK(hosts.where("G2") == std::vector<std::string>{"H2"});
    CHECK(hosts.where("G3") == std::vector<std::string>{"H4"});
    // The domains did not wait for each other.
    CHECK(hosts.begun[0].id != hosts.begun[2].id);
    CHECK(hosts.begun[2].id == "G3");
}

TEST_CASE("trials: a domain where none of the VMs is proves nothing, and does not stop the others") {
    Played hosts;
    hosts.put("H3", "G1");
    const Tried tried = run(hosts, wanting(), inventory_of({{"H1", "H2"}, {"H3", "H4"}}));
    REQUIRE(tried.trials.trials.size() == 3);
    CHECK(tried.trials.trials[0].failed.has_value());
    CHECK(tried.trials.trials[0].move.from == "d1");
    CHECK(tried.trials.vms.size() == 1);
}

TEST_CASE("trials: after each way to fail the VM is accounted for, and taken home") {
    struct Way {
        const char* what;
        Script script;
        std::string words;  // of the account of H2 → H1, the second move
        std::size_t trials;
        std::string at;  // where the VM is at the end
    };
    const std::string back_at_home = "H1";
    const Way ways[] = {
        {"before the job", {At::preparing, false, false}, "H2 has it, running; H1 does not have it", 3, back_at_home},
        {"in the check",
         {At::checking, false, false, true},
         "H1 does not have it; the planned VM that the move left on "
         "H1 was removed",
         3,
         back_at_home},
        {"in the job", {At::moving, false, false, true}, "was removed", 3, back_at_home},
        {"the answer was lost, and it went on",
         {At::moving, true, true, false, 3},
         "H2 does not have it; H1 has it",
         2,
         back_at_home},
        {"it arrived and was not believed", {At::arriving, true, true}, "H1 has it, running", 2, back_at_home},
        {"both have it", {At::moving, true, false}, "H2 has it, running; H1 has it, running", 2, ""},
        {"nobody has it", {At::moving, false, true}, "H3 does not have it; H4 does not have it", 2, ""},
    };
    for (const Way& way : ways) {
        CAPTURE(way.what);
        Played hosts;
        hosts.put("H1", "G1");
        hosts.scripts[{"H2", "H1"}] = way.script;
        // The way home is another one, unless it is the one that fails.
        const Tried tried = run(hosts, wanting());
        const auto failed = std::find_if(tried.trials.trials.begin(), tried.trials.trials.end(),
                                         [](const Trial& trial) { return trial.failed.has_value(); });
        REQUIRE(failed != tried.trials.trials.end());
        REQUIRE(failed->account.has_value());
        CHECK(says(in_words(*failed->account), way.words));
        CHECK(hosts.hosts["H1"].planned.empty());
        CHECK(tried.trials.vms.size() == 1);
        CHECK(tried.trials.vms[0].at == (way.trials == 3 ? "H2" : way.at));
        CHECK(tried.trials.trials.size() == static_cast<std::size_t>(way.trials));
        if (way.trials == 3) CHECK(tried.last().home);
    }
}

TEST_CASE("trials: a VM that is left on the way is taken home by a move of its own") {
    for (const bool arrived : {false, true}) {
        Played hosts;
        hosts.put("H1", "G1");
        hosts.scripts[{"H3", "H4"}] = {At::moving, arrived, arrived, false, 2};
        const Tried tried = run(hosts, wanting());
        CHECK(tried.last().home);
        CHECK_FALSE(tried.last().failed.has_value());
        CHECK(tried.last().move.from == (arrived ? "H4" : "H3"));
        CHECK(tried.last().move.to == "H1");
        CHECK(tried.trials.vms[0].at == "H1");
        CHECK(hosts.where("G1") == std::vector<std::string>{"H1"});
    }
}

TEST_CASE("trials: a VM that does not run any more is left where it is, and that is no move home") {
    Played hosts;
    hosts.put("H1", "G1");
    hosts.scripts[{"H1", "H2"}] = {At::arriving, true, true};
    const TrialWatch watch{.ended = [](const Trial&) { return true; },
                           .moving = [&](const Trial&) { hosts.hosts["H1"].machines.at("G1").running = false; },
                           .sleep = [](std::chrono::milliseconds) {},
                           .clock = [] { return std::int64_t{1}; }};
    const Trials tried = try_moves(inventory_of({{"H1", "H2"}}), wanting(), 0, hosts, watch);
    REQUIRE(tried.trials.size() == 1);
    CHECK_FALSE(tried.trials[0].home);
    CHECK(says(in_words(*tried.trials[0].account), "H2 has it, not running"));
    CHECK(tried.vms[0].at == "H2");
}

TEST_CASE("trials: a host that is gone hides what it has, and the VM that the other end has is known") {
    Played hosts;
    hosts.put("H1", "G1");
    hosts.scripts[{"H1", "H2"}] = {At::moving, true, true};
    hosts.hosts["H1"].down = std::nullopt;
    const TrialWatch watch{.ended = [](const Trial&) { return true; },
                           .moving =
                               [&](const Trial&) {
                                   hosts.hosts["H1"].down = Error{Code::unreachable, "H1: gone"};
                               },
                           .sleep = [](std::chrono::milliseconds) {},
                           .clock = [] { return std::int64_t{1}; }};
    // It is found before it goes.
    const Trials tried = try_moves(inventory_of({{"H1", "H2"}}), wanting(), 0, hosts, watch);
    REQUIRE(tried.trials.size() == 1 + 1);
    REQUIRE(tried.trials[0].account.has_value());
    CHECK(says(in_words(*tried.trials[0].account), "H1 cannot be asked (H1: gone); H2 has it, running"));
    CHECK(tried.trials[1].home);  // is tried, and may succeed when the host is back
}

TEST_CASE("trials: whoever asks to stop gets no further move but home") {
    Played hosts;
    hosts.put("H1", "G1");
    const Tried tried = run(hosts, wanting(), inventory_of({{"H1", "H2", "H3", "H4"}}), 1);
    REQUIRE(tried.trials.trials.size() == 2);
    CHECK(tried.trials.trials[0].move.to == "H2");
    CHECK(tried.last().home);
    CHECK(hosts.where("G1") == std::vector<std::string>{"H1"});
}

TEST_CASE("trials: a planned VM is removed only where the VM itself is seen at the source") {
    Played hosts;
    hosts.put("H1", "G1");
    hosts.scripts[{"H1", "H2"}] = {At::moving, false, true, true};
    run(hosts, wanting());
    CHECK(hosts.hosts["H2"].planned.contains("G1"));
    Played stays;
    stays.put("H1", "G1");
    stays.scripts[{"H1", "H2"}] = {At::moving, false, false, true};
    stays.removable = false;
    const Tried tried = run(stays, wanting());
    CHECK(says(in_words(*tried.trials.trials[0].account), "could not be removed: no"));
}

}  // namespace fairway::trials_test
