// Code that waits for its answers, led as a conversation.
#include "providers/wmi/hyperv/acting.hpp"

#include <doctest/doctest.h>

namespace fairway::wmi::acting_test {
namespace {

using std::chrono::milliseconds;

struct Told {
    Pace::Moment now{};
    std::vector<std::string> log;
    Pace pace() {
        return {[this] { return now; }, [](milliseconds) { FAIL("nobody may sleep here"); }};
    }
    Acting act(Acting::Act what) {
        return Acting("HV01", pace(), std::move(what), [this] { log.push_back("over"); });
    }
};

}  // namespace

TEST_CASE("acting: what is sent comes as requests, and pauses are the requests'") {
    Told told;
    Acting talk = told.act([&](Channel& channel, const Pace& pace) {
        told.log.push_back(channel.endpoint());
        told.log.push_back(*channel.exchange("first", Repeat::safe));
        const auto before = pace.now();
        pace.sleep(milliseconds(300));
        CHECK(pace.now() - before == milliseconds(300));  // as if it had slept
        told.log.push_back(channel.exchange("second", Repeat::never).error().text);
    });
    CHECK_FALSE(talk.begun());
    auto request = talk.next({"http://hv01", ""});
    REQUIRE(request);
    CHECK(request->text == "first");
    CHECK(request->repeat == Repeat::safe);
    CHECK(request->pause.count() == 0);
    talk.take(std::string("one"));
    request = talk.next({"http://hv01", ""});
    REQUIRE(request);
    CHECK(request->text == "second");
    CHECK(request->pause == milliseconds(300));
    talk.take(fail(Code::unreachable, "gone"));
    CHECK_FALSE(talk.next({"http://hv01", ""}));
    CHECK_FALSE(talk.next({"http://hv01", ""}));
    CHECK(talk.begun());
    CHECK(told.log == std::vector<std::string>{"http://hv01", "one", "gone", "over"});
}

TEST_CASE("acting: without a peer its time goes on all the same, so that nobody waits for ever") {
    Told told;
    Acting talk = told.act([](Channel& channel, const Pace& pace) {
        const auto until = pace.now() + std::chrono::minutes(5);
        while (!channel.exchange("are you done", Repeat::safe) && pace.now() < until) pace.sleep(milliseconds(5000));
    });
    std::size_t asked = 0;
    while (talk.next({})) {
        REQUIRE(++asked < 100);
        talk.take(fail(Code::unreachable, "no"));
    }
    CHECK(asked == 61);
    CHECK(told.log == std::vector<std::string>{"over"});
}

TEST_CASE("acting: one that is given up ends, and nobody hears of it") {
    Told told;
    bool ended = false;
    {
        Acting talk = told.act([&](Channel& channel, const Pace&) {
            CHECK_FALSE(channel.exchange("one", Repeat::never));
            CHECK_FALSE(channel.exchange("two", Repeat::never));
            ended = true;
        });
        REQUIRE(talk.next({"http://hv01", ""}));
        const Acting unbegun = told.act([](Channel&, const Pace&) { FAIL("never begun"); });
    }
    CHECK(ended);
    CHECK(told.log.empty());
}

}  // namespace fairway::wmi::acting_test
