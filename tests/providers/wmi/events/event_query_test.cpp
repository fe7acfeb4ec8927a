// Is the question to an event log exactly the XML that Windows wants, whatever the names hold?
#include <doctest/doctest.h>

#include <string>

#include "providers/wmi/events/event_query.hpp"

namespace fairway::wmi::event_query_test {
namespace {

std::string list_of(const EventQuery& query) {
    xml::Writer out;
    write_query_list(out, query);
    return *std::move(out).finish();
}

}  // namespace

TEST_CASE("event query: from everything to one event") {
    CHECK(list_of({.channels = {"System"}}) ==
          "<QueryList><Query Id=\"0\"><Select Path=\"System\">*</Select></Query></QueryList>");
    CHECK(list_of({.channels = {"A", "B/Operational"},
                   .providers = {"P", "it's"},
                   .ids = {1, 65535},
                   .since = 1767323045,
                   .until = 1767323105}) ==
          "<QueryList><Query Id=\"0\"><Select Path=\"A\">*[System[Provider[@Name='P' or @Name=&quot;it's&quot;] and "
          "(EventID=1 or EventID=65535) and TimeCreated[@SystemTime&gt;='2026-01-02T03:04:05.000Z' and "
          "@SystemTime&lt;'2026-01-02T03:05:05.000Z']]]</Select><Select Path=\"B/Operational\">*[System[Provider["
          "@Name='P' or @Name=&quot;it's&quot;] and (EventID=1 or EventID=65535) and TimeCreated["
          "@SystemTime&gt;='2026-01-02T03:04:05.000Z' and @SystemTime&lt;'2026-01-02T03:05:05.000Z']]]</Select></Query>"
          "</QueryList>");
    CHECK(list_of({.channels = {"C"}, .until = 0})
              .find("*[System[TimeCreated[@SystemTime&lt;'1970-01-01T00:00:00.000Z']]]") != std::string::npos);
}

TEST_CASE("event query: many ids become several selects, each short enough and none lost") {
    EventQuery query{.channels = {"C"}, .providers = {"P", "Q"}};
    for (std::uint32_t id = 1; id <= 40; ++id) query.ids.push_back(id);
    const std::string text = list_of(query);
    const auto root = xml::parse(text);
    REQUIRE(root.has_value());
    const auto& selects = root->children.at(0).children;
    CHECK(selects.size() == 3);
    std::size_t found = 0;
    for (const auto& select : selects) {
        std::size_t comparisons = 0;
        for (std::size_t at = 0; (at = select.text.find('=', at)) != std::string::npos; ++at) ++comparisons;
        CHECK(comparisons <= 20);
        for (const std::uint32_t id : query.ids) {
            const std::string term = "EventID=" + std::to_string(id);
            found +=
                select.text.find(term + " ") != std::string::npos || select.text.find(term + ")") != std::string::npos;
        }
    }
    CHECK(found == 40);
}

TEST_CASE("event query: no name breaks out of its place") {
    const EventQuery query{.channels = {"a\"><x>&"}, .providers = {"b'] or @Name=\"", "]]></Select>"}};
    EventQuery sound = query;
    sound.providers = {"b'] or *[", "]]></Select>"};
    CHECK_FALSE(check(query).has_value());
    REQUIRE(check(sound).has_value());
    const auto root = xml::parse(list_of(sound));
    REQUIRE(root.has_value());
    const auto& select = root->children.at(0).children.at(0);
    CHECK(select.attribute({}, "Path") == "a\"><x>&");
    CHECK(select.children.empty());
    CHECK(select.text == "*[System[Provider[@Name=\"b'] or *[\" or @Name=']]></Select>']]]");
}

TEST_CASE("event query: what cannot be asked") {
    const EventQuery good{.channels = {"C"}};
    CHECK(check(good).has_value());
    CHECK(good.all());
    const auto refused = [&](auto change) {
        EventQuery query = good;
        change(query);
        const auto checked = check(query);
        return !checked && checked.error().code == Code::bad_input;
    };
    CHECK(refused([](auto& q) { q.channels.clear(); }));
    CHECK(refused([](auto& q) { q.channels.assign(33, "C"); }));
    CHECK(refused([](auto& q) { q.channels = {""}; }));
    CHECK(refused([](auto& q) { q.channels = {std::string(257, 'x')}; }));
    CHECK(refused([](auto& q) { q.providers.assign(9, "P"); }));
    CHECK(refused([](auto& q) { q.providers = {""}; }));
    CHECK(refused([](auto& q) { q.ids = {65536}; }));
    CHECK(refused([](auto& q) { q.ids.assign(257, 1); }));
    CHECK(refused([](auto& q) { q.since = -1; }));
    CHECK(refused([](auto& q) { q.until = 253402300800; }));
    CHECK(refused([](auto& q) { q.since = q.until = 5; }));
    CHECK(refused([](auto& q) { q.batch = 0; }));
    CHECK(refused([](auto& q) { q.most = 0; }));
    CHECK(refused([](auto& q) { q.wait = std::chrono::seconds(0); }));
}

}  // namespace fairway::wmi::event_query_test
