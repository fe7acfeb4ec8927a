// Which events come out of Windows' own log files, and what is said of one that is damaged? libevtx, which nobody here
// wrote, reads what evtx_bytes.hpp writes.
#include "tests/providers/wmi/events/evtx_bytes.hpp"

#include <doctest/doctest.h>

#include "providers/wmi/events/event_file.hpp"

namespace fairway::wmi::event_evtx_test {
namespace {

std::string binary_event(std::string_view parameter) {
    constexpr std::string_view space = "http://schemas.microsoft.com/win/2004/08/events/event";
    const auto nothing = [](evtx::Xml&) {};
    evtx::Xml out;
    out.element(
        "Event",
        [&](evtx::Xml& event) {
            event.element("System", [&](evtx::Xml& system) {
                system.element("Provider", nothing, "Name", "Microsoft-Windows-Hyper-V-VMMS")
                    .leaf("EventID", "20306")
                    .leaf("Level", "2");
                system.element("TimeCreated", nothing, "SystemTime", "2026-11-28T02:01:00.0079190Z")
                    .leaf("EventRecordID", "9");
                system.leaf("Channel", "Microsoft-Windows-Hyper-V-VMMS-Admin").leaf("Computer", "hv01");
            });
            event.element("UserData", [&](evtx::Xml& data) {
                data.element("VmlEventLog", [&](evtx::Xml& log) {
                    log.leaf("Parameter0", parameter).leaf("Parameter1", "0x8009030E");
                });
            });
        },
        "xmlns", space);
    return evtx::file_of(out.done());
}

}  // namespace

TEST_CASE("event files: EVTX, as the XML that libevtx makes of it") {
    const auto file = read_event_file(binary_event("vm1"));
    REQUIRE(file.has_value());
    REQUIRE(file->events.size() == 1);
    const LogEvent& event = file->events[0];
    CHECK(event.provider == "Microsoft-Windows-Hyper-V-VMMS");
    CHECK(event.channel == "Microsoft-Windows-Hyper-V-VMMS-Admin");
    CHECK(event.computer == "hv01");
    CHECK(event.id == 20306);
    CHECK(event.level == 2);
    CHECK(event.record == 9);
    CHECK(event.time_us == 1'795'831'260'007'919);
    CHECK(event.data.at(0).value == "vm1");
    CHECK(event.data.at(1).value == "0x8009030E");
    CHECK_FALSE(file->cut);
    CHECK(file->unreadable == 0);
}

TEST_CASE("event files: a text of an EVTX file stays a text") {
    const auto file = read_event_file(binary_event("</Parameter0><Parameter0>&amp;\x1b"));
    REQUIRE(file.has_value());
    REQUIRE(file->events.at(0).data.size() == 2);
    CHECK(file->events[0].data[0].value == "</Parameter0><Parameter0>&amp;\xef\xbf\xbd");
}

TEST_CASE("event files: an EVTX file that is damaged says so") {
    const std::string good = binary_event("vm1");
    const auto cut = read_event_file(good.substr(0, good.size() - 1));
    CHECK((cut.has_value() && cut->cut && cut->events.empty()));

    std::string no_xml = evtx::file_of("\x0f\x01\x01");
    const auto refused = read_event_file(no_xml);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::bad_input);
    CHECK(refused.error().text.find("no event of it can be read: ") == 0);

    std::string no_chunk = good;
    no_chunk[4096] = 'X';
    CHECK_FALSE(read_event_file(no_chunk).has_value());
    std::string two = good + std::string(65536, '\0');  // a second chunk, of which nothing is left
    two[42] = 2;
    const auto half = read_event_file(two);
    REQUIRE(half.has_value());
    CHECK(half->events.size() == 1);
    CHECK(half->unreadable == 1);
    CHECK(half->why == "a part of it is damaged");
    for (const std::size_t size : {8u, 127u, 4096u}) {
        CAPTURE(size);
        CHECK_FALSE(read_event_file(good.substr(0, size)).has_value());
    }
}

}  // namespace fairway::wmi::event_evtx_test
