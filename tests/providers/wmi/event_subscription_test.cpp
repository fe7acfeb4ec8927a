// Does a subscription ask exactly what it must, stop where it should, and lose no event however it is answered?
#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <string>

#include "providers/wmi/events.hpp"
#include "tests/providers/wmi/event_replies.hpp"

namespace fairway::wmi {
namespace {

using Answer = std::function<Result<std::string>(const std::string& id)>;

Answer body(const std::string& text, const std::string& header = "") {
    return [=](const std::string& id) -> Result<std::string> { return with_header(reply(id, text), header); };
}

Answer lost() {
    return [](const std::string&) -> Result<std::string> { return fail(Code::unreachable, "the connection is gone"); };
}

Answer raw(const std::string& text) {
    return [=](const std::string&) -> Result<std::string> { return text; };
}

// Plays its answers one after the other and writes down what was asked.
class Played : public Channel {
public:
    explicit Played(std::deque<Answer> answers) : answers_(std::move(answers)) {}

    Result<std::string> exchange(std::string_view soap, Repeat repeat) override {
        const std::string text(soap);
        const std::string action = between(text, "<a:Action s:mustUnderstand=\"true\">", "<");
        asked.push_back(action.substr(action.rfind('/') + 1));
        CHECK((repeat == Repeat::safe) == (asked.back() == "Subscribe"));
        sent.push_back(text);
        REQUIRE_MESSAGE(!answers_.empty(), "asked more than was expected: ", text);
        const Answer answer = answers_.front();
        answers_.pop_front();
        return answer(id_of(text));
    }
    std::string endpoint() const override { return "http://h:5985/wsman"; }
    std::size_t left() const { return answers_.size(); }

    std::vector<std::string> asked, sent;

private:
    std::deque<Answer> answers_;
};

using Strings = std::vector<std::string>;

std::vector<std::uint64_t> records(const EventPage& page) {
    std::vector<std::uint64_t> out;
    for (const Event& event : page.events) out.push_back(event.record);
    return out;
}

using Records = std::vector<std::uint64_t>;

const EventQuery query{.channels = {vmms}};

}  // namespace

TEST_CASE("events: subscribe, pull until the host has nothing more, unsubscribe") {
    Played host({body(subscribed()),
                 body(pulled({cdata(vmms_event(1)), cdata(vmms_event(2))}), bookmark_header(place(vmms, 2))),
                 body(pulled({cdata(vmms_event(3))}, "ctx3"), bookmark_header(place(vmms, 3))), body(timed_out()),
                 body("")});
    const auto page = read_events(host, query);
    REQUIRE_MESSAGE(page.has_value(), (page ? "" : page.error().text));
    CHECK(records(*page) == Records{1, 2, 3});
    CHECK(page->bookmark == Bookmark{.places = {{vmms, 3, true}}});
    CHECK_FALSE(page->more);
    CHECK_FALSE(page->broken.has_value());
    CHECK(page->gaps.empty());
    CHECK(host.asked == Strings{"Subscribe", "Pull", "Pull", "Pull", "Unsubscribe"});
    CHECK(host.sent[1].find("<n:EnumerationContext>ctx1<") != std::string::npos);
    CHECK(host.sent[2].find("<n:EnumerationContext>ctx2<") != std::string::npos);
    CHECK(host.sent[3].find("<n:EnumerationContext>ctx3<") != std::string::npos);
}

TEST_CASE("events: the requests") {
    Played host({body(subscribed()), body(timed_out()), body("")});
    EventQuery wide = query;
    wide.rendered = wide.skip_missing = true;
    const auto page = read_events(host, wide, Bookmark{.places = {{vmms, 7, true}, {"O", 1, false}}});
    REQUIRE(page.has_value());
    CHECK(page->bookmark.places.size() == 2);  // nothing new: where it began
    const auto tail = [&](std::size_t at, const std::string& from) {
        return host.sent[at].substr(host.sent[at].find(from));
    };
    CHECK(tail(0, "<w:OptionSet>") ==
          "<w:OptionSet><w:Option Name=\"CDATA\" xsi:nil=\"true\"></w:Option>"
          "<w:Option Name=\"ContentFormat\">RenderedText</w:Option>"
          "<w:Option Name=\"IgnoreChannelError\" xsi:nil=\"true\"></w:Option></w:OptionSet></s:Header><s:Body>"
          "<e:Subscribe xmlns:e=\"http://schemas.xmlsoap.org/ws/2004/08/eventing\">"
          "<e:Delivery "
          "Mode=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull\"></e:Delivery><e:Expires>PT600S</e:Expires>"
          "<w:Filter Dialect=\"http://schemas.microsoft.com/win/2004/08/events/eventquery\"><QueryList><Query Id=\"0\">"
          "<Select Path=\"" +
              vmms +
              "\">*</Select></Query></QueryList></w:Filter><w:Bookmark><BookmarkList>"
              "<Bookmark Channel=\"" +
              vmms +
              "\" RecordId=\"7\" IsCurrent=\"true\"></Bookmark>"
              "<Bookmark Channel=\"O\" "
              "RecordId=\"1\"></Bookmark></BookmarkList></w:Bookmark><w:SendBookmarks></w:SendBookmarks>"
              "</e:Subscribe></s:Body></s:Envelope>");
    CHECK(host.sent[0].find(
              "<w:ResourceURI s:mustUnderstand=\"true\">http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog<") !=
          std::string::npos);
    CHECK(tail(1, "<s:Body>") ==
          "<s:Body><n:Pull><n:EnumerationContext>ctx1</n:EnumerationContext><n:MaxTime>PT15S</n:MaxTime>"
          "<n:MaxElements>100</n:MaxElements></n:Pull></s:Body></s:Envelope>");
    // As Windows' own collector does: the identifier is a header, and no resource is named.
    CHECK(tail(2, "<e:Identifier") ==
          "<e:Identifier "
          "xmlns:e=\"http://schemas.xmlsoap.org/ws/2004/08/eventing\">143DDA8B</e:Identifier></s:Header><s:Body>"
          "<e:Unsubscribe "
          "xmlns:e=\"http://schemas.xmlsoap.org/ws/2004/08/eventing\"></e:Unsubscribe></s:Body></s:Envelope>");
    CHECK(host.sent[2].find("ResourceURI") == std::string::npos);
    Played plain({body(subscribed()), body(timed_out()), body("")});
    REQUIRE(read_events(plain, query).has_value());
    CHECK(plain.sent[0].find("<w:Bookmark>http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest</w:Bookmark>") !=
          std::string::npos);
    CHECK(plain.sent[0].find(">Raw<") != std::string::npos);
    CHECK(plain.sent[0].find("IgnoreChannelError") == std::string::npos);
}

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
        const auto page = read_events(host, query);
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
        const auto page = read_events(host, query);
        REQUIRE(page.has_value());
        CHECK(page->bookmark == expected);
    }
}

