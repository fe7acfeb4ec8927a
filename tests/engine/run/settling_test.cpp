// A run that was cut off gets an end, whatever is found; what stays in doubt is listed, and no resumption writes there.
#include "engine/run/settling.hpp"

#include <array>
#include <doctest/doctest.h>

#include "engine/model/migration_settings.hpp"
#include "engine/model/run.hpp"
#include "engine/run/apply.hpp"
#include "tests/one_by_one.hpp"
#include "tests/sample.hpp"

namespace fairway::settling_test {

namespace {

const Address first{"HV01", &setting::migration_max_live}, second{"HV02", &setting::migration_max_live};
constexpr std::int64_t now = 1'795'348'800;

struct World : Reader, OneByOne {
    std::map<Address, std::int64_t> values{{first, 2}, {second, 2}};
    std::set<Address> written;

    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        Snapshot out;
        for (const Address& address : addresses) {
            const auto it = values.find(address);
            out.readings.insert_or_assign(address, it == values.end() ? Held() : Held(it->second));
        }
        return out;
    }
    Result<void> make(const Address& address, const Value&, const Value& after) override {
        written.insert(address);
        values[address] = std::get<std::int64_t>(after);
        return {};
    }
    std::vector<Replica> replicas() const override { return {}; }
};

// Two hosts from 2 migrations to 4, cut off after the intents of the first `begun` changes.
struct Fixture {
    World world;
    Journal journal = *Journal::open_to_append(":memory:");
    std::string run;

    explicit Fixture(std::size_t begun) {
        const Plan plan = sample::plan_with({{first, std::int64_t{2}, std::int64_t{4}, {"r"}, {}},
                                             {second, std::int64_t{2}, std::int64_t{4}, {"r"}, {}}});
        run = *journal.begin(plan, {.who = "ann", .host = "desk", .rolls_back = {}}, now);
        for (std::size_t number = 0; number < begun; ++number) REQUIRE(journal.intend(run, std::array{number}, now));
    }
    Result<Settled> settled() {
        return settle_run(run, world, journal, [] { return now; });
    }
};

}  // namespace

TEST_CASE("settling: a run that was cut off has an end afterwards, also where nothing was begun") {
    for (const std::size_t begun : {0, 1, 2}) {
        CAPTURE(begun);
        Fixture fixture(begun);
        REQUIRE(fixture.journal.unfinished("bay")->size() == 1);
        const auto settled = fixture.settled();
        REQUIRE(settled);
        CHECK(settled->run.end == "interrupted");
        CHECK(settled->in_doubt.empty());
        CHECK(fixture.journal.unfinished("bay")->empty());
        CHECK(fixture.journal.load(fixture.run)->end == "interrupted");
        const std::size_t entries = fixture.journal.load(fixture.run)->steps.size();
        REQUIRE(fixture.settled());  // once more: nothing is news
        CHECK(fixture.journal.load(fixture.run)->steps.size() == entries);
    }
}

TEST_CASE("settling: a value that is neither what it was nor what was written is listed, and left alone") {
    Fixture fixture(1);
    fixture.world.values[first] = 77;
    const auto settled = fixture.settled();
    REQUIRE(settled);
    REQUIRE(settled->in_doubt.size() == 1);
    CHECK(settled->in_doubt[0].address == first);
    CHECK(settled->in_doubt[0].in_doubt);
    CHECK(settled->run.end == "in_doubt");
    const auto resumed = resume(
        fixture.run,
        {.reader = fixture.world, .writer = fixture.world, .journal = fixture.journal, .clock = [] { return now; }});
    REQUIRE(resumed);
    CHECK(resumed->ending == Ending::in_doubt);
    CHECK(fixture.world.written == std::set{second});
    CHECK(fixture.world.values[first] == 77);
    REQUIRE(resumed->left_out.size() == 1);
    CHECK(resumed->left_out[0].address == first);
}

}  // namespace fairway::settling_test
