// Which replicas the journal names for a run that is gone on with at another one. The rest of apply is the laws'.
#include "engine/run/apply.hpp"

#include <doctest/doctest.h>

#include "tests/sample.hpp"

using namespace fairway;

namespace {

const Replica first{"bay.example", "dc01", "a"}, second{"bay.example", "dc02", "b"}, east{"east.example", "dc07", "c"};
const Address account{"HV01", &setting::delegation_unconstrained}, other{"HV02", &setting::delegation_unconstrained},
    host{"HV01", &setting::migration_enabled};

// Two accounts and a host, read and written at the replicas of the moment; writes are refused where it says so.
struct World : Reader, Writer {
    std::map<Address, Value> values{{account, true}, {other, true}, {host, false}};
    std::vector<Replica> at{first, east};
    std::optional<Address> refused;

    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        Snapshot out;
        for (const Address& address : addresses) {
            const auto it = values.find(address);
            out.readings.insert_or_assign(address, it == values.end() ? Held(std::int64_t{0}) : Held(it->second));
        }
        return out;
    }
    Result<void> write(const Address& address, const Value&, const Value& after) override {
        if (address == refused) return fail(Code::denied, "no");
        values[address] = after;
        return {};
    }
    std::vector<Replica> replicas() const override { return at; }
};

struct Night {
    World world;
    Journal journal = *Journal::open_to_append(":memory:");
    std::int64_t now = 1'795'348'800;

    Hands hands() {
        return {.reader = world, .writer = world, .journal = journal, .clock = [this] { return now; }};
    }
    // Applies `changes` until the write at `stuck` is refused.
    std::string begun(std::vector<Change> changes, const Address& stuck) {
        world.refused = stuck;
        const auto applied =
            apply(sample::plan_with(std::move(changes)),
                  {.who = "ann", .host = "desk", .rolls_back = {}, .replicas = world.replicas()}, hands());
        REQUIRE(applied);
        CHECK(applied->ending == Ending::failed);
        world.refused.reset();
        return applied->run;
    }
    Run resumed(const std::string& run) {
        const auto applied = resume(run, hands());
        REQUIRE(applied);
        return *journal.load(run);
    }
};

const Change to_account{account, true, false, {"r"}, {}}, to_other{other, true, false, {"r"}, {}},
    to_host{host, false, true, {"r"}, {}};

}  // namespace

TEST_CASE("a run that is gone on with at another replica is of both from its first write there") {
    Night night;
    const std::string run = night.begun({to_account, to_other}, other);
    CHECK(night.journal.load(run)->replicas == std::vector{first, east});
    night.world.at = {second, east};
    CHECK(night.resumed(run).replicas == std::vector{first, east, second});
}

TEST_CASE("it is told when the write is about to be sent, so that a cut after it leaves it known") {
    Night night;
    const std::string run = night.begun({to_account, to_other}, other);
    night.world.at = {second, east};
    struct Cut {};
    Hands hands = night.hands();
    hands.on_event = [](const Event& event) {
        if (event.kind == Event::Kind::intended) throw Cut();
    };
    CHECK_THROWS_AS(static_cast<void>(resume(run, std::move(hands))), Cut);
    CHECK(last_replicas(*night.journal.load(run)) == std::vector{second, east});
    // Gone on with once more at the same one: told once.
    CHECK(night.resumed(run).replicas == std::vector{first, east, second});
}

TEST_CASE("back again, it is told again, for the last one of a domain is where the run stands") {
    Night night;
    const std::string run = night.begun({to_account, to_other}, other);
    night.world.at = {second, east};
    night.world.refused = other;
    CHECK(night.resumed(run).end == "failed");
    night.world.at = {first, east};
    night.world.refused.reset();
    CHECK(night.resumed(run).replicas == std::vector{first, east, second, first});
}

TEST_CASE("where it was, and where only hosts are left, nothing is told") {
    Night night;
    const std::string stays = night.begun({to_account, to_other}, other);
    CHECK(night.resumed(stays).replicas == std::vector{first, east});
    Night hosts;
    const std::string run = hosts.begun({to_account, to_host}, host);
    hosts.world.at = {second, east};
    const Run whole = hosts.resumed(run);
    CHECK(whole.end == "complete");
    CHECK(whole.replicas == std::vector{first, east});
}