TEST_CASE("events: nothing more to come, said by subcode or by code alone") {
    for (const std::string& fault :
         {fault_body("s:Receiver", "zz:TimedOut", "?", ""),
          fault_body("s:Receiver", "", "?", wsman_fault("2150858793", "")),
          fault_body("s:Receiver", "w:InternalError", "?", wsman_fault("-2144108503", ""))}) {
        Played host({body(subscribed()), body(fault), body("")});
        const auto page = read_events(host, query);
        REQUIRE_MESSAGE(page.has_value(), (page ? "" : page.error().text));
        CHECK_FALSE(page->broken.has_value());
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

TEST_CASE("events: enough is enough, and the bookmark leads on") {
    EventQuery few = query;
    few.most = 2;
    Played host({body(subscribed()), body(pulled({vmms_event(1), vmms_event(2), vmms_event(3)})), body("")});
    const auto page = read_events(host, few);
    REQUIRE(page.has_value());
    CHECK(records(*page) == Records{1, 2, 3});  // a batch is kept whole, or the bookmark would skip its rest
    CHECK(page->more);
    CHECK(host.asked.back() == "Unsubscribe");
    Played later({body(subscribed()), body(pulled({vmms_event(4)}, "", true)), body("")});
    const auto rest = read_events(later, query, page->bookmark);
    REQUIRE(rest.has_value());
    CHECK(later.sent[0].find("RecordId=\"3\"") != std::string::npos);
    CHECK(rest->gaps.empty());
}

TEST_CASE("events: a lost Pull subscribes again behind what arrived, and nothing comes twice") {
    Played host({body(subscribed("ctx1", "S1")), body(pulled({vmms_event(1), vmms_event(2)})), lost(),
                 body(subscribed("ctxB", "S2")), body(pulled({vmms_event(2), vmms_event(3)}, "ctxC")), lost(), lost(),
                 body(subscribed("ctxD", "S3")), body(timed_out()), body("")});
    const auto page = read_events(host, query);
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
    const auto page = read_events(host, query);
    REQUIRE(page.has_value());
    CHECK(records(*page) == Records{1});
    REQUIRE(page->broken.has_value());
    CHECK(page->broken->code == Code::unreachable);
    CHECK(page->bookmark == Bookmark{.places = {{vmms, 1, true}}});
    Played never({lost()});  // not there at all: one attempt
    const auto none = read_events(never, query);
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().code == Code::unreachable);
}

TEST_CASE("events: a host that forgot the subscription is subscribed to again") {
    const std::string forgotten =
        fault_body("s:Receiver", "n:InvalidEnumerationContext", "?", wsman_fault("2150858843", ""));
    Played host({body(subscribed()), body(pulled({vmms_event(1)})),
                 body(fault_body("s:Receiver", "n:InvalidEnumerationContext", "?", "")), body(subscribed("ctx9")),
                 body(pulled({vmms_event(2)}, "", true)), body("")});
    const auto page = read_events(host, query);
    REQUIRE(page.has_value());
    CHECK(records(*page) == Records{1, 2});
    Played always({body(subscribed()), body(forgotten), body("")});
    CHECK_FALSE(read_events(always, query).has_value());
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
        const auto page = read_events(host, query);
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
    const auto page = read_events(host, query);
    REQUIRE(page.has_value());
    CHECK(records(*page) == Records{1, 5});
    CHECK(page->unreadable == 4);
    CHECK(page->why_unreadable.find("no Event") != std::string::npos);
    CHECK(page->dropped == 4);
    CHECK(page->gaps == std::vector<EventGap>{{vmms, 1, 5}});
    // A control character in one event's text must not spoil the envelope.
    Played odd({body(subscribed()), body(pulled({cdata(vmms_event(1)) + cdata("\x03")}, "", true)), body("")});
    CHECK(records(*read_events(odd, query)) == Records{1});
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
        const auto page = read_events(host, query);
        REQUIRE(page.has_value());
        CHECK(records(*page) == Records{1});
        CHECK(page->broken.has_value());
        CHECK(host.asked.back() == "Unsubscribe");
        Played first({body(subscribed()), row.answer, body("")});
        CHECK_FALSE(read_events(first, query).has_value());
    }
}

