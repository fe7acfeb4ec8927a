// Are events and bookmarks read as hosts write them, and is what is none refused?
#include <doctest/doctest.h>

#include <string>

#include "providers/wmi/events/event.hpp"
#include "tests/providers/wmi/events/event_replies.hpp"

namespace fairway::wmi::event_test {
namespace {

std::string event_of(const std::string& system, const std::string& rest = "") {
    return "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>" + system + "</System>" +
           rest + "</Event>";
}

const std::string sound =
    "<Provider Name='P'/><EventID>1</EventID><TimeCreated SystemTime='2026-01-02T03:04:05Z'/><Channel>C</Channel>";

std::string without(std::string text, const std::string& part) {
    text.erase(text.find(part), part.size());
    return text;
}

}  // namespace

TEST_CASE("event: Hyper-V's, with its parameters in UserData") {
    const auto event = read_event_text(vmms_event(4711));
    REQUIRE_MESSAGE(event.has_value(), (event ? "" : event.error().text));
    CHECK(event->channel == vmms);
    CHECK(event->provider == "Microsoft-Windows-Hyper-V-VMMS");
    CHECK(event->computer == "HV01.corp.example");
    CHECK(event->id == 20306);
    CHECK(event->level == 2);
    CHECK(event->record == 4711);
    CHECK(event->time == "2026-11-22T14:48:21.6986159Z");
    CHECK(event->time_us == 1795358901'698615);
    REQUIRE(event->data.size() == 3);
    CHECK(event->data[0].name == "VmName");
    CHECK(event->value("ErrorCode") == "0x8009030E");
    CHECK(event->value("Nothing").empty());
    CHECK(event->message.empty());
}

TEST_CASE("event: data with names, without, binary, nested, and rendered text") {
    const auto event = read_event_text(
        "<?xml version='1.0'?><x:Event xmlns:x='http://schemas.microsoft.com/win/2004/08/events/event'><x:System>"
        "<x:Provider Name='Service Control Manager' EventSourceName='scm'/><x:EventID "
        "Qualifiers='16384'>7036</x:EventID>"
        "<x:TimeCreated SystemTime='2026-01-02T05:04:05+02:00'/><x:Channel> System </x:Channel></x:System>"
        "<x:EventData Name='T'><x:Data Name='param1'>a &lt; b</x:Data><x:Data>plain</x:Data><x:Data/>"
        "<x:Binary>57006D</x:Binary><x:ComplexData "
        "Name='C'><Inner><A>1</A><A>2</A></Inner></x:ComplexData></x:EventData>"
        "<x:RenderingInfo Culture='de-DE'><x:Message>Der Dienst \xc3\xa4ndert sich.\n</x:Message><x:Level>i</x:Level>"
        "</x:RenderingInfo></x:Event>");
    REQUIRE_MESSAGE(event.has_value(), (event ? "" : event.error().text));
    CHECK(event->channel == "System");
    CHECK(event->id == 7036);
    CHECK(event->level == 0);
    CHECK(event->record == 0);
    CHECK(event->time_us == 1767323045'000000);
    CHECK(event->message == "Der Dienst \xc3\xa4ndert sich.");
    std::string data;
    for (const auto& [name, value] : event->data) data += name + "=" + value + ";";
    CHECK(data == "param1=a < b;=plain;=;Binary=57006D;C/Inner/A=1;C/Inner/A=2;");
}

TEST_CASE("event: one that its own template does not fit still says what it can") {
    const auto event = read_event_text(event_of(
        sound,
        "<ProcessingErrorData><ErrorCode>15005</ErrorCode><DataItemName>X</DataItemName></ProcessingErrorData>"));
    REQUIRE(event.has_value());
    CHECK(event->value("ErrorCode") == "15005");
}

TEST_CASE("event: characters that XML cannot hold are replaced, not fatal") {
    const auto event = read_event_text(event_of(sound, "<EventData><Data>a\x01&#x2;b</Data></EventData>"));
    REQUIRE(event.has_value());
    CHECK(event->data.at(0).value ==
          "a\xef\xbf\xbd\xef\xbf\xbd"
          "b");
}

TEST_CASE("event: what is refused") {
    std::string wide = "<EventData>";
    for (int i = 0; i < 5000; ++i) wide += "<Data>x</Data>";
    CHECK(read_event_text(event_of(sound, wide + "</EventData>"))->data.size() == 1000);
    CHECK(read_event_text(event_of(sound)).has_value());
    const struct {
        const char* why;
        std::string text;
    } rows[] = {
        {"nothing", ""},
        {"no XML", "An error occurred."},
        {"another element", "<Events/>"},
        {"another namespace", "<Event><System>" + sound + "</System></Event>"},
        {"no System", "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'/>"},
        {"no provider", event_of(without(sound, "<Provider Name='P'/>"))},
        {"no id", event_of(without(sound, "<EventID>1</EventID>"))},
        {"no time", event_of(without(sound, "<TimeCreated SystemTime='2026-01-02T03:04:05Z'/>"))},
        {"no channel", event_of(without(sound, "<Channel>C</Channel>"))},
        {"an id that is none", event_of(sound + "<EventID>2</EventID>").replace(event_of(sound).find(">1<"), 3, ">x<")},
        {"a time without a zone", event_of(without(sound, "Z"))},
        {"a span for a time", event_of(without(sound, "2026-01-02T03:04:05Z").insert(sound.find("2026"), "PT1S"))},
        {"a record that is none", event_of(sound + "<EventRecordID>-1</EventRecordID>")},
        {"a record too large", event_of(sound + "<EventRecordID>18446744073709551616</EventRecordID>")},
        {"a level that is none", event_of(sound + "<Level>high</Level>")},
        {"a document type", "<!DOCTYPE Event [<!ENTITY e 'x'>]>" + event_of(sound)},
        {"cut off", event_of(sound).substr(0, 150)},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        const auto event = read_event_text(row.text);
        REQUIRE_FALSE(event.has_value());
        CHECK(event.error().code == Code::protocol);
    }
}

TEST_CASE("bookmark: Windows' list, as elements, as CDATA and escaped") {
    const std::string list =
        "<BookmarkList>" + place("A&amp;B", 18446744073709551615ull) + place("C", 7, false) + "</BookmarkList>";
    const Bookmark expected{.places = {{"A&B", 18446744073709551615ull, true}, {"C", 7, false}}};
    for (const std::string& text :
         {list, "<Bookmarks>" + list + "</Bookmarks>", "<Bookmarks><![CDATA[" + list + "]]></Bookmarks>"}) {
        CAPTURE(text);
        const auto bookmark = read_bookmark_text(text);
        REQUIRE_MESSAGE(bookmark.has_value(), (bookmark ? "" : bookmark.error().text));
        CHECK(*bookmark == expected);
        CHECK(*read_bookmark_text(*bookmark_text(*bookmark)) == expected);
    }
}

TEST_CASE("bookmark: another server's own text, and none") {
    const Bookmark own{.own = "http://x/<7>"};
    CHECK(*read_bookmark_text(*bookmark_text(own)) == own);
    CHECK(read_bookmark_text("")->empty());
    CHECK(read_bookmark_text("<Bookmarks/>")->empty());
    for (const char* wrong :
         {"nonsense", "<BookmarkList><X/></BookmarkList>", "<BookmarkList><Bookmark RecordId='1'/></BookmarkList>",
          "<BookmarkList><Bookmark Channel='c'/></BookmarkList>", "<Bookmarks><X/></Bookmarks>", "<X/>",
          "<BookmarkList><Bookmark Channel='c' RecordId='-1'/></BookmarkList>",
          "<Bookmarks>&lt;Bookmarks>&lt;BookmarkList/>&lt;/Bookmarks></Bookmarks>", "<!DOCTYPE x><BookmarkList/>"}) {
        CAPTURE(wrong);
        CHECK_FALSE(read_bookmark_text(wrong).has_value());
    }
}

TEST_CASE("bookmark: events move it on, each in its channel") {
    Bookmark bookmark{.places = {{"A", 5, true}}};
    Event event;
    event.channel = "B";
    event.record = 9;
    advance(bookmark, event);
    CHECK(bookmark == Bookmark{.places = {{"A", 5, false}, {"B", 9, true}}});
    event.channel = "a";
    event.record = 6;
    advance(bookmark, event);
    CHECK(bookmark == Bookmark{.places = {{"A", 6, true}, {"B", 9, false}}});
    event.record = 0;
    advance(bookmark, event);
    CHECK(bookmark.places[0].record == 6);
    // The host's word counts for the channels that it names.
    advance(bookmark, Bookmark{});
    CHECK(bookmark == Bookmark{.places = {{"A", 6, true}, {"B", 9, false}}});
    advance(bookmark, Bookmark{.places = {{"B", 12, true}, {"C", 1, false}}});
    CHECK(bookmark == Bookmark{.places = {{"A", 6, false}, {"B", 12, true}, {"C", 1, false}}});
    advance(bookmark, Bookmark{.own = "x"});
    CHECK(bookmark == Bookmark{.own = "x"});
    event.record = 3;
    advance(bookmark, event);
    CHECK(bookmark == Bookmark{.places = {{"a", 3, true}}});
}

}  // namespace fairway::wmi::event_test
