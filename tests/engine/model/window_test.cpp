// When is a window open? Fixed ones, weekly ones, and the days on which a zone changes its clock.
#include "engine/model/window.hpp"

#include <doctest/doctest.h>
#include <tuple>

#include "engine/base/clock.hpp"
#include "engine/base/timestamp.hpp"

namespace fairway::window_test {

namespace {

Window weekly(std::string from, std::string until, std::string zone = "Europe/Berlin") {
    return *window_from(std::move(from), std::move(until), std::move(zone));
}

std::string span(const Window& window, std::string_view moment) {
    const auto out = span_at(window, *parse_timestamp(moment));
    return out ? show_time(out->from) + "/" + show_time(out->until) : "over";
}

std::string refused(std::string from, std::string until, std::string zone = "") {
    const auto window = window_from(std::move(from), std::move(until), std::move(zone));
    return window ? "" : window.error().text;
}

}  // namespace

TEST_CASE("a window between two moments is open once") {
    const Window window = *window_from("2026-12-05T22:00:00+01:00", "2026-12-06T04:00:00+01:00", "");
    const std::string whole = "2026-12-05T21:00:00Z/2026-12-06T03:00:00Z";
    CHECK(span(window, "2026-12-01T00:00:00Z") == whole);  // the next one
    CHECK(span(window, "2026-12-05T21:00:00Z") == whole);
    CHECK(span(window, "2026-12-06T02:59:59Z") == whole);
    CHECK(span(window, "2026-12-06T03:00:00Z") == "over");  // its end is no longer in it
}

TEST_CASE("a weekly window goes by the clock of its zone, and over the end of the week") {
    const Window window = weekly("saturday 22:00", "sunday 04:00");
    CHECK(span(window, "2026-12-02T12:00:00Z") == "2026-12-05T21:00:00Z/2026-12-06T03:00:00Z");
    CHECK(span(window, "2026-12-06T02:00:00Z") == "2026-12-05T21:00:00Z/2026-12-06T03:00:00Z");
    CHECK(span(window, "2026-12-06T03:00:00Z") == "2026-12-12T21:00:00Z/2026-12-13T03:00:00Z");
    CHECK(span(window, "2026-07-01T12:00:00Z") == "2026-07-04T20:00:00Z/2026-07-05T02:00:00Z");  // summer
    const Window over = weekly("sunday 23:00", "monday 02:00");
    CHECK(span(over, "2026-12-07T00:30:00Z") == "2026-12-06T22:00:00Z/2026-12-07T01:00:00Z");
    const Window backwards = weekly("friday 20:00", "wednesday 06:00");
    CHECK(span(backwards, "2026-12-08T12:00:00Z") == "2026-12-04T19:00:00Z/2026-12-09T05:00:00Z");
}

TEST_CASE("on the days when clocks change a window is never longer than what everybody expects") {
    // Berlin 2026: on 29 March 02:00 becomes 03:00, on 25 October 03:00 becomes 02:00.
    const Window early = weekly("sunday 01:00", "sunday 05:00");
    CHECK(span(early, "2026-03-29T00:00:00Z") == "2026-03-29T00:00:00Z/2026-03-29T03:00:00Z");  // three hours
    CHECK(span(early, "2026-10-24T22:00:00Z") == "2026-10-24T23:00:00Z/2026-10-25T04:00:00Z");  // five hours
    const Window left_out = weekly("sunday 02:10", "sunday 02:50");
    CHECK(span(left_out, "2026-03-28T12:00:00Z") == "2026-04-05T00:10:00Z/2026-04-05T00:50:00Z");  // there is none
    const Window from_gap = weekly("sunday 02:30", "sunday 06:00");
    CHECK(span(from_gap, "2026-03-28T12:00:00Z") == "2026-03-29T01:00:00Z/2026-03-29T04:00:00Z");
    const Window twice = weekly("sunday 02:30", "sunday 06:00");  // 02:30 comes twice: the later
    CHECK(span(twice, "2026-10-24T12:00:00Z") == "2026-10-25T01:30:00Z/2026-10-25T05:00:00Z");
    const Window until = weekly("saturday 22:00", "sunday 02:30");  // and here the earlier
    CHECK(span(until, "2026-10-24T12:00:00Z") == "2026-10-24T20:00:00Z/2026-10-25T00:30:00Z");
}

TEST_CASE("what is no window says what is wrong") {
    CHECK(refused("2026-12-05T22:00:00", "2026-12-06T04:00:00Z").find("has no zone") != std::string::npos);
    CHECK(refused("2026-12-06T22:00:00Z", "2026-12-06T04:00:00Z").find("not after") != std::string::npos);
    CHECK(refused("saturday 22:00", "2026-12-06T04:00:00Z").find("one end") != std::string::npos);
    CHECK(refused("saturday 22:00", "sunday 04:00").find("needs the zone") != std::string::npos);
    CHECK(refused("saturday 22:00", "saturday 22:00", "Europe/Berlin").find("same time") != std::string::npos);
    CHECK(refused("saturday 22:00", "sunday 04:00", "Europe/Berlln").find("no time zone") != std::string::npos);
    CHECK(refused("saturday 22:00", "sunday 04:00", "../../etc/passwd").find("no time zone") != std::string::npos);
    CHECK(refused("2026-12-05T22:00:00Z", "2026-12-06T04:00:00Z", "Etc/UTC").find("no `zone`") != std::string::npos);
    for (const std::string_view end : {"sa 22:00", "saturday 24:00", "saturday 9:00", "saturday", "22:00",
                                       "saturday  22:00", "saturday 22:60", "", " "})
        CHECK_FALSE(window_end_oddity(end).empty());
    CHECK(window_end_oddity("Sat 22:00").empty());
}

TEST_CASE("a window of the command line is spelt as it is shown") {
    for (const std::string text :
         {"saturday 22:00/sunday 04:00 Europe/Berlin", "2026-12-05T22:00:00+01:00/2026-12-06T04:00:00+01:00"}) {
        const auto window = window_from(std::string_view(text));
        REQUIRE(window);
        CHECK(show(*window) == text);
    }
    CHECK_FALSE(window_from(std::string_view("saturday 22:00")));
    CHECK_FALSE(window_from(std::string_view("/")));
}

}  // namespace fairway::window_test
