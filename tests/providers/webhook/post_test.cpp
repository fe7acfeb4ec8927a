// The bytes of a request, and what an answer's first line says.
#include "providers/webhook/post.hpp"

#include <doctest/doctest.h>

namespace fairway::post_test {

using namespace webhook;

TEST_CASE("webhook: the text of a request") {
    CHECK(request_text(
              {.host = "::1", .port = 8443, .tls = true, .target = "/x", .headers = {{"A", "b"}}, .body = "{}"}) ==
          "POST /x HTTP/1.1\r\nHost: [::1]:8443\r\nContent-Length: 2\r\nConnection: close\r\nA: b\r\n\r\n{}");
    CHECK(request_text({.host = "h", .port = 80, .tls = false, .target = "/", .headers = {}, .body = ""}) ==
          "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

TEST_CASE("webhook: the status of an answer") {
    CHECK(status_of("HTTP/1.1 204 No Content").value() == 204);
    CHECK(status_of("HTTP/1.0 500").value() == 500);
    for (const char* wrong : {"", "HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 2045", "HTTP/2 200 OK", "HTTP/1.1 abc x",
                              "HTTP/1.1 -20 x", "ICY 200 OK", "HTTP/1.1 099 x"}) {
        CAPTURE(wrong);
        CHECK_FALSE(status_of(wrong).has_value());
    }
}

}  // namespace fairway::post_test
