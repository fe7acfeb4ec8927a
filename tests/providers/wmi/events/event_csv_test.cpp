// Which events come out of what Export-Csv writes, in any country, and what is said of lines that are none?
#include <doctest/doctest.h>

#include "providers/wmi/events/event_file.hpp"

namespace fairway::wmi::event_csv_test {
namespace {

const std::string csv_heading = "\"Message\",\"Id\",\"ProviderName\",\"MachineName\",\"Level\",\"TimeCreated\"\n";

// The times of lines that are alike but for it, in seconds.
std::vector<std::int64_t> seconds(const std::vector<std::string>& times) {
    std::string text = csv_heading;
    for (const std::string& time : times) text += "m,7,P,hv01,2,\"" + time + "\"\n";
    std::vector<std::int64_t> out;
    for (const LogEvent& event : read_event_csv(text).events) out.push_back(event.time_us / 1'000'000);
    return out;
}

constexpr std::int64_t may_sixth = 1'778'110'200;   // 2026-05-06 23:30
constexpr std::int64_t june_fifth = 1'780'702'200;  // 2026-06-05 23:30

}  // namespace

TEST_CASE("event files: CSV with commas or semicolons, text over several lines, times of several countries") {
    const auto times = {std::pair{"11/28/2026 03:30:00 PM", 1'795'879'800},
                        std::pair{"28.11.2026 15:30:00", 1'795'879'800},
                        std::pair{"28/11/2026 15:30:00", 1'795'879'800},
                        std::pair{"2026-11-28 15:30:00", 1'795'879'800},
                        std::pair{"11/28/2026 12:00:01 AM", 1'795'824'001},
                        std::pair{"noon", 0},
                        std::pair{"99.99.2026 1:1:1", 0}};
    for (const auto& [text, seconds] : times) {
        CAPTURE(text);
        const auto file =
            read_event_file("#TYPE X\r\n" + csv_heading + "\"one\n\"\"two\"\"\",7,P,hv01,2,\"" + text + "\"\r\n");
        REQUIRE(file.has_value());
        REQUIRE(file->events.size() == 1);
        CHECK(file->events[0].message == "one\n\"two\"");
        CHECK(file->events[0].time_us == std::int64_t{seconds} * 1'000'000);
        CHECK(file->events[0].zoneless);
        CHECK(file->without_parameters);
    }
    std::string semicolons = csv_heading + "m,7,P,hv01,2,x\n";
    for (char& c : semicolons) c = c == ',' ? ';' : c;
    CHECK(read_event_file(semicolons)->events.size() == 1);
}

TEST_CASE("event files: one line of a CSV file in which a number can be no month decides for all of it") {
    const std::string open = "05/06/2026 23:30:00", open_half = "05/06/2026 11:30:00 PM";
    CHECK(seconds({open}) == std::vector{june_fifth});      // hours to 24: day first
    CHECK(seconds({open_half}) == std::vector{may_sixth});  // AM and PM: month first
    CHECK(seconds({open, "05/13/2026 1:00:00"}).at(0) == may_sixth);
    CHECK(seconds({open_half, "13/05/2026 1:00:00 AM"}).at(0) == june_fifth);
    CHECK(seconds({"2026-05-06 23:30:00", "13/05/2026 1:00"}).at(0) == may_sixth);
    CHECK(seconds({"05.06.2026 23:30", open, "05-06-2026 23.30.00"}) == std::vector(3, june_fifth));
}

TEST_CASE("event files: halves of the day in several languages, and times with a zone") {
    for (const char* text :
         {"2026/05/06 下午 11:30:00", "2026-05-06 오후 11:30:00", "2026/05/06 午後 11:30:00", "6/5/2026 11:30:00 p. m.",
          "6/5/2026 11:30:00 p.\xc2\xa0m.", "6/5/2026 11:30:00\xe2\x80\xafpm"}) {
        CAPTURE(text);
        CHECK(seconds({text, "13/5/2026 1:00:00"}).at(0) == may_sixth);
    }
    CHECK(seconds({"2026/05/06 上午 12:30:00"}).at(0) == may_sixth - 23 * 3600);
    const auto zone = read_event_csv(csv_heading + "m,7,P,hv01,2,2026-05-06T23:30:00.0000000+01:00\n");
    CHECK(zone.events.at(0).time_us == (may_sixth - 3600) * 1'000'000);
    CHECK_FALSE(zone.events.at(0).zoneless);
}

TEST_CASE("event files: CSV with its columns in another order, without quotes, with tabs, in ASCII") {
    for (const char separator : {',', ';', '\t'}) {
        std::string text =
            "Id|Level|MachineName|TimeCreated|ProviderName|Message\r\n7|2|hv01|28.11.2026 15:30:00|P|\"Die ?nderung, "
            "\"\"0x8009030E\"\"; a\tb\"\r\n";
        for (char& c : text) c = c == '|' ? separator : c;
        const auto file = read_event_file(separator == ';' ? "sep=;\r\n" + text : text);
        REQUIRE(file.has_value());
        const LogEvent& event = file->events.at(0);
        CHECK(event.id == 7);
        CHECK(event.level == 2);
        CHECK(event.computer == "hv01");
        CHECK(event.provider == "P");
        CHECK(event.message == "Die ?nderung, \"0x8009030E\"; a\tb");
    }
}

TEST_CASE("event files: lines of CSV that are no events are counted, and an empty one is nothing") {
    const std::string line = "m,7,P,hv01,2,1/1/2026 1:00\n";
    const auto file = read_event_csv(csv_heading + "a 6\" disk,7,P,hv01,2,1/1/2026 1:00\n\r\nm,x,P,hv01,2,1\n" + line +
                                     "7,P\n" + line);
    CHECK(file.events.size() == 3);
    CHECK(file.events.at(0).message == "a 6\" disk");
    CHECK(file.unreadable == 2);
    CHECK(file.why == "a line of it has no number as Id");
    const auto missing = read_event_file("\"Id\",\"TimeCreated\"\n1,x\n");
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().text.find("no column ProviderName") != std::string::npos);
    // A message may quote XML.
    CHECK(read_event_file(csv_heading + "\"<Event >\",7,P,hv01,2,x\n")->events.size() == 1);
    CHECK(read_event_csv(csv_heading + std::string(1'000'000, ',')).unreadable == 1);
}

}  // namespace fairway::wmi::event_csv_test
