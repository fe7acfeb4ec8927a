// What --tell takes, and what it refuses.
#include "engine/watch/ways.hpp"

#include <doctest/doctest.h>

namespace fairway::ways_test {

using namespace watch;

TEST_CASE("watch: URLs of webhooks: https, and http to this machine alone") {
    struct Row {
        const char* text;
        const char* host;
        int port;
        const char* target;
    };
    for (const Row& row :
         {Row{"https://hook.example", "hook.example", 443, "/"},
          Row{"https://hook.example:8443/a/b?c=d", "hook.example", 8443, "/a/b?c=d"},
          Row{"https://[2001:db8::1]:1/x", "2001:db8::1", 1, "/x"},
          Row{"http://127.0.0.1:8080/x", "127.0.0.1", 8080, "/x"}, Row{"http://localhost/", "127.0.0.1", 80, "/"},
          Row{"http://[::1]/", "::1", 80, "/"}, Row{"https://hook.example?x", "hook.example", 443, "/?x"}}) {
        CAPTURE(row.text);
        const auto url = parse_url(row.text);
        REQUIRE(url.has_value());
        CHECK(url->host == row.host);
        CHECK(url->port == row.port);
        CHECK(url->target == row.target);
    }
    for (const char* wrong : {"",
                              "hook.example",
                              "ftp://hook.example/",
                              "https://",
                              "https:///x",
                              "http://hook.example/",
                              "http://127.0.0.1.evil.example/",
                              "http://127.evil/",
                              "https://user:pw@hook.example/",
                              "https://hook.example:0/",
                              "https://hook.example:99999/",
                              "https://hook.example:x/",
                              "https://hook.example/a b",
                              "https://hook.example/\r\nX: y",
                              "https://hook.example/#x",
                              "https://[::1/",
                              "https://a\nb/",
                              "https://a%00b/",
                              "http://127.0.0.1@evil.example/",
                              "https://h\xc3\xb6ok.example/"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_url(wrong).has_value());
    }
}

TEST_CASE("watch: ways by their words") {
    const auto hook = parse_way("webhook=https://hook.example/T0KEN");
    REQUIRE(hook.has_value());
    CHECK(hook->shown.find("T0KEN") == std::string::npos);
    CHECK(hook->key.find("T0KEN") == std::string::npos);
    CHECK(parse_way("mail=ops+day@corp.example")->address == "ops+day@corp.example");
    CHECK(parse_way("command=/bin/x")->command == std::vector<std::string>{"/bin/x"});
    CHECK(parse_way(R"x(command=["/bin/x","a b","$(c)"])x")->command ==
          std::vector<std::string>{"/bin/x", "a b", "$(c)"});
    for (const char* wrong :
         {"", "mail", "mail=", "mail=ops", "mail=-f@x.example", "mail=a@b,c@d", "mail=a@b\nBcc: c@d", "mail=a@b c",
          "mail=\"a\"@b", "command=", "command=x", "command=[]", "command=[\"x\"]", "command=[1]", "command=[\"/a\",",
          "command=[\"/a\\u0000\"]", "pager=1", "webhook=http://hook.example/"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_way(wrong).has_value());
    }
}

}  // namespace fairway::ways_test
