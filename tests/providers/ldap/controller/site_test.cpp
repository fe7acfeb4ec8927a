// Which site a controller says that we are in, asked of servers on this machine: what they hear, whom we believe, and
// how long we wait.
#include "providers/ldap/controller/site.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <list>

#include "engine/base/log.hpp"
#include "tests/providers/ldap/ber.hpp"
#include "tests/providers/ldap/hex.hpp"
#include "tests/providers/ldap/one_call.hpp"

namespace fairway::ldap::site_test {

namespace {

using namespace std::chrono_literals;

// Of a controller of that domain to a machine in that site, both one label or none.
std::string pong(const std::string& domain, const std::string& site) {
    const auto name = [](const std::string& text) { return text.empty() ? std::string(1, '\0') : label(text) + '\0'; };
    return from_hex("17 00 00 00 bd 11 00 00") + std::string(16, 'g') + name(domain) + name(domain) +
           std::string(5, '\0') + name(site) + from_hex("05 00 00 00 ff ff ff ff");
}

// The patience where one is to lose it and the next to answer in it, on a machine that is busy too.
constexpr std::chrono::milliseconds waited_for = 2s;

// Asks them in this order.
std::string ask(const std::vector<std::function<void(int)>>& servers, std::chrono::milliseconds patience = 30s) {
    std::list<OneCall> running;
    std::vector<ServiceRecord> records;
    for (const auto& serve : servers) records.push_back({"127.0.0.1", 0, 0, running.emplace_back(serve).port()});
    return own_site("corp", records, patience);
}

}  // namespace

TEST_CASE("the first that answers tells our site, and hears the question alone") {
    std::string heard, rest;
    const auto tells = [&](int caller) {
        heard = hear(caller);
        say(caller, entry("netlogon", pong("CORP", "Stockholm")) + done(0));
        rest = hear_all(caller);
    };
    CHECK(ask({tells}) == "Stockholm");
    // Message 1: a search of the rootDSE itself, one entry at most, for (&(DnsDomain=corp)(NtVer=06000000)), Netlogon.
    CHECK(heard == from_hex("30 46 02 01 01 63 41 04 00 0a 01 00 0a 01 00 02 01 01 02 01 00 01 01 00 a0 22") +
                       from_hex("a3 11 04 09") + "DnsDomain" + from_hex("04 04") + "corp" + from_hex("a3 0d 04 05") +
                       "NtVer" + from_hex("04 04 06 00 00 00") + from_hex("30 0a 04 08") + "Netlogon");
    CHECK(rest.empty());
}

TEST_CASE("who cannot tell is passed over, as long as there are not too many") {
    const auto tells = answers(entry("netlogon", pong("corp", "Oslo")) + done(0));
    const auto hangs_up = [](int) {};
    CHECK(ask({hangs_up, tells}) == "Oslo");
    CHECK(ask({answers(done(0)), tells}) == "Oslo");                                               // no entry
    CHECK(ask({answers(entry("netlogon", "") + done(0)), tells}) == "Oslo");                       // an empty value
    CHECK(ask({answers(entry("netlogon", pong("other", "Bergen")) + done(0)), tells}) == "Oslo");  // another domain's
    CHECK(ask({answers(done(53)), tells}) == "Oslo");
    const auto speaks_ssh = answers("SSH-2.0-x\r\n"), says_too_much = answers(from_hex("30 84 7f ff ff ff"));
    CHECK(ask({speaks_ssh, says_too_much, tells}, waited_for) == "Oslo");
    CHECK(ask({hangs_up, hangs_up, hangs_up, tells}) == "");
    CHECK(ask({}) == "");
}

TEST_CASE("whoever keeps us waiting is left") {
    const auto tells = answers(entry("netlogon", pong("corp", "Oslo")) + done(0));
    // Neither ends before it is left: the first says nothing, the second a byte now and then of an answer without end.
    const auto drips = [](int caller) {
        hear(caller);
        for (bool heard = say(caller, from_hex("30 84 7f ff ff ff")); heard; heard = say(caller, "x"))
            std::this_thread::sleep_for(20ms);
    };
    CHECK(ask({hear_all, tells}, waited_for) == "Oslo");
    CHECK(ask({drips}, 200ms) == "");
}

TEST_CASE("a site is used if DNS can be asked for it") {
    for (const char* name : {"Stockholm", "Default-First-Site-Name", "branch_7", "1"})
        CHECK(ask({answers(entry("netlogon", pong("corp", name)) + done(0))}) == name);
    for (const char* name : {"", "two words", "a\\.b", "\xc3\x85rhus", "x*"})
        CHECK(ask({answers(entry("netlogon", pong("corp", name)) + done(0))}) == "");
}

}  // namespace fairway::ldap::site_test
