// Which findings are the same, when one ends, who is told what, and that the state survives its file.
#include "engine/watch/state.hpp"

#include <doctest/doctest.h>

#include "engine/base/json.hpp"
#include "engine/watch/state_file.hpp"

namespace fairway::state_test {
namespace {

using namespace watch;

Noticed value_of(const std::string& object, const std::string& sid = "") {
    return {{Sort::value, object, sid, "host", "migration.enabled", "rule"},
            {Severity::high, "is off", "off", "on", {}}};
}

Seen seen(std::vector<Noticed> findings, std::map<std::int64_t, Fate> fates = {}) {
    return {true, "", std::move(findings), std::move(fates)};
}

State with(const std::vector<std::string>& ways) {
    State out;
    out.id = "0123456789abcdef";
    use(out, ways, 1000);
    return out;
}

std::size_t alarms(const State& state, const std::string& way, std::int64_t now, WatchLimits limits = {}) {
    return news_for(state, way, now, limits).alarms.size();
}

void tell(State& state, const std::string& way, std::int64_t now, WatchLimits limits = {}) {
    put_message(state, way, news_for(state, way, now, limits), {next_message_id(state), "body", now, now, 0}, now);
    acknowledged(state, way);
}

}  // namespace

TEST_CASE("watch: a finding begins once, and ends when it complies") {
    State state = with({"a"});
    CHECK(see(state, seen({value_of("HV01"), value_of("HV01")}), 1000, {}).began.size() == 1);
    CHECK(see(state, seen({value_of("hv01")}), 1900, {}).began.empty());
    CHECK(state.episodes.at(0).since == 1000);
    CHECK(state.episodes.at(0).seen == 1900);
    const Turn turn = see(state, seen({}, {{1, Fate::complies}}), 2800, {});
    REQUIRE(turn.ended.size() == 1);
    CHECK(turn.ended[0].ended == 2800);
    CHECK(see(state, seen({value_of("HV01")}), 3700, {}).began.at(0).number == 2);
}

TEST_CASE("watch: what could not be read neither ends nor begins") {
    State state = with({"a"});
    see(state, seen({value_of("HV01")}), 1000, {});
    CHECK(see(state, seen({}, {{1, Fate::unread}}), 1900, {}).ended.empty());
    CHECK(state.episodes.at(0).seen == 1000);
    const Turn failed = see(state, {false, "the directory is down", {}, {}}, 2800, {});
    CHECK(failed.ended.empty());
    REQUIRE(failed.began.size() == 1);  // the audit itself
    CHECK(failed.began[0].subject.sort == Sort::audit);
    CHECK(state.succeeded == 1900);
    CHECK(see(state, seen({value_of("HV01")}), 3700, {}).ended.at(0).subject.sort == Sort::audit);
    CHECK(see(state, seen({}), 4600, {}).ended.at(0).fate == Fate::not_asked);
}

TEST_CASE("watch: an account is known by its SID, whatever it is called") {
    State state = with({"a"});
    see(state, seen({value_of("HV01", "S-1-5-21-1")}), 1000, {});
    CHECK(see(state, seen({value_of("NEW", "S-1-5-21-1")}), 1900, {}).began.empty());
    CHECK(state.episodes.at(0).subject.object == "NEW");
    CHECK(see(state, seen({value_of("NEW")}), 2800, {}).began.empty());  // the directory is down
    CHECK(state.episodes.at(0).subject.sid == "S-1-5-21-1");
    const Turn another = see(state, seen({value_of("NEW", "S-1-5-21-2")}), 3700, {});
    CHECK(another.began.size() == 1);
    CHECK(another.ended.size() == 1);
}

TEST_CASE("watch: each way is told once, reminded, and told of the end") {
    const WatchLimits limits{.remind = 3600};
    State state = with({"a", "b"});
    see(state, seen({value_of("HV01")}), 1000, limits);
    tell(state, "a", 1000, limits);
    CHECK(alarms(state, "a", 1900, limits) == 0);
    CHECK(alarms(state, "b", 1900, limits) == 1);
    CHECK(news_for(state, "a", 4599, limits).empty());
    CHECK(news_for(state, "a", 4600, limits).reminders.size() == 1);
    CHECK(news_for(state, "a", 4600, {}).empty());
    CHECK(news_for(state, "a", 500, limits).reminders.size() == 1);  // the clock was set back
    see(state, seen({}, {{1, Fate::complies}}), 5000, limits);
    CHECK(news_for(state, "a", 5000, limits).recoveries.size() == 1);
    tell(state, "a", 5000, limits);
    REQUIRE(state.episodes.size() == 1);  // b has not heard of it
    const News both = news_for(state, "b", 5000, limits);
    CHECK(both.alarms.size() == 1);
    CHECK(both.recoveries.size() == 1);
    tell(state, "b", 5000, limits);
    CHECK(state.episodes.empty());
}

TEST_CASE("watch: a way that is new is told what is open; one that is away keeps what it knows for a month") {
    State state = with({"a"});
    see(state, seen({value_of("HV01"), value_of("HV02")}), 1000, {});
    tell(state, "a", 1000);
    use(state, {}, 2000);
    use(state, {"b"}, 2000);
    CHECK(alarms(state, "b", 2000) == 2);
    use(state, {"a"}, 3000);
    CHECK(alarms(state, "a", 3000) == 0);
    use(state, {"b"}, 3000 + 31 * 86400);
    CHECK_FALSE(state.ways.contains("a"));
    see(state, seen({}, {{1, Fate::complies}, {2, Fate::unread}}), 3000 + 31 * 86400, {});
    use(state, {"a"}, 3000 + 31 * 86400);
    const News news = news_for(state, "a", 3000 + 31 * 86400, {});
    CHECK(news.alarms.size() == 1);
    CHECK(news.recoveries.empty());
}

TEST_CASE("watch: limits hold, and what they cost is counted") {
    const WatchLimits limits{.open = 3, .untold = 2, .in_message = 2};
    State state = with({"a"});
    std::vector<Noticed> five;
    for (const char* host : {"A", "B", "C", "D", "E"}) five.push_back(value_of(host));
    const Turn first = see(state, seen(five), 1000, limits);
    CHECK(first.began.size() == 3);
    CHECK(first.no_room == 2);
    CHECK(alarms(state, "a", 1000, limits) == 2);
    see(state, seen({}, {{1, Fate::complies}, {2, Fate::complies}, {3, Fate::complies}}), 1900, limits);
    CHECK(state.left_out == 1);
    CHECK(state.episodes.size() == 2);
}

TEST_CASE("watch: a message that is not taken is tried again, later each time") {
    State state = with({"a"});
    see(state, seen({value_of("HV01")}), 1000, {});
    put_message(state, "a", news_for(state, "a", 1000, {}), {"id", "body", 1000, 1000, 0}, 1000);
    std::vector<std::int64_t> waits;
    for (int i = 0; i < 9; ++i) {
        not_taken(state, "a", "HTTP 500", 1000, {});
        waits.push_back(state.ways["a"].message->next - 1000);
    }
    CHECK(waits == std::vector<std::int64_t>{10, 20, 40, 80, 160, 320, 640, 900, 900});
    CHECK_FALSE(is_due(state.ways["a"], 1899, {}));
    CHECK(is_due(state.ways["a"], 1900, {}));
    CHECK(is_due(state.ways["a"], 0, {}));  // the clock was set back
    for (int i = 0; i < 100; ++i) not_taken(state, "a", "HTTP 500", 1000, {});
    CHECK(state.ways["a"].message->next == 1900);
}

TEST_CASE("watch: the state survives its file, and another file is none") {
    State state = with({"a", "b"});
    Noticed odd = value_of("HV\"\n01", "S-1");
    odd.detail.wrote = {"ours", "because", "2026-11-30-01", "anna@x", "CHG1", "dc1", 1234};
    see(state, seen({odd, value_of("HV02")}), 1000, {});
    tell(state, "a", 1000);
    see(state, seen({}, {{1, Fate::excepted}, {2, Fate::unread}}), 1900, {});
    put_message(state, "b", news_for(state, "b", 1900, {}), {"id-2", "body\n", 1900, 1900, 3}, 1900);
    const std::string text = print_state(state);
    REQUIRE(read_state(text).has_value());
    CHECK(*read_state(text) == state);
    const auto changed = [&](auto change) {
        Json json = *parse_json(text);
        change(json);
        return read_state(print_json(json));
    };
    CHECK(changed([](Json&) {}).has_value());
    CHECK_FALSE(changed([](Json& json) { json["more"] = 1; }).has_value());
    CHECK_FALSE(changed([](Json& json) { json["fairway_watch"] = 2; }).has_value());
    CHECK_FALSE(changed([](Json& json) { json["ways"].erase("b"); }).has_value());
    CHECK_FALSE(changed([](Json& json) { json["next_episode"] = 1; }).has_value());
    CHECK_FALSE(changed([](Json& json) { json["episodes"][0]["fate"] = "good"; }).has_value());
    CHECK_FALSE(changed([](Json& json) { json["episodes"][0]["since"] = -1; }).has_value());
    CHECK_FALSE(read_state(text.substr(0, text.size() / 2)).has_value());
}

}  // namespace fairway::state_test
