// Ten thousand audits of a world that changes, with every fault that there is: nobody is told anything twice, and
// nothing is lost.
#include "engine/watch/keeper.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <random>
#include <set>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/timestamp.hpp"
#include "engine/watch/state_file.hpp"

namespace fairway::keeper_test {
namespace {

using namespace watch;

constexpr std::int64_t tick_s = 900, remind_s = 6 * 3600;

struct Crash {};

// What a receiver keeps: every message once, by its id, as it came first.
struct Receiver {
    std::vector<std::string> messages;
    std::map<std::string, std::string> had;
    std::set<std::string> settled;  // messages of which it is durable that they were acknowledged
    bool up = true, answers = true;

    void take(const Message& message) {
        CHECK_FALSE(settled.contains(message.id));
        const auto [it, fresh] = had.try_emplace(message.id, message.body);
        CHECK(it->second == message.body);
        if (fresh) messages.push_back(message.body);
    }
};

enum class Is { closed, open, unknown };
using Sample = std::map<std::string, Is>;

Seen seen_of(const Sample& sample, const State& state) {
    Seen out;
    for (const auto& [object, is] : sample)
        if (is == Is::open) out.findings.push_back({{Sort::value, object, "", "host", "s", "r"}, {}});
    for (const Episode& one : state.episodes)
        if (!one.ended && one.subject.sort == Sort::value)
            out.fates[one.number] = sample.at(one.subject.object) == Is::unknown ? Fate::unread : Fate::complies;
    return out;
}

// A disk, two receivers, and a process that may end at every step between two durable ones.
class Life {
public:
    explicit Life(unsigned seed) : random_(seed) { restart(); }

    std::map<std::string, Receiver> receivers;
    bool full = false;
    double crashes = 0;  // the chance of one at each step
    std::int64_t crash_at = -1, steps = 0;
    std::int64_t now = 1'800'000'000;
    std::size_t restarts = 0;

    // One audit, and what is to be sent after it. `sample`: nothing: the audit has no result.
    void tick(const std::optional<Sample>& sample) {
        now += tick_s;
        alive([&] {
            in_memory_.push_back(sample);
            keeper_->saw(sample ? seen_of(*sample, keeper_->state()) : Seen{false, "down", {}, {}}, now);
        });
        for (int i = 0; i < 3; ++i) send();
    }

    void send() {
        now += 1;
        alive([&] {
            keeper_->save_again();
            for (const Way* way : keeper_->take_due(now)) {
                Receiver& to = receivers[way->key];
                if (to.up) to.take(keeper_->message(*way));
                step();  // it was taken, and nobody here knows it
                const std::string id = keeper_->message(*way).id;
                keeper_->answered(*way, to.up && to.answers ? Result<void>() : fail(Code::unreachable, "no"), now);
                if (to.up && to.answers && keeper_->saved()) to.settled.insert(id);
            }
        });
    }

    // The law, once all is well again.
    void check() {
        for (auto& [key, to] : receivers) to.up = to.answers = true;
        full = false;
        crashes = 0;
        crash_at = -1;
        for (int i = 0; i < 200 && !(keeper_->all_told() && keeper_->saved()); ++i, now += 900) send();
        CHECK(keeper_->all_told());
        CHECK(keeper_->state().left_out == 0);
        for (auto& [key, to] : receivers) check(to);
    }
    std::size_t committed() const { return committed_.size(); }

private:
    static std::vector<Way> ways() {
        return {*parse_way("webhook=http://127.0.0.1:1/"), *parse_way("command=/bin/true")};
    }

    template <class Work>
    void alive(Work work) {
        try {
            work();
        } catch (const Crash&) {
            in_memory_.clear();
            restart();
        }
    }

    void restart() {
        ++restarts;
        const double often = std::exchange(crashes, 0);
        State state;
        state.estate = "corp";
        state.id = "0123456789abcdef";
        if (!disk_.empty()) state = *read_state(disk_);
        keeper_.emplace(
            std::move(state), ways(), WatchLimits{.remind = remind_s}, Heading{"me", "1"},
            [this](const std::string& text) { return save(text); }, now);
        crashes = often;
    }

    void step() {
        ++steps;
        if (steps == crash_at || std::bernoulli_distribution(crashes)(random_)) throw Crash{};
    }

    Result<void> save(const std::string& text) {
        step();
        if (full) return fail(Code::storage, "the disk is full");
        disk_ = text;
        committed_.insert(committed_.end(), in_memory_.begin(), in_memory_.end());
        in_memory_.clear();
        step();
        return {};
    }

    // How often each object went from closed to open in what is durable, and whether it is open in the end.
    std::map<std::string, std::pair<std::size_t, bool>> expected() const {
        std::map<std::string, std::pair<std::size_t, bool>> out;
        for (const auto& sample : committed_) {
            auto& [episodes, open] = out[""];  // the audit itself
            if (!sample && !open) ++episodes;
            open = !sample;
            if (!sample) continue;
            for (const auto& [object, is] : *sample) {
                auto& [times, now_open] = out[object];
                if (is == Is::open && !now_open) ++times;
                if (is != Is::unknown) now_open = is == Is::open;
            }
        }
        return out;
    }

