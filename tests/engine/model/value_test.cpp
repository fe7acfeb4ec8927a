// Sets and their algebra by key.
#include "engine/model/value.hpp"

#include <doctest/doctest.h>

namespace fairway::value_test {

TEST_CASE("a set has one order, whatever the order it came in") {
    CHECK(Set({"b", "A", "a", "b"}) == Set({"a", "A", "b"}));
    CHECK(Set({"cifs/HV02", "CIFS/hv02"}).size() == 2);
    CHECK(Set() == Set(std::vector<std::string>{}));
    CHECK(Set({"x"}).contains("x"));
    CHECK_FALSE(Set({"x"}).contains("X"));
}

TEST_CASE("elements with one key are one thing, and what stays keeps its spelling") {
    const Set held({"CIFS/HV02", "mssql/sql"}), wanted({"cifs/hv02", "cifs/hv03"});
    CHECK(unite(Key::whole, held, wanted) == Set({"CIFS/HV02", "cifs/hv03", "mssql/sql"}));
    CHECK(subtract(Key::whole, held, wanted) == Set({"mssql/sql"}));
    CHECK(subtract_exact(Set({"CIFS/a", "cifs/b"}), Set({"cifs/a", "cifs/b"})) == Set({"CIFS/a"}));
    CHECK(subtract_exact(held, held).empty());
    CHECK(intersect(Key::whole, held, wanted) == Set({"CIFS/HV02"}));
    CHECK(covers(Key::whole, held, Set({"cifs/hv02"})));
    CHECK_FALSE(covers(Key::whole, held, wanted));
    CHECK(covers(Key::whole, Set(), Set()));
}

TEST_CASE("a network is its first word; the metric is its spelling") {
    const Set held({"10.9.0.0/16 metric 5", "fd00::/6", "fd00::/64"});
    CHECK(covers(Key::first_word, held, Set({"10.9.0.0/16", "fd00::/6", "fd00::/64"})));
    CHECK(unite(Key::first_word, held, Set({"10.9.0.0/16"})) == held);
    CHECK(subtract(Key::first_word, held, Set({"10.9.0.0/16 metric 1"})) == Set({"fd00::/6", "fd00::/64"}));
}

}  // namespace fairway::value_test
