// What does a line say of a host that ends the connection, or says nothing useful, in the middle of the sign-on? By
// NTLM, whose tokens need no domain; the server on the loopback knows no password.
#include <doctest/doctest.h>

#ifdef FAIRWAY_SANITIZE
#include <sanitizer/lsan_interface.h>
#endif

#include "providers/wmi/transport/base64.hpp"
#include "providers/wmi/transport/line.hpp"
#include "tests/providers/wmi/loopback.hpp"

namespace fairway::wmi::line_sign_on_test {
namespace {

// A pair of a CHALLENGE's target information (MS-NLMP 2.2.2.1).
std::string pair(char id, const std::string& value) {
    return std::string{id, '\0', static_cast<char>(value.size()), '\0'} + value;
}

// A server's CHALLENGE (MS-NLMP 2.2.1.2): 56 bytes, the target's name, and the pairs, 34 bytes: the names of domain and
// computer, and the time. The name is not empty, which gss-ntlmssp 1.2 would not live through (its issue 90).
std::string challenge() {
    const std::string domain("X\0", 2), computer("H\0", 2), zeros(8, '\0');
    return std::string("NTLMSSP\0\2\0\0\0", 12) + std::string("\2\0\2\0\x38\0\0\0", 8) + "\x35\x82\x8a\xe2" +
           "CHALLENG" + zeros + std::string("\x22\0\x22\0\x3a\0\0\0", 8) + std::string("\x0a\0\x7c\x4f\0\0\0\x0f", 8) +
           domain + pair(2, domain) + pair(1, computer) + pair(3, computer) + pair(7, "TTTTTTTT") + pair(0, "");
}

const std::string quota_fault =
    "<s:Envelope "
    "xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value>"
    "</s:Code><s:Detail><f:WSManFault xmlns:f='http://schemas.microsoft.com/wbem/wsman/1/wsmanfault' "
    "Code='2150859174'/></s:Detail></s:Fault></s:Body></s:Envelope>";

Result<std::shared_ptr<const Credential>> somebody() {
#ifdef FAIRWAY_SANITIZE
    const __lsan::ScopedDisabler theirs;  // gss-ntlmssp loses the part of OpenSSL that it loads for each password
#endif
    return Credential::obtain(
        HostAuthentication::ntlm,
        {.form = Credentials::Form::password_command, .principal = "H\\user", .command = {"echo", "x"}});
}

}  // namespace

TEST_CASE("line: a host that closes the connection while we sign on, or says nothing") {
    const std::string close = "Connection: close\r\n", negotiate = "WWW-Authenticate: Negotiate";
    const std::string garbage = negotiate + " Zm9v\r\n";
    const std::string challenged = negotiate + " " + base64::encode(challenge()) + "\r\n";
    const struct {
        const char* why;
        std::string answer;
        Code code;
        const char* says;
    } rows[] = {
        {"garbage for a token", http("401 Unauthorized", garbage, ""), Code::denied, "cannot sign on to HTTP/h"},
        {"and it closes", http("401 Unauthorized", garbage + close, ""), Code::denied, "cannot sign on to HTTP/h"},
        {"a challenge, and it closes", http("401 Unauthorized", challenged + close, ""), Code::protocol,
         "closes the connection in the middle of the sign-on"},
        {"it takes anybody", http("200 OK", "", ""), Code::denied, "without proving that it is itself (HTTP 200)"},
        {"and it closes", http("200 OK", close, ""), Code::denied, "without proving that it is itself (HTTP 200)"},
        {"a message that it cannot read", http("400 Bad Request", "", ""), Code::protocol,
         "could not read the sign-on"},
        {"a failure without a word", http("500 Internal Server Error", "", ""), Code::protocol, "HTTP 500"},
        {"busy", http("503 Service Unavailable", close, "<html>"), Code::unreachable, "HTTP 503"},
        {"no listener", http("404 Not Found", close, "<html>"), Code::protocol, "nothing called /wsman"},
        {"forbidden", http("403 Forbidden", "", ""), Code::denied, "HTTP 403"},
        {"another service", http("405 Method Not Allowed", "", ""), Code::protocol, "takes no POST"},
        {"a web server", http("200 OK", "Content-Type: text/html\r\n", "<html>"), Code::protocol, "web page"},
        {"http.sys", http("400 Bad Request", "Content-Type: text/html\r\n", "<h2>Bad Request - Request Too Long</h2>"),
         Code::unsupported, "MaxRequestBytes"},
        {"a success of another kind", http("204 No Content", "", ""), Code::denied, "without proving"},
        {"a fault", http("500 Error", "", quota_fault), Code::unreachable, "too many operations"},
        {"no fault", http("500 Error", "", "{}"), Code::protocol, "no reason that can be read"},
        {"it takes nobody", http("401 Unauthorized", negotiate + "\r\n", ""), Code::denied, "it offers: Negotiate"},
        {"and it closes", http("401 Unauthorized", negotiate + "\r\n" + close, ""), Code::denied,
         "it offers: Negotiate"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        CAPTURE(row.answer);
        CannedServer server({row.answer});
        const auto credential = somebody();
        REQUIRE_MESSAGE(credential, credential.error().text);
        Loop loop;
        Line line(loop, {.endpoint = {"h", "127.0.0.1", server.port},
                         .fqdn = "h",
                         .service = "HTTP",
                         .credential = *credential,
                         .patient = false});
        const auto opened = loop.run(line.open());
        REQUIRE_FALSE(opened);
        CHECK(name(opened.error().code) == name(row.code));
        CHECK_MESSAGE(opened.error().text.find(row.says) != std::string::npos, opened.error().text);
        CHECK(line.steps().stage == Stage::signing_on);
        CHECK(server.seen.size() == 1);
        // Others are not tried with a password that one host refused; 401 alone says that.
        const bool says_no = std::string_view(row.says) == "it offers: Negotiate";
        CHECK(((*credential)->trial() == Credential::Trial::refused) == says_no);
    }
}

TEST_CASE("line: a host that starts is tried again while we sign on") {
    const std::string starting = http("503 Service Unavailable", "Connection: close\r\n", "<html>");
    CannedServer server({starting, starting, http("401 Unauthorized", "WWW-Authenticate: Negotiate\r\n", "")});
    const auto credential = somebody();
    REQUIRE(credential);
    Loop loop;
    Line line(loop,
              {.endpoint = {"h", "127.0.0.1", server.port}, .fqdn = "h", .service = "HTTP", .credential = *credential});
    const auto said = loop.run(line.exchange("<end></end>", Repeat::never));
    REQUIRE_FALSE(said);
    CHECK_MESSAGE(said.error().text.find("it offers") != std::string::npos, said.error().text);
    CHECK(server.seen.size() == 3);
}

}  // namespace fairway::wmi::line_sign_on_test
