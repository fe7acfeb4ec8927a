// Does a subscription lose no event and come to an end, however it is answered or not, and say what to do?
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/providers/wmi/events/event_host.hpp"

namespace fairway::wmi::event_trouble_test {

TEST_CASE("events: a lost Pull subscribes again behind what arrived, and nothing comes twice") {
    Played host({body(subscribed("ctx1", "S1")), body(pulled({vmms_event(1), vmms_event(2)})), lost(),
                 body(subscribed("ctxB", "S2")), body(pulled({vmms_event(2), vmms_event(3)}, "ctxC")), lost(), lost(),
                 body(subscribed("ctxD", "S3")), body(timed_out()), body("")});
    const auto page = read_events(host, of_vmms);
    REQUIRE_MESSAGE(page.has_value(), (page ? "" : page.error().text));
    CHECK(records(*page) == Records{1, 2, 3});
    CHECK_FALSE(page->broken.has_value());
    CHECK(host.asked == Strings{"Subscribe", "Pull", "Pull", "Subscribe", "Pull", "Pull", "Subscribe", "Subscribe",
                                "Pull", "Unsubscribe"});
    CHECK(host.sent[3].find("RecordId=\"2\" IsCurrent=\"true\"") != std::string::npos);
    CHECK(host.sent[7].find("RecordId=\"3\" IsCurrent=\"true\"") != std::string::npos);
    CHECK(host.sent[9].find(">S3<") != std::string::npos);
    CHECK(std::count(host.sent.begin(), host.sent.end(), host.sent[1]) == 1);
}

TEST_CASE("events: a host that is gone for good leaves what came, and says so") {
    Played host({body(subscribed()), body(pulled({vmms_event(1)})), lost(), lost(), lost()});
    const auto page = read_events(host, of_vmms);
    REQUIRE(page.has_value());
    CHECK(records(*page) == Records{1});
    REQUIRE(page->broken.has_value());
    CHECK(page->broken->code == Code::unreachable);
    CHECK(page->bookmark == Bookmark{.places = {{vmms, 1, true}}});
    Played never({lost()});  // not there at all: one attempt
    const auto none = read_events(never, of_vmms);
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().code == Code::unreachable);
}

TEST_CASE("events: a host that forgot the subscription is subscribed to again") {
    const std::string forgotten =
        fault_body("s:Receiver", "n:InvalidEnumerationContext", "?", wsman_fault("2150858843", ""));
    Played host({body(subscribed()), body(pulled({vmms_event(1)})),
                 body(fault_body("s:Receiver", "n:InvalidEnumerationContext", "?", "")), body(subscribed("ctx9")),
                 body(pulled({vmms_event(2)}, "", true)), body("")});
    const auto page = read_events(host, of_vmms);
    REQUIRE(page.has_value());
    CHECK(records(*page) == Records{1, 2});
    Played always({body(subscribed()), body(forgotten), body("")});
    CHECK_FALSE(read_events(always, of_vmms).has_value());
}

