// What is wrong with a certificate, and in which words; with authorities and certificates that are made here, shown by
// a peer that OpenSSL plays.
#include "providers/sign_on/distrust.hpp"

#include <chrono>
#include <doctest/doctest.h>

#include "tests/providers/sign_on/certificates.hpp"

namespace fairway::distrust_test {

using namespace fairway::distrust;
using test::CaFile;
using test::certificate;
using test::Certificate;
using test::Peer;

namespace {

constexpr Wording server = {"server", "`ca`", {}};
constexpr Wording host = {"host", "`tls: {ca: …}`", "`tls: {fingerprint: …}`"};
constexpr const char* dc = "DNS:dc01.corp.example,DNS:dc01";
constexpr long day_s = 86400;

struct World {
    Certificate ca = certificate({"Lab CA", "", true});
    Certificate other = certificate({"Other CA", "", true});
    Certificate between = certificate({"Issuing CA", "", true}, &ca);
    CaFile trusted{{ca}};

    std::vector<Fault> ask(const Certificate& own, const std::vector<Certificate>& others = {},
                           const std::string& name = "dc01.corp.example", int version = TLS1_3_VERSION) {
        Peer peer(own, others, version);
        const std::vector<Fault> found = of_peer(peer.socket(), {name, trusted.path(), {}});
        // Whatever was found: no handshake was completed, so nothing could have been said.
        CHECK_FALSE(peer.was_taken());
        return found;
    }
    std::string say(const Certificate& own, const std::vector<Certificate>& others = {},
                    const std::string& name = "dc01.corp.example") {
        return words(ask(own, others, name), server);
    }
};

std::string day(long seconds) {
    const std::time_t when = std::time(nullptr) + seconds;
    char text[16] = {};
    std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&when));
    return text;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a certificate that is as it should be has no fault, and is refused all the same") {
    World world;
    CHECK(world.say(certificate({"dc01", dc}, &world.ca)).empty());
    CHECK(world.say(certificate({"dc01", dc}, &world.between), {world.between}).empty());
    CHECK(world.say(certificate({"dc01", "IP:10.77.0.1"}, &world.ca), {}, "10.77.0.1").empty());
    CHECK(world.ask(certificate({"dc01", dc}, &world.ca), {}, "dc01.corp.example", TLS1_2_VERSION).empty());
}

TEST_CASE("each cause has its words and its remedy") {
    World world;
    CHECK(world.say(certificate({"dc01", dc}, &world.other)) ==
          "an authority that is not trusted here (CN=Other CA) signed the server's certificate; name its certificate "
          "with `ca`");
    const std::string expired = world.say(certificate({"dc01", dc, false, -3 * day_s, -2 * day_s}, &world.ca));
    CHECK(expired.starts_with("the server's certificate has expired (" + day(-2 * day_s)));
    CHECK(expired.ends_with(" UTC); renew it there"));
    const std::string early = world.say(certificate({"dc01", dc, false, 2 * day_s, 3 * day_s}, &world.ca));
    CHECK(early.starts_with("the server's certificate is not valid yet (" + day(2 * day_s)));
    CHECK(early.ends_with("compare the clocks"));
    CHECK(
        world.say(certificate({"dc99", "DNS:dc99.corp.example,IP:10.0.0.1"}, &world.ca)) ==
        "the server's certificate is for another name (dc99.corp.example, 10.0.0.1); use the name that it carries, or "
        "renew it with this one");
    CHECK(holds(world.say(certificate({"dc99.corp.example"}, &world.ca)), "for another name (CN=dc99.corp.example)"));
    CHECK(
        holds(world.say(certificate({"dc01", dc}, &world.ca), {}, "10.77.0.1"), "for another name (dc01.corp.example"));
    CHECK(world.say(certificate({"dc01", dc})) ==
          "the server signed its certificate itself; name it with `ca` once you have compared it there");
}

TEST_CASE("whoever vouches may be the cause") {
    World world;
    const Certificate old = certificate({"Old CA", "", true, -3 * day_s, -day_s}, &world.ca);
    const std::string expired = world.say(certificate({"dc01", dc}, &old), {old});
    CHECK(expired.starts_with("the certificate of an authority behind the server's has expired (CN=Old CA, "));
    // The one in between is not sent, and is nobody's here.
    CHECK(holds(world.say(certificate({"dc01", dc}, &world.between)), "not trusted here (CN=Issuing CA) signed"));
    const Certificate theirs = certificate({"Their issuing CA", "", true}, &world.other);
    CHECK(holds(world.say(certificate({"dc01", dc}, &theirs), {theirs}), "not trusted here (CN=Other CA) signed"));
    CHECK(holds(world.say(certificate({"dc01", dc}, &theirs), {theirs, world.other}), "here (CN=Other CA) signed"));
    const Certificate nobody = certificate({"Not an authority"}, &world.ca);
    CHECK(holds(world.say(certificate({"dc01", dc}, &nobody), {nobody}), "is not acceptable (invalid CA certificate)"));
}

