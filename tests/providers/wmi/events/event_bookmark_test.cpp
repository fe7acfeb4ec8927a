// Are events and bookmarks found wherever a server puts them, does a reading begin where the last one ended, and is
// what is missing between them named?
#include <doctest/doctest.h>

#include "tests/providers/wmi/events/event_host.hpp"

namespace fairway::wmi::event_bookmark_test {

TEST_CASE("events: every place in which a server may put events and bookmarks") {
    const std::string list = bookmark_header(place(vmms, 2));
    const std::string both = vmms_event(1) + vmms_event(2);
    const struct {
        const char* why;
        std::string body, header;
    } rows[] = {
        {"elements, bookmark in the header", pulled({vmms_event(1), vmms_event(2)}, "", true), list},
        {"elements within w:Event",
         pulled({"<w:Event>" + vmms_event(1) + "</w:Event>", "<w:Event>" + vmms_event(2) + "</w:Event>"}, "", true),
         list},
        {"a batch within w:Events",
         pulled({"<w:Events>" + cdata(vmms_event(1)) + cdata(vmms_event(2)) + "</w:Events>"}, "", true), list},
        {"CDATA without w:Event",
         pulled({"<![CDATA[" + vmms_event(1) + "]]><![CDATA[" + vmms_event(2) + "]]>"}, "", true), list},
        {"several in one CDATA", pulled({cdata(both)}, "", true), list},
        {"bookmark among the items", pulled({vmms_event(1), vmms_event(2), list}, "", true), ""},
        {"no bookmark: the records make one", pulled({vmms_event(1), vmms_event(2)}, "", true), ""},
        {"a bookmark that says to begin again", pulled({vmms_event(1), vmms_event(2)}, "", true),
         "<w:Bookmark>http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest</w:Bookmark>"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        Played host({body(subscribed()), body(row.body, row.header), body("")});
        const auto page = read_events(host, of_vmms);
        REQUIRE_MESSAGE(page.has_value(), (page ? "" : page.error().text));
        CHECK(records(*page) == Records{1, 2});
        CHECK(page->unreadable == 0);
        CHECK(page->bookmark == Bookmark{.places = {{vmms, 2, true}}});
        CHECK(host.left() == 0);
    }
}

TEST_CASE("events: the host's bookmark counts, wherever it stands") {
    // It is ahead of what was selected: the rest was looked at and did not fit the query.
    const std::string ahead = bookmark_header(place(vmms, 50));
    const Bookmark expected{.places = {{vmms, 50, true}}};
    const std::string within =
        "<n:PullResponse>" + ahead + "<n:Items>" + vmms_event(1) + "</n:Items><n:EndOfSequence/></n:PullResponse>";
    for (const Answer& answer : {body(pulled({vmms_event(1)}, "", true), ahead),
                                 body(pulled({vmms_event(1), ahead}, "", true)), body(within)}) {
        Played host({body(subscribed()), answer, body("")});
        const auto page = read_events(host, of_vmms);
        REQUIRE(page.has_value());
        CHECK(page->bookmark == expected);
    }
}

TEST_CASE("events: a channel that brought nothing keeps its place") {
    Played host({body(subscribed()), body(pulled({vmms_event(9, 1, "B")}, "", true), bookmark_header(place("B", 9))),
                 body("")});
    const auto page =
        read_events(host, {.channels = {"A", "B"}}, Bookmark{.places = {{"A", 4, true}, {"B", 8, false}}});
    REQUIRE(page.has_value());
    CHECK(page->bookmark == Bookmark{.places = {{"A", 4, false}, {"B", 9, true}}});
    CHECK(page->gaps.empty());
}

TEST_CASE("events: gaps in the records are named, where record numbers follow one another") {
    const auto event = [](const std::string& channel, std::uint64_t record) {
        Event out;
        out.channel = channel;
        out.record = record;
        return out;
    };
    const Bookmark from{.places = {{"A", 5, true}, {"B", 9, false}}};
    CHECK(gaps_in(from, {event("A", 6), event("B", 10), event("a", 7), event("C", 99), event("C", 100)}).empty());
    CHECK(gaps_in(from, {event("A", 8), event("A", 9), event("B", 3), event("C", 0)}) ==
          std::vector<EventGap>{{"A", 5, 8}, {"B", 9, 3}});
    Played host({body(subscribed()), body(pulled({vmms_event(9)}, "", true)), body("")});
    const Bookmark old{.places = {{vmms, 3, true}}};
    CHECK(read_events(host, of_vmms, old)->gaps == std::vector<EventGap>{{vmms, 3, 9}});
    EventQuery narrow = of_vmms;
    narrow.ids = {20306};
    Played filtered({body(subscribed()), body(pulled({vmms_event(9)}, "", true)), body("")});
    CHECK(read_events(filtered, narrow, old)->gaps.empty());
}

}  // namespace fairway::wmi::event_bookmark_test
