// Does a reply stay within its limit, however long it says it is and in whichever pieces it comes?
#include <doctest/doctest.h>

#include <string>

#include "providers/wmi/transport/http.hpp"

namespace fairway::wmi::http_limits_test {
namespace {

std::string head(const std::string& fields) { return "HTTP/1.1 200 OK\r\n" + fields + "\r\n"; }

std::string refusal(const std::string& bytes) {
    const auto reply = read_http(bytes);
    return reply ? "taken" : reply.error().text;
}

}  // namespace

TEST_CASE("http: a body of the greatest length is taken, one byte more is not") {
    const std::string most(BoundedBody::most, 'x');
    const auto length = [](std::size_t size) { return "Content-Length: " + std::to_string(size) + "\r\n"; };
    CHECK(read_http(head(length(most.size())) + most)->body.size() == most.size());
    CHECK(read_http(head("") + most)->body.size() == most.size());  // until the end of the connection
    // Part of the body in one piece with the head: Beast forgets its limit there.
    for (const char* start : {"", "x"}) {
        CHECK(refusal(head(length(most.size() + 1)) + start).find("limit") != std::string::npos);
        CHECK(refusal(head("Content-Length: 100000000000000000\r\n") + start).find("limit") != std::string::npos);
        CHECK(refusal(head("Content-Length: 18446744073709551615\r\n") + start) != "taken");
    }
    CHECK(refusal(head("") + most + "x").find("limit") != std::string::npos);
    CHECK(refusal(head("Transfer-Encoding: chunked\r\n") + "FFFFFFFFFF\r\nx").find("limit") != std::string::npos);
    CHECK(refusal(head("Transfer-Encoding: chunked\r\n") + "400000\r\n" + most.substr(0, 0x400000) + "\r\n400001\r\n" +
                  most.substr(0, 0x400000) + "x\r\n0\r\n\r\n")
              .find("limit") != std::string::npos);
}

TEST_CASE("http: a last chunk without the end behind it is cut, not a reason to stop") {
    const std::string chunked = head("Transfer-Encoding: chunked\r\n");
    for (const char* cut :
         {"", "0", "0\r", "0\r\n", "0\r\n\r", "1\r\n", "1\r\nx", "1\r\nx\r\n0\r\n", "1\r\nx\r\n0\r\n\r"}) {
        CAPTURE(cut);
        CHECK(refusal(chunked + cut).find("ends in the middle") != std::string::npos);
    }
    CHECK(read_http(chunked + "1\r\nx\r\n0\r\n\r\n")->body == "x");
    CHECK(read_http(chunked + "0\r\n\r\n")->body.empty());
}

}  // namespace fairway::wmi::http_limits_test
