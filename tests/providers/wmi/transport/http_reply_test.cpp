// Is every HTTP answer taken for what it is, by what was sent before it? And are all schemes of WWW-Authenticate seen?
#include <doctest/doctest.h>

#include "providers/wmi/transport/challenge.hpp"
#include "providers/wmi/transport/http_reply.hpp"

namespace fairway::wmi::http_reply_test {
namespace {

const std::string too_long =
    "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">\r\n<HTML><BODY><h2>Bad Request - Request Too Long</h2>\r\n"
    "<hr><p>HTTP Error 400. The size of the request headers is too long.</p></BODY></HTML>";
const std::string field_too_long =
    "<HTML><BODY><h2>Bad Request - Header Field Too Long</h2>\r\n<hr><p>HTTP Error 400. A request header field is too "
    "long.</p></BODY></HTML>";

HttpReply reply_of(unsigned status, const std::string& body) {
    return {status, body.starts_with("<HTML") || body.starts_with("<!") ? "text/html" : "", {}, body};
}

}  // namespace

TEST_CASE("http: the date of an answer, or none") {
    const auto date = [](const std::string& text) {
        HttpReply reply;
        reply.headers = {{"Server", "Microsoft-HTTPAPI/2.0"}, {"date", text}};
        return date_of(reply);
    };
    CHECK(date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
    CHECK(date("Thu, 29 Feb 2024 23:59:59 GMT") == 1709251199);
    for (const char* odd :
         {"", "soon", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 06 anN 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun, 06 Nov 1969 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "})
        CHECK_MESSAGE(!date(odd).has_value(), odd);
    CHECK_FALSE(date_of(HttpReply{}).has_value());
}

TEST_CASE("http: what an answer means depends on what was sent") {
    constexpr auto token = Sent::token, plain = Sent::plain, sealed = Sent::sealed;
    const struct {
        unsigned status;
        std::string body;
        std::vector<Sent> after;
        Code code;
        const char* says;
    } rows[] = {
        {400, too_long, {token, plain, sealed}, Code::unsupported, "MaxFieldLength and MaxRequestBytes"},
        {400, field_too_long, {token, plain, sealed}, Code::unsupported, "fewer groups"},
        {400, "<HTML>Bad Request - Invalid Hostname", {token, plain, sealed}, Code::protocol, "web page"},
        {403, "", {token, plain, sealed}, Code::denied, "forbids"},
        {404, "<HTML>", {token, plain, sealed}, Code::protocol, "/wsman"},
        {405, "", {token, plain, sealed}, Code::protocol, "another service"},
        {407, "<HTML>", {token, plain, sealed}, Code::protocol, "proxy"},
        {413, "", {token, plain, sealed}, Code::unsupported, "MaxEnvelopeSizekb"},
        {502, "<HTML>", {token, plain, sealed}, Code::unreachable, "proxy"},
        {503, "<HTML>", {token, plain, sealed}, Code::unreachable, "busy"},
        {200, "<HTML>It works", {token, plain, sealed}, Code::protocol, "web page"},
        {302, "", {token, plain, sealed}, Code::protocol, "HTTP 302"},
        {400, "", {sealed}, Code::protocol, "could not open our sealed message"},
        {500, " \r\n", {sealed}, Code::protocol, "authentication: negotiate"},
        {500, "", {sealed}, Code::protocol, "--record"},
        {400, "", {plain}, Code::protocol, "insists on sealed"},
        {500, "", {plain}, Code::protocol, "insists on sealed"},
        {400, "", {token}, Code::protocol, "could not read the sign-on"},
        {500, "", {token}, Code::protocol, "could not read the sign-on"},
    };
    for (const auto& row : rows)
        for (const Sent sent : row.after) {
            CAPTURE(row.status);
            CAPTURE(row.body);
            CAPTURE(static_cast<int>(sent));
            const auto refusal = refusal_in(reply_of(row.status, row.body), sent);
            REQUIRE(refusal);
            CHECK(name(refusal->code) == name(row.code));
            CHECK_MESSAGE(refusal->text.find(row.says) != std::string::npos, refusal->text);
            CHECK(refusal->text.find("itself") == std::string::npos);
            const auto text = soap_text(reply_of(row.status, row.body), sent);
            REQUIRE_FALSE(text);
            CHECK(text.error().text == refusal->text);
        }
    for (const auto& [status, body] : {std::pair(200u, ""), {200u, "<s/>"}, {204u, ""}, {400u, "<s/>"}, {500u, "<s/>"}})
        CHECK_FALSE(refusal_in(reply_of(status, body), token));
    // "Too Long" on a page says so, and not in a fault's text.
    CHECK(soap_text(reply_of(400, "<s:Text>the query is too long</s:Text>"), sealed));
}

TEST_CASE("http: the schemes of a header, as RFC 7235 joins them") {
    const struct {
        const char* header;
        const char* shown;  // scheme:token, in order
    } rows[] = {
        {"Negotiate", "Negotiate:"},
        {"Negotiate, Kerberos, Basic realm=\"WSMAN\", CredSSP", "Negotiate: Kerberos: Basic: CredSSP:"},
        {"Negotiate, Kerberos, Basic realm=\"WSMAN, a, b\", CredSSP", "Negotiate: Kerberos: Basic: CredSSP:"},
        {"Basic realm=\"a \\\" b, Fake\", charset=\"UTF-8\", Kerberos", "Basic: Kerberos:"},
        {"Basic realm = \"x\" , Negotiate", "Basic: Negotiate:"},
        {"Digest realm=x, nonce=\"a,b\", qop=auth, Negotiate", "Digest: Negotiate:"},
        {"Negotiate Zm9v, Kerberos", "Negotiate:Zm9v Kerberos:"},
        {"Kerberos, Negotiate Zg==", "Kerberos: Negotiate:Zg=="},
        {"Negotiate Zg== , Kerberos Zm9v", "Negotiate:Zg== Kerberos:Zm9v"},
        {",, Negotiate ,\t, Kerberos,", "Negotiate: Kerberos:"},
        {"realm=\"x\"", ""},
        {"", ""},
        {"Basic realm=\"never closed, Kerberos", "Basic:"},
        {"(bad) x, \x01, Kerberos", "Kerberos:"},
        {"negotiate !!!!", "negotiate:!!!!"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.header);
        std::string shown;
        for (const Challenge& one : read_challenges(row.header))
            shown += (shown.empty() ? "" : " ") + one.scheme + ":" + one.token;
        CHECK(shown == row.shown);
    }
    std::string endless;
    for (int i = 0; i < 1000; ++i) endless += "X" + std::to_string(i) + ",";
    CHECK(read_challenges(endless).size() == 16);
}

TEST_CASE("http: a token among several schemes and several headers") {
    HttpReply reply;
    reply.challenges = {"Negotiate, Basic realm=\"Kerberos Zg==\"", "CredSSP, kerberos Zm9v"};
    CHECK(token_of(reply, "Kerberos").value() == "foo");
    CHECK_FALSE(token_of(reply, "Negotiate").value().has_value());
    CHECK(offered(reply) == "Negotiate, Basic, CredSSP, kerberos");
}

}  // namespace fairway::wmi::http_reply_test
