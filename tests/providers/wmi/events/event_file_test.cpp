// Which events come out of each form of file, and what is said of one that is cut, broken or hostile?
#include "providers/wmi/events/event_file.hpp"

#include <doctest/doctest.h>

namespace fairway::wmi::event_file_test {
namespace {

const std::string xml_event =
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider "
    "Name='P'/><EventID>7</EventID>"
    "<Level>2</Level><TimeCreated "
    "SystemTime='2026-11-28T02:01:00.0079190Z'/><EventRecordID>9</EventRecordID><Channel>C</Channel>"
    "<Computer>hv01</Computer></System><UserData><X xmlns='x'><A>0x8009030E</A></X></UserData></Event>";
const std::string json_event =
    R"({"Id": 7, "Level": 2, "RecordId": 9, "ProviderName": "P", "LogName": "C", "MachineName": "hv01",)"
    R"( "TimeCreated": "\/Date(1795831742280)\/", "Properties": [{"Value": "a"}, {"Value": 5}], "Message": "m { \" }"})";
const std::string csv_heading = "\"Message\",\"Id\",\"ProviderName\",\"MachineName\",\"Level\",\"TimeCreated\"\n";

std::string utf16(std::string_view ascii, bool big_endian) {
    std::string out = big_endian ? "\xfe\xff" : "\xff\xfe";
    for (const char c : ascii) big_endian ? (out += '\0', out += c) : (out += c, out += '\0');
    return out;
}

}  // namespace

