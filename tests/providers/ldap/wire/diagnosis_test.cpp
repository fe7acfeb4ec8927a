// Why a server's TLS was refused, asked of servers on this machine that show what they are told to; and that no such
// server hears more than a greeting, or keeps us waiting.
#include "providers/ldap/wire/diagnosis.hpp"

#include <doctest/doctest.h>

#include "tests/providers/ldap/one_call.hpp"
#include "tests/providers/sign_on/certificates.hpp"

namespace fairway::ldap::diagnosis_test {

using test::certificate;
using test::Certificate;

namespace {

using namespace std::chrono_literals;

struct Estate {
    Certificate ca = certificate({"Lab CA", "", true});
    Certificate expired = certificate({"dc01", "DNS:dc01.corp.example", false, -7200, -3600}, &ca);
    test::CaFile trusted{{ca}};

    std::string ask(const OneCall& server, Tls tls, std::chrono::milliseconds patience = 30s) {
        Directory directory;
        directory.port = server.port();
        directory.tls = tls;
        return why_untrusted({"dc01.corp.example", "127.0.0.1", trusted.path(), {}}, directory, patience);
    }
};

// Message 1, its extended request, and in it the name of StartTLS alone (RFC 4511 4.14.1).
const std::string start_tls(
    "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
    "1.3.6.1.4.1.1466.20037");

std::string answer(char code) {
    return std::string("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01", 9) + code + std::string("\x04\0\x04\0", 4);
}

}  // namespace

TEST_CASE("the cause is told of LDAPS and of StartTLS, and nothing but a greeting was said") {
    Estate estate;
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        bool taken = true;
        OneCall server([&](int caller) { taken = test::is_taken(caller, estate.expired, {}, version); });
        CHECK(estate.ask(server, Tls::ldaps).starts_with("the server's certificate has expired"));
        server.end();
        CHECK_FALSE(taken);
    }
    std::string before;
    bool taken = true;
    OneCall server([&](int caller) {
        before = hear(caller);
        say(caller, answer(0));
        taken = test::is_taken(caller, estate.expired, {}, TLS1_3_VERSION);
    });
    CHECK(estate.ask(server, Tls::starttls).starts_with("the server's certificate has expired"));
    server.end();
    CHECK(before == start_tls);
    CHECK_FALSE(taken);
}

TEST_CASE("a good certificate gives no cause, and no more is said to it") {
    Estate estate;
    const Certificate good = certificate({"dc01", "DNS:dc01.corp.example"}, &estate.ca);
    bool taken = true;
    OneCall server([&](int caller) { taken = test::is_taken(caller, good, {}, TLS1_3_VERSION); });
    CHECK(estate.ask(server, Tls::ldaps).empty());
    server.end();
    CHECK_FALSE(taken);
}

TEST_CASE("whoever is silent, hangs up or talks nonsense is left in time, and gives no cause") {
    Estate estate;
    // hear_all goes on until it is left.
    const std::vector<std::pair<Tls, std::function<void(int)>>> servers = {
        {Tls::ldaps, hear_all},
        {Tls::ldaps, [](int) {}},
        {Tls::ldaps, [](int caller) { say(caller, "SSH-2.0-x\r\n"), hear_all(caller); }},
        {Tls::starttls, hear_all},
        {Tls::starttls, [](int) {}},
        {Tls::starttls, [](int caller) { hear(caller), say(caller, "SSH-2.0-x\r\n"), hear_all(caller); }},
        {Tls::starttls, [](int caller) { hear(caller), say(caller, answer(52)), hear_all(caller); }},
        {Tls::starttls, [](int caller) { hear(caller), say(caller, answer(0)), hear_all(caller); }},
        {Tls::starttls, [](int caller) { hear(caller), say(caller, "\x30\x84\x7f\xff\xff\xff"), hear_all(caller); }},
    };
    for (const auto& [tls, serve] : servers) {
        CAPTURE(&serve - &servers.front().second);
        OneCall server(serve);
        CHECK(estate.ask(server, tls, 200ms).empty());
    }
}

TEST_CASE("a server that refuses TLS hears nothing more") {
    Estate estate;
    std::string before, after;
    OneCall server([&](int caller) {
        before = hear(caller);
        say(caller, answer(52));
        after = hear_all(caller);
    });
    CHECK(estate.ask(server, Tls::starttls).empty());
    server.end();
    CHECK(before == start_tls);
    CHECK(after.empty());
}

TEST_CASE("where nobody listens there is no cause") {
    Estate estate;
    Directory directory;
    {
        OneCall gone([](int) {});
        directory.port = gone.port();
    }
    CHECK(why_untrusted({"dc01.corp.example", "127.0.0.1", {}, {}}, directory).empty());
    CHECK(why_untrusted({"dc01.corp.example", "", {}, {}}, directory).empty());
    CHECK(why_untrusted({"dc01.corp.example", "127.0.0.1 ldap://dc02", {}, {}}, directory).empty());
}

}  // namespace fairway::ldap::diagnosis_test
