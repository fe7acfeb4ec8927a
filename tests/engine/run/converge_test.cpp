// Waiting for replication, with a clock that moves only while somebody sleeps: no test here takes time.
#include "engine/run/converge.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"

namespace fairway::converge_test {

namespace {

const Replica first{"corp.example", "dc01", "a"}, second{"corp.example", "dc02", "b"},
    third{"corp.example", "dc03", "c"};
const Address one{"HV01", &setting::delegation_services}, two{"HV02", &setting::delegation_services};
const ChangeStamp written{.version = 3, .time = 1000, .origin = "a", .usn = 77};

// What each replica holds from which second on.
class Fake : public Replicas {
public:
    std::vector<Holder> holders{{first, true}, {second, false}};
    std::map<std::string, std::map<Address, std::pair<std::int64_t, ChangeStamp>>> held;
    std::map<std::string, Error> dead;
    std::int64_t now = 0;
    std::vector<std::string> asked;  // server and how many addresses

    Fake() { held["dc01"] = held["dc02"] = held["dc03"] = {{one, {0, written}}, {two, {0, written}}}; }

    Result<std::vector<Holder>> all() override { return holders; }
    Result<ChangeStamps> stamps(const Replica& replica, std::span<const Address> addresses) override {
        asked.push_back(replica.server + " " + std::to_string(addresses.size()));
        if (const auto it = dead.find(replica.server); it != dead.end()) return tl::unexpected(it->second);
        ChangeStamps out;
        for (const Address& address : addresses) {
            const auto it = held[replica.server].find(address);
            const bool there = it != held[replica.server].end() && it->second.first <= now;
            out.emplace(address, there ? std::optional(it->second.second) : std::nullopt);
        }
        return out;
    }
    Patience patience(std::int64_t limit_s) {
        return {.limit_s = limit_s,
                .clock = [this] { return now; },
                .sleep =
                    [this](std::int64_t seconds) {
                        now += seconds;
                        return true;
                    }};
    }
};

Convergence after(Fake& fake, std::int64_t limit_s) {
    const std::vector<Address> addresses{one, two};
    return converge(fake, addresses, fake.patience(limit_s)).value();
}

}  // namespace

TEST_CASE("what all have already is not waited for") {
    Fake fake;
    const Convergence found = after(fake, 900);
    CHECK(found.complete());
    CHECK(found.of == 4);
    CHECK(found.shown == 4);
    CHECK(found.waited_s == 0);
    CHECK(fake.asked == std::vector<std::string>{"dc01 2", "dc02 2"});
}

TEST_CASE("no replicas: nothing to wait for") {
    Fake fake;
    fake.holders.clear();
    CHECK(after(fake, 900).complete());
    CHECK(fake.asked.empty());
}

TEST_CASE("a late one is asked again, and only about what it lacks") {
    Fake fake;
    fake.held["dc02"][two].first = 20;
    const Convergence found = after(fake, 900);
    CHECK(found.complete());
    CHECK(found.waited_s >= 20);
    CHECK(found.waited_s < 40);
    CHECK(fake.asked[1] == "dc02 2");
    for (std::size_t i = 2; i < fake.asked.size(); ++i) CHECK(fake.asked[i] == "dc02 1");
}

TEST_CASE("the limit is kept to the second, and what lacks is named") {
    Fake fake;
    fake.held["dc02"][two].first = 1'000'000;
    const Convergence found = after(fake, 100);
    REQUIRE(found.lags.size() == 1);
    CHECK(found.waited_s == 100);
    CHECK(found.lags[0].replica == second);
    CHECK(found.lags[0].behind == std::vector<Address>{two});
    CHECK_FALSE(found.lags[0].silent);
    CHECK(found.shown == 3);
    fake.asked.clear();
    CHECK_FALSE(after(fake, 0).complete());
    CHECK(fake.asked.size() == 2);
}

TEST_CASE("one that cannot be asked counts as behind, with its reason, and the others are asked all the same") {
    Fake fake;
    fake.holders.push_back({third, false});
    fake.dead.emplace("dc02", Error{Code::unreachable, "nobody there"});
    const Convergence found = after(fake, 30);
    REQUIRE(found.lags.size() == 1);
    CHECK(found.lags[0].behind.size() == 2);
    REQUIRE(found.lags[0].silent);
    CHECK(found.lags[0].silent->text == "nobody there");
    CHECK(found.replicas.size() == 3);
    CHECK(found.shown == 4);
    CHECK(found.of == 6);
}

TEST_CASE("an older version is behind whatever its time; a later one is there, and told") {
    Fake fake;
    fake.held["dc02"][one].second = {.version = 2, .time = 9000, .origin = "z", .usn = 9};
    fake.held["dc02"][two].second = {.version = 4, .time = 10, .origin = "b", .usn = 9};
    const Convergence found = after(fake, 0);
    REQUIRE(found.lags.size() == 1);
    CHECK(found.lags[0].behind == std::vector<Address>{one});
    REQUIRE(found.overtaken.size() == 1);
    CHECK(found.overtaken[0] == std::pair(second, two));
}

TEST_CASE("the same version: the later time wins, then the greater origin") {
    for (const auto& [stamp, there] : std::vector<std::pair<ChangeStamp, bool>>{{{3, 999, "z", 1}, false},
                                                                                {{3, 1001, "A", 1}, true},
                                                                                {{3, 1000, "0", 99}, false},
                                                                                {{3, 1000, "b", 1}, true},
                                                                                {written, true}}) {
        Fake fake;
        fake.held["dc02"][one].second = stamp;
        CHECK(after(fake, 0).complete() == there);
    }
}

TEST_CASE("replicas of another domain are not asked for what they do not hold") {
    Fake fake;
    fake.holders.push_back({{"other.example", "dc03", "c"}, false});
    CHECK(after(fake, 900).complete());
    CHECK(fake.asked == std::vector<std::string>{"dc01 2", "dc02 2"});
}

TEST_CASE("whoever wants no more waiting gets what is known so far") {
    Fake fake;
    fake.held["dc02"].clear();
    Patience patience = fake.patience(900);
    patience.sleep = [](std::int64_t) { return false; };
    std::size_t said = 0;
    patience.say = [&](const Convergence&) { ++said; };
    const std::vector<Address> addresses{one, two};
    const Convergence found = converge(fake, addresses, patience).value();
    CHECK(found.interrupted);
    CHECK_FALSE(found.complete());
    CHECK(said == 1);
}

TEST_CASE("where not even the run's own replica shows the change, it is an error and not a convergence") {
    Fake fake;
    fake.held["dc01"].erase(two);
    const std::vector<Address> addresses{one, two};
    const auto hidden = converge(fake, addresses, fake.patience(900));
    REQUIRE_FALSE(hidden);
    CHECK(hidden.error().code == Code::denied);
    fake.dead.emplace("dc01", Error{Code::unreachable, "gone"});
    CHECK(converge(fake, addresses, fake.patience(900)).error().code == Code::unreachable);
}

}  // namespace fairway::converge_test