TEST_CASE("event files: XML with a root and without, with other text around it, in UTF-16") {
    for (const std::string& text : {"<Events>" + xml_event + xml_event + "</Events>", xml_event + "\n" + xml_event,
                                    "evtxexport 1\n\n" + xml_event + "x" + xml_event,
                                    "\xef\xbb\xbf<?xml version=\"1.0\"?><Events>" + xml_event + xml_event + "</Events>",
                                    utf16(xml_event + xml_event, false), utf16(xml_event + xml_event, true)}) {
        const auto file = read_event_file(text);
        REQUIRE(file.has_value());
        REQUIRE(file->events.size() == 2);
        CHECK(file->events[1].id == 7);
        CHECK(file->events[1].data.at(0).value == "0x8009030E");
        CHECK(file->events[1].time_us == 1'795'831'260'007'919);
        CHECK_FALSE(file->cut);
    }
    std::string inherited = xml_event;
    inherited.erase(6, inherited.find('>') - 6);
    CHECK(read_event_file("<Events xmlns='x'>" + inherited + "</Events>")->events.size() == 1);
}

TEST_CASE("event files: one that is cut says so, and one event that is broken hides no other") {
    const auto cut = read_event_file(xml_event + xml_event.substr(0, 120));
    CHECK(cut->cut);
    CHECK(cut->events.size() == 1);
    const auto broken = read_event_file(xml_event + "<Event><System></Event>" + xml_event);
    CHECK(broken->events.size() == 2);
    CHECK(broken->unreadable == 1);
    CHECK_FALSE(broken->why.empty());
    // One that was cut, and another export below it.
    const auto below = read_event_file(xml_event.substr(0, 200) + xml_event);
    CHECK(below->events.size() == 1);
    CHECK(below->unreadable == 1);
    CHECK(read_event_file("[" + json_event + ", " + json_event.substr(0, 50))->cut);
    CHECK(read_event_file("[" + json_event + ", {\"a\": 1}]")->unreadable == 1);
    CHECK(read_event_file(csv_heading + "\"m\",7,P,hv01,2,\"11/28/2026 03:30:00 AM\"\n\"m,7")->cut);
}

TEST_CASE(
    "event files: what Event Viewer copies, with the text above the XML, several times, and as a browser shows XML") {
    const std::string head =
        "[ticket 7]\r\nLog Name:      C\r\nSource:        P\r\nDate:          28.11.2026 03:01:00\r\nEvent ID:      "
        "7\r\n"
        "Level:         Error\r\nComputer:      hv01\r\nDescription:\r\nA move of \"vm\" failed {0}.\r\nEvent Xml:\r\n";
    std::string shown = xml_event;
    for (const std::string_view tag : {"<Event ", "<System>", "<UserData>", "<X "})
        shown.insert(shown.find(tag), "\r\n- ");
    for (const std::string& one : {xml_event, shown, "\r\n  " + xml_event + "\r\n"}) {
        CAPTURE(one);
        const auto file = read_event_file(head + one + "\r\n" + head + one);
        REQUIRE(file.has_value());
        REQUIRE(file->events.size() == 2);
        CHECK(file->events[1].id == 7);
        CHECK(file->events[1].computer == "hv01");
        REQUIRE(file->events[1].data.size() == 1);
        CHECK(file->events[1].data[0].value == "0x8009030E");
        CHECK_FALSE(file->cut);
        CHECK(file->unreadable == 0);
    }
}

TEST_CASE("event files: UTF-16 without a mark") {
    for (const bool big_endian : {false, true})
        for (const std::string& text : {xml_event, json_event, csv_heading + "m,7,P,hv01,2,x\n"})
            CHECK(read_event_file(utf16(text, big_endian).substr(2))->events.size() == 1);
    CHECK(as_utf8("a\xff\xff\xff"
                  "b") ==
          "a\xef\xbf\xbd"
          "b");
}

TEST_CASE("event files: JSON of both PowerShells, one object or a list") {
    const auto list = read_event_file("[" + json_event + "]");
    REQUIRE(list->events.size() == 1);
    const LogEvent& event = list->events[0];
    CHECK(event.time_us == 1'795'831'742'280'000);
    CHECK(event.data.at(0).value == "a");
    CHECK(event.data.at(1).value == "5");
    CHECK(event.message == "m { \" }");
    CHECK(read_event_file(json_event)->events.size() == 1);
    CHECK(read_event_file(utf16(json_event, false))->events.size() == 1);
    std::string seven = json_event;
    seven.replace(seven.find("\\/Date(1795831742280)\\/"), 23, "2026-11-28T11:09:02.28+09:00");
    CHECK(read_event_file(seven)->events.at(0).time_us == 1'795'831'742'280'000);
    const std::string value = R"({"value":"\/Date(1795831742280)\/","DateTime":"Saturday"})";
    std::string boxed = json_event;
    boxed.replace(boxed.find("\"\\/Date"), 25, value);
    CHECK(read_event_file(boxed)->events.at(0).time_us == 1'795'831'742'280'000);
    const auto list_in_object =
        read_event_file("{ \"value\" :\r\n [" + json_event + "," + json_event + "], \"Count\": 2}");
    CHECK(list_in_object->events.size() == 2);
    CHECK(list_in_object->unreadable == 0);
    std::string local = json_event;
    local.replace(local.find("\"\\/Date"), 25, "\"28.11.2026 15:30:00\"");
    CHECK(read_event_file(local)->events.at(0).time_us == 1'795'879'800'000'000);
    CHECK(read_event_file(local)->events.at(0).zoneless);
    std::string flat = json_event;
    flat.replace(flat.find("{\"Value\": \"a\"}, {\"Value\": 5}"), 28,
                 "\"System.Diagnostics.Eventing.Reader.EventProperty\"");
    CHECK(read_event_file(flat)->without_parameters);
    CHECK(read_event_file(flat)->events.at(0).data.empty());
}

TEST_CASE("event files: what is none is refused with what to do") {
    for (const std::string& text :
         {std::string(), std::string("hello"), std::string("{}"), std::string("[]"), std::string("#TYPE X"),
          std::string("\"a\",\"b\"\n1,2\n"), std::string("<Events></Events>"), std::string(200, '\0'),
          std::string("<Event>") + "</Event>"}) {
        CAPTURE(text);
        const auto file = read_event_file(text);
        CHECK((!file && file.error().code == Code::bad_input));
    }
    CHECK(read_event_file(std::string(5000, '[') + json_event)->events.size() == 1);
    std::string deep = "[" + json_event + ",";
    for (int i = 0; i < 5000; ++i) deep += "{\"a\":";
    CHECK(read_event_file(deep)->events.size() == 1);
}

}  // namespace fairway::wmi::event_file_test
