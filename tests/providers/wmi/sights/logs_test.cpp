// Are the three logs read that report moves, is one that is missing said, and does one that is down end the asking?
#include "providers/wmi/sights/logs.hpp"

#include "tests/providers/wmi/events/event_host.hpp"

namespace fairway::wmi::logs_test {
namespace {

constexpr std::int64_t since = 1795824000;  // 2026-11-28T00:00:00Z

const std::string worker = "Microsoft-Windows-Hyper-V-Worker-Admin";
const std::string no_such_log = fault_body("s:Receiver", "w:InternalError", "?", wsman_fault("15007", "no channel"));

// One log: subscribed to, its events in one answer, and its end.
std::deque<Answer> log_of(const std::vector<std::string>& events) {
    std::vector<std::string> items;
    for (const std::string& event : events) items.push_back(cdata(event));
    return {body(subscribed()), body(pulled(items)), body(timed_out()), body("")};
}

std::deque<Answer> joined(std::vector<std::deque<Answer>> parts) {
    std::deque<Answer> out;
    for (auto& part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
}

std::string at(std::string event, const std::string& time) {
    const std::string was = "2026-11-22T14:48:21.6986159Z";
    return event.replace(event.find(was), was.size(), time);
}

}  // namespace

TEST_CASE("logs of moves: all from a moment on, oldest first; one that the host lacks is said") {
    Played host(joined({log_of({at(vmms_event(7), "2026-11-28T10:00:02Z"), at(vmms_event(8), "2026-11-28T10:00:04Z"),
                                at(vmms_event(3, 12030, worker), "2026-11-28T10:00:03Z")}),
                        {body(no_such_log)}}));
    const auto logs = read_move_logs(host, since);
    REQUIRE_MESSAGE(logs.has_value(), (logs ? "" : logs.error().text));
    Records records;
    for (const LogEvent& event : logs->events) records.push_back(event.record);
    CHECK(records == Records{7, 3, 8});
    CHECK(logs->events[1].channel == worker);
    CHECK(logs->why.starts_with("Microsoft-Windows-Hyper-V-High-Availability-Admin: "));
    CHECK(logs->why.find("15007") != std::string::npos);
    CHECK(logs->whole);  // only clusters have that one
    CHECK(logs->unreadable == 0);
    CHECK_FALSE(logs->cut);
    CHECK(host.left() == 0);
    for (const std::size_t subscription : {0u, 4u})
        CHECK(host.sent.at(subscription).find("2026-11-28T00:00:00.000Z") != std::string::npos);
}

TEST_CASE("logs of moves: one that is refused hides no other") {
    Played host(joined({{body(no_such_log), body(no_such_log)}, log_of({vmms_event(7)}), log_of({})}));
    const auto logs = read_move_logs(host, since);
    REQUIRE_MESSAGE(logs.has_value(), (logs ? "" : logs.error().text));
    CHECK(logs->events.size() == 1);
    CHECK(logs->why.starts_with(worker + ": "));
    CHECK(logs->why.find(vmms) == std::string::npos);
    CHECK(host.left() == 0);
}

TEST_CASE("logs of moves: an entry that cannot be read is counted, and the others are there") {
    Played host(joined({log_of({"<Event>", vmms_event(8)}), log_of({})}));
    const auto logs = read_move_logs(host, since);
    REQUIRE(logs.has_value());
    CHECK(logs->events.size() == 1);
    CHECK(logs->unreadable == 1);
    CHECK(logs->why.starts_with(vmms + ", " + worker + ": 1 entries cannot be read: "));
}

TEST_CASE("logs of moves: a log that breaks off is cut, with its events") {
    Played host(
        joined({{body(subscribed()), body(pulled({cdata(vmms_event(1))})), raw("no XML"), body("")}, log_of({})}));
    const auto logs = read_move_logs(host, since);
    REQUIRE(logs.has_value());
    CHECK(logs->events.size() == 1);
    CHECK(logs->cut);
    CHECK(logs->why.find("the reading broke off: ") != std::string::npos);
}

TEST_CASE("logs of moves: all refused is an error; who does not answer is asked once") {
    Played closed({body(no_such_log), body(no_such_log), body(no_such_log), body(no_such_log)});
    const auto none = read_move_logs(closed, since);
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().text.find("15007") != std::string::npos);
    CHECK(closed.left() == 0);
    Played down({lost()});
    const auto nobody = read_move_logs(down, since);
    REQUIRE_FALSE(nobody.has_value());
    CHECK(nobody.error().code == Code::unreachable);
    CHECK(down.asked == Strings{"Subscribe"});
}

}  // namespace fairway::wmi::logs_test
