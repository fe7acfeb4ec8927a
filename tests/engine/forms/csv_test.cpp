// Does a spreadsheet get what the result has, each value in its place, and no formula from outside?
#include "engine/forms/csv.hpp"
#include "engine/base/json.hpp"

#include <doctest/doctest.h>

namespace fairway::csv_test {

TEST_CASE("a list of maps is a table with all of their keys") {
    const Json rows = {{{"host", "HV01"}, {"on", true}, {"held", {"a", "b"}}},
                       {{"host", "HV02"}, {"count", 3}, {"held", {{"x", 1}}}, {"none", nullptr}}};
    CHECK(forms::csv(rows) ==
          "host,on,held,count,none\r\n"
          "HV01,true,a; b,,\r\n"
          "HV02,,\"{\"\"x\"\":1}\",3,\r\n");
    CHECK(forms::csv(Json::array()).empty());
}

TEST_CASE("what separates cells, lines and quotes stays inside its cell") {
    CHECK(forms::csv({{{"a", "x,y"}, {"b", "says \"no\""}, {"c", "two\nlines"}}}) ==
          "a,b,c\r\n\"x,y\",\"says \"\"no\"\"\",\"two\nlines\"\r\n");
}

TEST_CASE("no text is a formula to a spreadsheet") {
    for (const char* evil : {"=1+1", "+1", "-1", "@x", "\tx"})
        CHECK(forms::csv({{{"a", evil}}}) == std::string("a\r\n'") + evil + "\r\n");
    CHECK(forms::csv({{{"a", "=1,1"}}}) == "a\r\n\"'=1,1\"\r\n");
    CHECK(forms::csv({{{"a", -1}}}) == "a\r\n-1\r\n");
}

}  // namespace fairway::csv_test
