// Is whatever answers on a port turned into a SOAP text or into an Error that a person can act on, and is nothing sent
// twice that must not be? Canned bytes, from a socket of our own on the loopback.
#include <doctest/doctest.h>

#include "engine/base/text.hpp"
#include "providers/wmi/transport/base64.hpp"
#include "providers/wmi/transport/line.hpp"
#include "tests/providers/wmi/loopback.hpp"

namespace fairway::wmi::line_test {
namespace {

const std::string body = "<end></end>";

// A line to it that signs on with a header only, so that no domain is needed.
struct Caller {
    Loop loop;
    Line line;

    explicit Caller(std::uint16_t port, bool patient = false,
                    std::chrono::milliseconds answer = std::chrono::seconds(60))
        : line(loop, {.endpoint = {"host.example", "127.0.0.1", port},
                      .fqdn = "host.example",
                      .credential = *Credential::obtain(HostAuthentication::certificate, {}),
                      .deadlines = {std::chrono::seconds(60), answer},
                      .patient = patient}) {}

    Result<std::string> ask(Repeat repeat = Repeat::safe) { return loop.run(line.exchange(body, repeat)); }
};

const std::string busy_fault =
    "<s:Envelope "
    "xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value>"
    "</s:Code><s:Detail><f:WSManFault xmlns:f='http://schemas.microsoft.com/wbem/wsman/1/wsmanfault' "
    "Code='2150859174'/>"
    "</s:Detail></s:Fault></s:Body></s:Envelope>";

}  // namespace

TEST_CASE("line: what answers, and what it is taken for") {
    const std::string soap = "Content-Type: application/soap+xml;charset=UTF-8\r\n";
    const struct {
        const char* why;
        std::string answer;
        std::optional<Code> code;
        const char* says;
    } rows[] = {
        {"fine", http("200 OK", soap, "<x/>"), std::nullopt, "<x/>"},
        {"fault", http("500 Internal Server Error", soap, "<f/>"), std::nullopt, "<f/>"},
        {"sender fault", http("400 Bad Request", soap, "<f/>"), std::nullopt, "<f/>"},
        {"chunked", "HTTP/1.1 200 OK\r\n" + soap + "Transfer-Encoding: chunked\r\n\r\n2\r\n<x\r\n2\r\n/>\r\n0\r\n\r\n",
         std::nullopt, "<x/>"},
        {"until closed", "HTTP/1.1 200 OK\r\n\r\n<cut here/>", std::nullopt, "<cut here/>"},
        {"web page", http("200 OK", "Content-Type: text/html\r\n", "<html>IIS</html>"), Code::protocol, "web page"},
        {"web page without a type", http("500 Error", "", " <!DOCTYPE html><p>"), Code::protocol, "web page"},
        {"nothing", http("200 OK", soap, ""), Code::protocol, "nothing in it"},
        {"bare 400", http("400 Bad Request", "", ""), Code::protocol, "sealed"},
        {"bare 500", http("500 Error", "", ""), Code::protocol, "sealed"},
        {"not found", http("404 Not Found", "", "x"), Code::protocol, "/wsman"},
        {"too large for them", http("413 Too Large", "", ""), Code::unsupported, "MaxEnvelopeSizekb"},
        {"busy", http("503 Unavailable", "", ""), Code::unreachable, "busy"},
        {"moved", http("302 Found", "Location: http://evil/\r\n", ""), Code::protocol, "302"},
        {"wrong password",
         http("401 Unauthorized", "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: Kerberos\r\n", ""), Code::denied,
         "Negotiate, Kerberos"},
        {"sealed", http("200 OK", "Content-Type: multipart/encrypted;protocol=\"x\"\r\n", "--x"), Code::unsupported,
         "sealed"},
        {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 0\r\n\r\n<x/>", Code::protocol, ""},
        {"the same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\n<x/>",
         Code::protocol, "two lengths"},
        {"length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         Code::protocol, ""},
        {"far too long", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", Code::protocol, "larger"},
        {"endless header", "HTTP/1.1 200 OK\r\nX: " + std::string(100000, 'x'), Code::protocol, "larger"},
        {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", Code::protocol, "HTTP"},
        {"cut", "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n<cut here", Code::unreachable, "middle"},
        {"closed at once", "", Code::unreachable, "closed"},
        {"silent in the middle", "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n<x", Code::unreachable, "in time"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        CannedServer server({row.answer, ""});
        const bool silent = std::string_view(row.why) == "silent in the middle";
        const auto text =
            silent ? Caller(server.port, false, std::chrono::milliseconds(400)).ask() : Caller(server.port).ask();
        (void)Caller(server.port).ask();
        if (!row.code) {
            REQUIRE_MESSAGE(text.has_value(), (text ? "" : text.error().text));
            CHECK(*text == row.says);
            continue;
        }
        REQUIRE_FALSE(text.has_value());
        CAPTURE(text.error().text);
        CHECK(name(text.error().code) == name(*row.code));
        CHECK(text.error().text.find(row.says) != std::string::npos);
    }
}

TEST_CASE("line: the request, one connection for several, and its end noticed") {
    CannedServer server({http("200 OK", "", "<a/>"), http("200 OK", "Connection: close\r\n", "<b/>"), ""});
    Caller caller(server.port);
    CHECK(caller.ask() == "<a/>");
    CHECK(caller.ask() == "<b/>");
    const auto closed = caller.ask();  // on a new connection
    REQUIRE_FALSE(closed.has_value());
    CHECK(closed.error().code == Code::unreachable);
    REQUIRE(server.seen.size() == 3);
    CHECK(server.seen[0] == "POST /wsman HTTP/1.1\r\nHost: host.example:" + std::to_string(server.port) +
                                "\r\nUser-Agent: Fairway\r\nConnection: Keep-Alive\r\n"
                                "Content-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: 11\r\n"
                                "Authorization: http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual\r\n"
                                "\r\n<end></end>");
}

TEST_CASE("line: a question goes out again, an act never") {
    const std::string soap = "Content-Type: application/soap+xml\r\n";
    {
        CannedServer server({"", http("200 OK", soap, "<a/>")});
        CHECK(Caller(server.port, true).ask(Repeat::safe) == "<a/>");
        CHECK(server.seen.size() == 2);
    }
    {
        CannedServer server({"", http("200 OK", soap, "<a/>")});
        CHECK(Caller(server.port, true).ask(Repeat::never).error().code == Code::unreachable);
        CHECK(server.seen.size() == 1);
        (void)Caller(server.port).ask();
    }
    {
        CannedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n<cut here", http("200 OK", soap, "<a/>")});
        CHECK(Caller(server.port, true).ask(Repeat::safe) == "<a/>");
    }
    {
        const std::string turned_away =
            http("500 Error", soap, busy_fault);  // the host's own word: it was not taken on
        CannedServer server({turned_away, turned_away, http("200 OK", soap, "<a/>")});
        CHECK(Caller(server.port, true).ask(Repeat::never) == "<a/>");
        CHECK(server.seen.size() == 3);
    }
    const std::string unavailable = http("503 Unavailable", "Content-Type: text/html\r\n", "<html>");
    {
        CannedServer server({unavailable, unavailable, http("200 OK", soap, "<a/>")});
        CHECK(Caller(server.port, true).ask(Repeat::safe) == "<a/>");
        CHECK(server.seen.size() == 3);
    }
    {
        CannedServer server({unavailable, http("200 OK", soap, "<a/>")});
        CHECK(Caller(server.port, true).ask(Repeat::never).error().code == Code::unreachable);
        CHECK(server.seen.size() == 1);
        (void)Caller(server.port).ask();
    }
}

TEST_CASE("line: no answer in the clear refuses an act") {
    for (const char* status :
         {"401 Unauthorized", "403 Forbidden", "413 Too Large", "415 Unsupported", "503 Unavailable", "302 Found",
          "404 Not Found", "200 OK", "400 Bad Request", "500 Error"}) {
        CAPTURE(status);
        CannedServer server({http(status, "", ""), http("200 OK", "", "<a/>")});
        const auto act = Caller(server.port, true).ask(Repeat::never);
        REQUIRE_FALSE(act.has_value());
        CHECK(name(act.error().code) == "unreachable");
        CHECK_MESSAGE(act.error().text.find("may still do so") != std::string::npos, act.error().text);
        CHECK(server.seen.size() == 1);
        (void)Caller(server.port).ask();
    }
}

TEST_CASE("line: nobody there, and nobody of that name") {
    Caller nobody(1);
    const auto refused = nobody.ask(Repeat::safe);
    REQUIRE_FALSE(refused.has_value());
    CHECK_MESSAGE(refused.error().text.find("refuses the connection") != std::string::npos, refused.error().text);
    Loop loop;
    Line nameless(loop, {.endpoint = {"h", "no-such-name.invalid", 5985},
                         .fqdn = "h",
                         .credential = *Credential::obtain(HostAuthentication::certificate, {})});
    const auto unknown = loop.run(nameless.exchange(body, Repeat::safe));
    REQUIRE_FALSE(unknown.has_value());
    CHECK_MESSAGE(unknown.error().text.find("no-such-name.invalid") != std::string::npos, unknown.error().text);
}

TEST_CASE("http: tokens among the challenges") {
    HttpReply reply;
    reply.challenges = {"Negotiate", "Kerberos Zm9v", "Basic realm=\"x\"", "negotiate !!!!"};
    CHECK(token_of(reply, "kerberos").value() == "foo");
    CHECK_FALSE(token_of(reply, "Negotiate").has_value());
    CHECK_FALSE(token_of(reply, "NTLM").value().has_value());
    CHECK(offered(reply) == "Negotiate, Kerberos, Basic, negotiate");
}

TEST_CASE("base64") {
    const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                        {"f", "Zg=="},
                                                        {"fo", "Zm8="},
                                                        {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg=="},
                                                        {"fooba", "Zm9vYmE="},
                                                        {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : rows) {
        CHECK(base64::encode(bytes) == text);
        CHECK(base64::decode(text) == bytes);
    }
    for (int i = 0; i < 256; ++i) {
        const std::string bytes(3, static_cast<char>(i));
        CHECK(base64::decode(base64::encode(bytes)) == bytes);
    }
    for (const char* wrong : {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zg==Zg==", "Z g=", "Zm9v\n", "Zm=v"})
        CHECK_FALSE(base64::decode(wrong).has_value());
}

}  // namespace fairway::wmi::line_test