    void check(const Receiver& to) const {
        struct Heard {
            std::string object;
            int alarms = 0, recoveries = 0;
            std::int64_t last = 0;
        };
        std::map<std::int64_t, Heard> heard;
        for (const std::string& body : to.messages) {
            const Json message = *parse_json(body);
            const std::int64_t at = *parse_timestamp(message["time"].get<std::string>());
            for (const Json& one : message["alarms"]) {
                Heard& of = heard[one["finding"]];
                of = {one["object"], of.alarms + 1, of.recoveries, at};
            }
            for (const Json& one : message["reminders"]) {
                Heard& of = heard[one["finding"]];
                CHECK(of.alarms == 1);
                CHECK(of.recoveries == 0);
                CHECK(at - of.last >= remind_s);
                of.last = at;
            }
            for (const Json& one : message["recoveries"]) {
                CHECK(heard[one["finding"]].alarms == 1);
                ++heard[one["finding"]].recoveries;
            }
        }
        std::map<std::string, std::pair<std::size_t, bool>> got;
        for (const auto& [object, of] : expected()) got[object];
        for (const auto& [number, of] : heard) {
            auto& [episodes, open] = got[of.object];
            CHECK(of.alarms == 1);
            CHECK_FALSE(open);  // the one before ended
            ++episodes;
            open = of.recoveries == 0;
            CHECK(of.recoveries <= 1);
        }
        CHECK(got == expected());
    }

    std::mt19937 random_;
    std::string disk_;
    std::optional<Keeper> keeper_;
    std::vector<std::optional<Sample>> in_memory_, committed_;
};

// The keys as they are in the state.
std::string webhook() { return parse_way("webhook=http://127.0.0.1:1/")->key; }

}  // namespace

TEST_CASE("watch: ten thousand audits with faults: no alarm twice, none lost") {
    std::mt19937 random(20261130);
    const auto chance = [&](double p) { return std::bernoulli_distribution(p)(random); };
    Life life(7);
    life.crashes = 0.01;
    Sample sample;
    for (int i = 0; i < 6; ++i) sample["HV" + std::to_string(i)] = Is::closed;
    int down = 0, other_down = 0, full = 0, host_down = 0;
    for (int i = 0; i < 10'000; ++i) {
        for (auto& [object, is] : sample)
            if (is != Is::unknown && chance(0.03)) is = is == Is::open ? Is::closed : Is::open;
        Sample now = sample;
        if (chance(0.01)) host_down = 6;
        if (host_down-- > 0)
            for (const char* object : {"HV3", "HV4"}) now[object] = Is::unknown;
        if (chance(0.01)) down = 4;  // an hour
        if (chance(0.002)) other_down = 60;
        if (chance(0.01)) full = 3;
        Receiver& first = life.receivers[webhook()];
        first.up = down-- <= 0;
        first.answers = !chance(0.02);
        for (auto& [key, to] : life.receivers)
            if (key != webhook()) to.up = other_down <= 0;
        --other_down;
        life.full = full-- > 0;
        life.tick(chance(0.01) ? std::nullopt : std::optional(now));
    }
    CHECK(life.restarts > 100);
    CHECK(life.committed() > 9'000);
    life.check();
    CHECK(life.receivers.size() == 2);
    CHECK(life.receivers[webhook()].messages.size() > 1'000);
}

TEST_CASE("watch: a crash at each step of the same day") {
    const std::vector<std::optional<Sample>> day = {
        Sample{{"A", Is::open}, {"B", Is::closed}},    Sample{{"A", Is::open}, {"B", Is::open}},
        Sample{{"A", Is::unknown}, {"B", Is::closed}}, std::nullopt,
        Sample{{"A", Is::closed}, {"B", Is::open}},    Sample{{"A", Is::open}, {"B", Is::open}}};
    std::int64_t steps = 1;
    for (std::int64_t at = 1; at <= steps; ++at) {
        Life life(1);
        life.steps = 0;
        life.crash_at = at;
        for (const auto& sample : day) life.tick(sample);
        life.tick(day.back());
        steps = std::max(steps, life.steps);
        CAPTURE(at);
        CHECK(life.restarts == (at <= life.steps ? 2 : 1));
        life.check();
    }
    CHECK(steps > 20);
}

TEST_CASE("watch: nothing is sent before it is durable") {
    Life life(1);
    life.full = true;
    life.tick(Sample{{"A", Is::open}});
    for (auto& [key, to] : life.receivers) CHECK(to.messages.empty());
    life.full = false;
    life.send();
    CHECK(life.receivers[webhook()].messages.size() == 1);
    life.check();
}

}  // namespace fairway::keeper_test
