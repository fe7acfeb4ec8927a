// Who gets metrics, and what everybody else gets.
#include "engine/watch/scrape.hpp"

#include <doctest/doctest.h>

namespace fairway::scrape_test {

using namespace watch;

TEST_CASE("watch: metrics for GET /metrics by a name of this machine, and nothing else") {
    struct Row {
        std::string request;
        const char* status;
    };
    for (const Row& row : {Row{"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:9469\r\n\r\n", "200 OK"},
                           Row{"GET /metrics HTTP/1.1\r\nhost: LOCALHOST\r\nAccept: */*\r\n\r\n", "200 OK"},
                           Row{"GET /metrics HTTP/1.0\r\nHost: [::1]:1\r\n\r\nrest", "200 OK"},
                           Row{"GET /metrics HTTP/1.1\r\n\r\n", "400 "},
                           Row{"GET /metrics HTTP/1.1\r\nHost: a\r\nHost: 127.0.0.1\r\n\r\n", "400 "},
                           Row{"GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", "403 "},
                           Row{"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n", "403 "},
                           Row{"GET /metrics HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n", "400 "},
                           Row{"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "404 "},
                           Row{"GET http://localhost/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "404 "},
                           Row{"POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "405 "},
                           Row{"GET /metrics HTTP/2\r\nHost: localhost\r\n\r\n", "400 "},
                           Row{"GET  /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "400 "}, Row{"\r\n\r\n", "400 "},
                           Row{"GET /metrics\r\n\r\n", "400 "}, Row{std::string(most_request_bytes, 'x'), "431 "}}) {
        CAPTURE(row.request);
        int asked = 0;
        const auto answer = answer_to(row.request, [&] {
            ++asked;
            return std::string("m 1\n");
        });
        REQUIRE(answer.has_value());
        const std::string expected = std::string("HTTP/1.1 ") + row.status;
        CHECK(answer->substr(0, expected.size()) == expected);
        CHECK(asked == (expected == "HTTP/1.1 200 OK" ? 1 : 0));
        CHECK((answer->find("\r\n\r\nm 1\n") != std::string::npos) == (asked == 1));
    }
    CHECK_FALSE(answer_to("GET /metrics HTTP/1.1\r\nHost: localhost\r\n", [] { return std::string(); }).has_value());
    CHECK_FALSE(answer_to("", [] { return std::string(); }).has_value());
}

}  // namespace fairway::scrape_test
