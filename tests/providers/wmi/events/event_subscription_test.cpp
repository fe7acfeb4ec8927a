// Does a subscription ask exactly what it must, and stop where it should?
#include <doctest/doctest.h>

#include "tests/providers/wmi/events/event_host.hpp"

namespace fairway::wmi::event_subscription_test {

TEST_CASE("events: subscribe, pull until the host has nothing more, unsubscribe") {
    Played host({body(subscribed()),
                 body(pulled({cdata(vmms_event(1)), cdata(vmms_event(2))}), bookmark_header(place(vmms, 2))),
                 body(pulled({cdata(vmms_event(3))}, "ctx3"), bookmark_header(place(vmms, 3))), body(timed_out()),
                 body("")});
    const auto page = read_events(host, of_vmms);
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
    EventQuery wide = of_vmms;
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
    REQUIRE(read_events(plain, of_vmms).has_value());
    CHECK(plain.sent[0].find("<w:Bookmark>http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest</w:Bookmark>") !=
          std::string::npos);
    CHECK(plain.sent[0].find(">Raw<") != std::string::npos);
    CHECK(plain.sent[0].find("IgnoreChannelError") == std::string::npos);
}

TEST_CASE("events: nothing more to come, said by subcode or by code alone") {
    for (const std::string& fault :
         {fault_body("s:Receiver", "zz:TimedOut", "?", ""),
          fault_body("s:Receiver", "", "?", wsman_fault("2150858793", "")),
          fault_body("s:Receiver", "w:InternalError", "?", wsman_fault("-2144108503", ""))}) {
        Played host({body(subscribed()), body(fault), body("")});
        const auto page = read_events(host, of_vmms);
        REQUIRE_MESSAGE(page.has_value(), (page ? "" : page.error().text));
        CHECK_FALSE(page->broken.has_value());
    }
}

TEST_CASE("events: enough is enough, and the bookmark leads on") {
    EventQuery few = of_vmms;
    few.most = 2;
    Played host({body(subscribed()), body(pulled({vmms_event(1), vmms_event(2), vmms_event(3)})), body("")});
    const auto page = read_events(host, few);
    REQUIRE(page.has_value());
    CHECK(records(*page) == Records{1, 2, 3});  // a batch is kept whole, or the bookmark would skip its rest
    CHECK(page->more);
    CHECK(host.asked.back() == "Unsubscribe");
    Played later({body(subscribed()), body(pulled({vmms_event(4)}, "", true)), body("")});
    const auto rest = read_events(later, of_vmms, page->bookmark);
    REQUIRE(rest.has_value());
    CHECK(later.sent[0].find("RecordId=\"3\"") != std::string::npos);
    CHECK(rest->gaps.empty());
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
    CHECK(read_events(host, of_vmms)->events.empty());
    CHECK(host.sent[2].find(">http://r/L</w:ResourceURI>") != std::string::npos);
    CHECK(host.sent[2].find("<w:Selector Name=\"Id\">7<") != std::string::npos);
    const std::string newer =
        "<e:SubscribeResponse "
        "xmlns:e='http://schemas.xmlsoap.org/ws/2004/08/eventing'><e:SubscriptionManager><a:Address>x</a:Address>"
        "<a:ReferenceParameters><w:ResourceURI>http://r/L</w:ResourceURI><e:Identifier> I-7 "
        "</e:Identifier></a:ReferenceParameters>"
        "</e:SubscriptionManager><n:EnumerationContext>c</n:EnumerationContext></e:SubscribeResponse>";
    Played parameters({body(newer), body(timed_out()), body("")});
    CHECK(read_events(parameters, of_vmms).has_value());
    REQUIRE(parameters.sent.size() == 3);
    CHECK(parameters.sent[2].find(">I-7</e:Identifier>") != std::string::npos);
    CHECK(parameters.sent[2].find(">http://r/L</w:ResourceURI>") != std::string::npos);
    Played nameless({body(subscribed("c", "")), body(timed_out())});
    CHECK(read_events(nameless, of_vmms).has_value());
    CHECK(nameless.asked == Strings{"Subscribe", "Pull"});
}

}  // namespace fairway::wmi::event_subscription_test
