// What stands in a message: JSON that its schema describes is judged in tests/binary; here is what nobody may smuggle
// in.
#include "engine/watch/message.hpp"

#include <doctest/doctest.h>

#include "engine/base/json.hpp"

namespace fairway::message_test {
namespace {

using namespace watch;

struct Sample {
    State state;
    Heading heading{"me@here", "1.0"};
    std::string id = "0123456789abcdef-1";
    Episode one;

    Sample() {
        state.estate = "corp\nBcc: x@evil.example";
        one.number = 7;
        one.subject = {Sort::value, "HV01\r\nBcc: x@evil.example", "S-1", "host", "migration.enabled", "rule"};
        one.detail = {Severity::high, std::string(5000, 'x') + "\n.\nFrom here", "off", "on", {}};
        one.since = one.seen = 1'800'000'000;
        state.episodes = {one};
    }
    News news() const { return {{&one}, {}, {}}; }
    About about() const { return {state, heading, id, 1'800'000'900}; }
};

}  // namespace

TEST_CASE("watch: no text from outside ends a header or a line of a mail") {
    const Sample sample;
    const std::string mail = mail_text(sample.news(), sample.about(), "ops@corp.example");
    const std::string head = mail.substr(0, mail.find("\n\n"));
    CHECK(
        head.starts_with("To: ops@corp.example\nSubject: Fairway, corp\\x0aBcc: x@evil.example: 1 new\nMessage-ID: <"));
    CHECK(mail.find("\nBcc:") == std::string::npos);
    CHECK(mail.find('\r') == std::string::npos);
    CHECK(mail.find("\n.\n") == std::string::npos);
    CHECK(mail.find("\nFrom ") == std::string::npos);
    CHECK(mail.find("HV01\\x0d\\x0aBcc") != std::string::npos);
    for (std::size_t at = 0, next; at < mail.size(); at = next + 1) {
        next = mail.find('\n', at);
        REQUIRE(next != std::string::npos);
        CHECK(next - at < 998);
    }
}

TEST_CASE("watch: a message says what is new, what is still open and what is over") {
    Sample sample;
    Episode over = sample.one;
    over.ended = 1'800'000'900;
    over.fate = Fate::excepted;
    over.detail.wrote = {"ours", "", "2026-11-30-01", "anna@x", "CHG1", "dc1", 1'799'999'999};
    const Json json = message_json({{}, {&sample.one}, {&over}}, sample.about());
    CHECK(json["id"] == sample.id);
    CHECK(json["open"] == 1);
    CHECK(json["alarms"].empty());
    CHECK(json["reminders"][0]["ended"].is_null());
    CHECK(json["recoveries"][0]["how_ended"] == "excepted");
    CHECK(json["recoveries"][0]["ticket"] == "CHG1");
    CHECK(line_of(over).find(
              "an exception covers it; run 2026-11-30-01 by anna@x, ticket CHG1, changed 2027-01-15T07:59:59Z "
              "at dc1)") != std::string::npos);
}

}  // namespace fairway::message_test
