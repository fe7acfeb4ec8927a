// Is nothing but the host's own word believed about an act, and is no act sent twice without it?
#include <doctest/doctest.h>

#include "providers/wmi/transport/belief.hpp"

namespace fairway::wmi::belief_test {

TEST_CASE("belief: what becomes of a request, by what came") {
    constexpr Then tell = Then::tell, again = Then::again, doubt = Then::doubt;
    const struct {
        Fate fate;
        Then question, act, act_in_tls;
    } rows[] = {
        {Fate::not_sent, again, again, again},    {Fate::silent, again, doubt, doubt},
        {Fate::cut, again, doubt, doubt},         {Fate::foreign, tell, doubt, doubt},
        {Fate::crowded, tell, tell, tell},        {Fate::status, tell, doubt, tell},
        {Fate::unavailable, again, doubt, doubt}, {Fate::busy, again, again, again},
        {Fate::answered, tell, tell, tell},
    };
    for (const auto& row : rows) {
        CAPTURE(static_cast<int>(row.fate));
        CHECK(what_then(row.fate, false, Repeat::safe) == row.question);
        CHECK(what_then(row.fate, true, Repeat::safe) == row.question);
        CHECK(what_then(row.fate, false, Repeat::never) == row.act);
        CHECK(what_then(row.fate, true, Repeat::never) == row.act_in_tls);
    }
}

TEST_CASE("belief: doubt is no refusal, whatever the answer said") {
    for (const Code code : {Code::denied, Code::unsupported, Code::protocol, Code::not_found, Code::refused})
        CHECK(in_doubt({code, "HTTP 403: x"}).code == Code::unreachable);
    CHECK(in_doubt({Code::denied, "HTTP 403: x"}).text.starts_with("HTTP 403: x; "));
}

}  // namespace fairway::wmi::belief_test