TEST_CASE("all causes are told at once, each of them once") {
    World world;
    const std::string said =
        world.say(certificate({"dc99", "DNS:dc99.corp.example", false, -3 * day_s, -2 * day_s}, &world.other));
    CHECK(holds(said, "(CN=Other CA)"));
    CHECK(holds(said, "; and the server's certificate has expired"));
    CHECK(holds(said, "; and the server's certificate is for another name"));
    CHECK(said.find("not trusted here") == said.rfind("not trusted here"));
}

TEST_CASE("what a stranger wrote into a certificate is short and printable") {
    World world;
    std::string many = "DNS:a.example";
    for (int i = 0; i < 40; ++i) many += ",DNS:dc" + std::to_string(i) + ".somewhere.example";
    const std::string said = world.say(certificate({"dc", many}, &world.ca));
    CHECK(said.size() < 400);
    CHECK(holds(said, "a.example, dc0.somewhere.example"));
    const std::string odd = world.say(certificate({"two\nlines \x1b[31m and \xe2\x80\xae"}, &world.ca));
    CHECK_FALSE(holds(odd, "\n"));
    CHECK_FALSE(holds(odd, "\x1b"));
    CHECK_FALSE(holds(odd, "\xe2\x80\xae"));
    CHECK(holds(odd, "is for another name (CN=two"));
    CHECK(world.say(certificate({std::string(60, 'x'), "DNS:" + std::string(2000, 'y')}, &world.ca)).size() < 400);
}

TEST_CASE("what cannot be told is not told") {
    World world;
    const Certificate good = certificate({"dc01", dc}, &world.ca);
    SUBCASE("authorities that cannot be read") {
        Peer peer(good, {});
        CHECK(of_peer(peer.socket(), {"dc01.corp.example", "/nonexistent.pem", {}}).empty());
    }
    SUBCASE("nobody is trusted") {
        Peer peer(good, {});
        CHECK(holds(words(of_peer(peer.socket(), {"dc01.corp.example", {}, {}}), server), "(CN=Lab CA)"));
    }
    SUBCASE("a peer that speaks no TLS, hangs up, or says nothing until it is cut off") {
        for (const std::string& said :
             {std::string("220 hello\r\n"), std::string(), std::string("\x16\x03\x03\xff\xff", 5)}) {
            int ends[2];
            REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
            std::thread cut([&] {
                if (!said.empty()) CHECK(::send(ends[1], said.data(), said.size(), MSG_NOSIGNAL) > 0);
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
                ::shutdown(ends[0], SHUT_RDWR);
            });
            const test::NoPipeSignal quiet;
            CHECK(of_peer(ends[0], {"dc01.corp.example", world.trusted.path(), {}}).empty());
            cut.join();
            ::close(ends[0]);
            ::close(ends[1]);
        }
    }
    SUBCASE("TLS 1.1") {
        Peer peer(good, {}, TLS1_1_VERSION);
        CHECK(of_peer(peer.socket(), {"dc01.corp.example", world.trusted.path(), {}}).empty());
    }
    CHECK(words(std::vector<Fault>(), server).empty());
    CHECK(words({{12345, 0, {}}}, server) ==
          "the server's certificate is not acceptable (unknown certificate verification error)");
}

TEST_CASE("where a certificate can be pinned that is a remedy, too") {
    CHECK(words({{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, 0, {}}}, host) ==
          "an authority that is not trusted here signed the host's certificate; name its certificate with `tls: {ca: "
          "…}`, "
          "or pin the host's with `tls: {fingerprint: …}`");
    CHECK(
        words({{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, 0, {}}}, host) ==
        "the host signed its certificate itself; pin it with `tls: {fingerprint: …}` once you have compared it there");
    CHECK(words({{X509_V_ERR_CERT_REVOKED, 0, {}}}, host) == "the host's certificate was revoked");
    CHECK(words({{X509_V_ERR_CERT_HAS_EXPIRED, 0, {}}}, host) == "the host's certificate has expired; renew it there");
}

}  // namespace fairway::distrust_test