TEST_CASE("events: what a host refuses, and what to do about it") {
    const struct {
        const char* why;
        std::string body;
        Code code;
        const char* says;
    } rows[] = {
        {"missing channel",
         fault_body("s:Receiver", "w:InternalError", "?",
                    wsman_fault("15007", "The specified channel could not be found.")),
         Code::not_found, "no such event channel"},
        {"missing channel, as the plug-in says it",
         fault_body("s:Receiver", "w:InternalError", "?",
                    "<f:WSManFault Code=\"2150859010\" Machine=\"h\"><f:Message><f:ProviderFault provider=\"Event "
                    "Forwarding Plugin\" "
                    "path=\"x\"><f:WSManFault Code=\"2147957407\" Machine=\"h\"><f:Message>Der Kanal "
                    "fehlt.</f:Message></f:WSManFault>"
                    "</f:ProviderFault></f:Message></f:WSManFault>"),
         Code::not_found, "no such event channel: Der Kanal fehlt."},
        {"debug channel", fault_body("s:Receiver", "w:InternalError", "?", wsman_fault("15009", "")), Code::unsupported,
         "debug"},
        {"wrong dialect",
         fault_body("s:Sender", "e:FilteringRequestedUnavailable", "The filter dialect is not supported.", ""),
         Code::unsupported, "kind of query"},
        {"no pull", fault_body("s:Sender", "e:DeliveryModeRequestedUnavailable", "?", ""), Code::unsupported,
         "this way"},
        {"no eventing", fault_body("s:Sender", "a:ActionNotSupported", "?", ""), Code::unsupported, "cannot do this"},
        {"access denied", fault_body("s:Sender", "w:AccessDenied", "?", wsman_fault("5", "Access is denied.")),
         Code::denied, "Event Log Readers"},
        {"quota", fault_body("s:Receiver", "w:InternalError", "?", wsman_fault("2150859174", "")), Code::unreachable,
         "operations"},
        {"no context", "<e:SubscribeResponse xmlns:e='http://schemas.xmlsoap.org/ws/2004/08/eventing'/>",
         Code::protocol, "no context"},
        {"another answer", "<n:EnumerateResponse/>", Code::protocol, "SubscribeResponse"},
        {"an empty body", "", Code::protocol, "SubscribeResponse"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        Played host({body(row.body)});
        const auto page = read_events(host, of_vmms);
        REQUIRE_FALSE(page.has_value());
        CAPTURE(page.error().text);
        CHECK(name(page.error().code) == name(row.code));
        CHECK(page.error().text.find(row.says) != std::string::npos);
        CHECK(host.asked == Strings{"Subscribe"});
    }
    Played unasked({});
    CHECK(read_events(unasked, EventQuery{}).error().code == Code::bad_input);
    CHECK(read_events(unasked, {.channels = {"\x01"}}).error().code == Code::bad_input);
}

TEST_CASE("events: an entry that cannot be read hides no other") {
    Played host({body(subscribed()),
                 body(pulled({cdata(vmms_event(1)), cdata("<Event/>"), cdata(""), cdata("<!DOCTYPE x><x/>"), "<w:X/>",
                              "<w:DroppedEvents Action='a'>3</w:DroppedEvents>", cdata(vmms_event(5))}),
                      bookmark_header(place(vmms, 5))),
                 body(pulled({"<w:DroppedEvents Action='a'/>"})), body(timed_out()), body("")});
    const auto page = read_events(host, of_vmms);
    REQUIRE(page.has_value());
    CHECK(records(*page) == Records{1, 5});
    CHECK(page->unreadable == 4);
    CHECK(page->why_unreadable.find("no Event") != std::string::npos);
    CHECK(page->dropped == 4);
    CHECK(page->gaps == std::vector<EventGap>{{vmms, 1, 5}});
    // A control character in one event's text must not spoil the envelope.
    Played odd({body(subscribed()), body(pulled({cdata(vmms_event(1)) + cdata("\x03")}, "", true)), body("")});
    CHECK(records(*read_events(odd, of_vmms)) == Records{1});
}

TEST_CASE("events: hostile and broken answers end it, with what came before") {
    const std::string evil = "<!DOCTYPE a [<!ENTITY b 'bb'>]><a>&b;</a>";
    const struct {
        const char* why;
        Answer answer;
    } rows[] = {
        {"not XML", raw("<html>")},
        {"a document type", raw(evil)},
        {"cut off", raw(reply("uuid:x", pulled({vmms_event(1)})).substr(0, 600))},
        {"of another request", raw(reply("uuid:other", pulled({vmms_event(1)})))},
        {"an empty body", body("")},
        {"a broken bookmark",
         body(pulled({vmms_event(2)}), "<w:Bookmark><BookmarkList><Bookmark/></BookmarkList></w:Bookmark>")},
        {"an unknown fault", body(fault_body("s:Receiver", "", "no", ""))},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        Played host({body(subscribed()), body(pulled({vmms_event(1)})), row.answer, body("")});
        const auto page = read_events(host, of_vmms);
        REQUIRE(page.has_value());
        CHECK(records(*page) == Records{1});
        CHECK(page->broken.has_value());
        CHECK(host.asked.back() == "Unsubscribe");
        Played first({body(subscribed()), row.answer, body("")});
        CHECK_FALSE(read_events(first, of_vmms).has_value());
    }
}

TEST_CASE("events: a log that goes in circles, or brings nothing for ever, comes to an end") {
    for (const std::string& item : {std::string(), vmms_event(1)}) {
        std::deque<Answer> answers{body(subscribed())};
        for (int i = 0; i < 100; ++i) answers.push_back(body(pulled({item})));
        Played host(answers);
        const auto page = read_events(host, of_vmms);
        CHECK(host.asked.size() < 30);
        CHECK(host.asked.back() == "Unsubscribe");
        CHECK((item.empty() ? !page.has_value() : page->broken.has_value()));
    }
}

}  // namespace fairway::wmi::event_trouble_test