TEST_CASE("events: a log that goes in circles, or brings nothing for ever, comes to an end") {
    for (const std::string& item : {std::string(), vmms_event(1)}) {
        std::deque<Answer> answers{body(subscribed())};
        for (int i = 0; i < 100; ++i) answers.push_back(body(pulled({item})));
        Played host(answers);
        const auto page = read_events(host, query);
        CHECK(host.asked.size() < 30);
        CHECK(host.asked.back() == "Unsubscribe");
        CHECK((item.empty() ? !page.has_value() : page->broken.has_value()));
    }
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
    CHECK(read_events(host, query, old)->gaps == std::vector<EventGap>{{vmms, 3, 9}});
    EventQuery narrow = query;
    narrow.ids = {20306};
    Played filtered({body(subscribed()), body(pulled({vmms_event(9)}, "", true)), body("")});
    CHECK(read_events(filtered, narrow, old)->gaps.empty());
}

TEST_CASE("events: servers that name the subscription by selectors, or not at all") {
    const std::string answer =
        "<e:SubscribeResponse "
        "xmlns:e='http://schemas.xmlsoap.org/ws/2004/08/eventing'><e:SubscriptionManager><a:Address>x</a:Address>"
        "<a:ReferenceParameters><w:ResourceURI>http://r/L</w:ResourceURI><w:SelectorSet><w:Selector "
        "Name='Id'>7</w:Selector>"
        "</w:SelectorSet></a:ReferenceParameters></e:SubscriptionManager><n:EnumerationContext>c</n:EnumerationContext>"
        "</e:SubscribeResponse>";
    Played host({body(answer), body(timed_out()), body("")});
    CHECK(read_events(host, query)->events.empty());
    CHECK(host.sent[2].find(">http://r/L</w:ResourceURI>") != std::string::npos);
    CHECK(host.sent[2].find("<w:Selector Name=\"Id\">7<") != std::string::npos);
    const std::string newer =
        "<e:SubscribeResponse "
        "xmlns:e='http://schemas.xmlsoap.org/ws/2004/08/eventing'><e:SubscriptionManager><a:Address>x</a:Address>"
        "<a:ReferenceParameters><w:ResourceURI>http://r/L</w:ResourceURI><e:Identifier> I-7 "
        "</e:Identifier></a:ReferenceParameters>"
        "</e:SubscriptionManager><n:EnumerationContext>c</n:EnumerationContext></e:SubscribeResponse>";
    Played parameters({body(newer), body(timed_out()), body("")});
    CHECK(read_events(parameters, query).has_value());
    REQUIRE(parameters.sent.size() == 3);
    CHECK(parameters.sent[2].find(">I-7</e:Identifier>") != std::string::npos);
    CHECK(parameters.sent[2].find(">http://r/L</w:ResourceURI>") != std::string::npos);
    Played nameless({body(subscribed("c", "")), body(timed_out())});
    CHECK(read_events(nameless, query).has_value());
    CHECK(nameless.asked == Strings{"Subscribe", "Pull"});
}

}  // namespace fairway::wmi
