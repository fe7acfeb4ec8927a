// Which values does a limit take, who may allow one, and what holds where nobody says?
#include "engine/model/limits.hpp"

#include <doctest/doctest.h>

namespace fairway::limits_test {

TEST_CASE("a limit's value is a count or a share, and nothing else") {
    CHECK(amount_from("0") == Amount{0, {}});
    CHECK(amount_from("1000000000") == Amount{1'000'000'000, {}});
    CHECK(amount_from("80%") == Amount{{}, 80});
    CHECK(amount_from("100%") == Amount{{}, 100});
    for (const char* wrong : {"", "%", "-1", "+1", "1000000001", "101%", "5 %", "5%%", "half", "0x10", "1.5", " 1"}) {
        CAPTURE(wrong);
        CHECK(!amount_from(wrong));
    }
}

TEST_CASE("an allowance names a limit and a value of it") {
    CHECK(*allowance("hosts", "80%", "anna") == Allowance{"hosts", "80%", "anna"});
    CHECK(*allowance("risk", "critical", "anna") == Allowance{"risk", "critical", "anna"});
    struct Row {
        const char *limit, *value, *words;
    };
    const Row rows[] = {
        {"host", "1",
         "there is no limit `host` (did you mean `hosts`?); there are hosts, risk, paths_closed, values_removed"},
        {"", "1", "there is no limit ``"},
        {"rollbacks", "true", "there is no limit `rollbacks`"},
        {"hosts", "critical", "hosts takes a number or a share like 80%, not `critical`"},
        {"hosts", "", "not ``"},
        {"paths_closed", "101%", "not `101%`"},
        {"values_removed", "-1", "not `-1`"},
        {"risk", "forbidden", "risk takes low, medium, high or critical, not `forbidden`"},
        {"risk", "80%", "not `80%`"},
        {"risk", "\x1b", "not `\\x1b`"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.words);
        const auto made = allowance(row.limit, row.value, "anna");
        REQUIRE(!made);
        CHECK(made.error().code == Code::bad_input);
        CHECK(made.error().text.find(row.words) != std::string::npos);
    }
}

TEST_CASE("the defaults in words are the defaults in numbers") {
    const LimitRow& hosts = *find_limit("hosts");
    CHECK(default_in_words(hosts) == "50% of the hosts, but 16 in any case and at most 100");
    for (const auto& [of, most] : {std::pair{0, 16}, {32, 16}, {33, 16}, {34, 17}, {199, 99}, {200, 100}, {5000, 100}})
        CHECK(allowed_by_default(hosts, of) == most);
    CHECK(allowed_by_default(*find_limit("values_removed"), 40'000) == 10'000);
    CHECK(find_limit("rollbacks") == nullptr);
}

}  // namespace fairway::limits_test
