// Who holds a name, who stands for a computer, what serves a name that nobody holds.
#include "engine/names/spn_index.hpp"

#include <doctest/doctest.h>

#include "tests/engine/names/forest.hpp"

namespace fairway::spn_index_test {

using namespace fairway::forest;

TEST_CASE("holders are found without case, each once, however often an account holds the name") {
    RegisteredNames names = forest_of(sample::inventory());
    names.owners.push_back(other("svc", {"host/hv01", "HOST/HV01"}));
    const NameIndex index(names);
    CHECK(index.holders("Host/hV01").size() == 2);
    CHECK(index.holders("HOST/HV02") == Owners{&names.owners[1]});
    CHECK(index.holders("HOST/HV0").empty());
}

TEST_CASE("a class that an alias names is served by what the alias is of") {
    const RegisteredNames names = forest_of(sample::inventory());
    const NameIndex index(names);
    CHECK(index.served_by("CIFS", "hv01") == "HOST/hv01");
    CHECK(index.served_by("MSSQLSvc", "hv01").empty());
    CHECK(index.has_somebody_for("cifs/HV03"));
    CHECK(index.has_somebody_for("MSSQLSvc/hv03.bay.example"));  // the computer is there, whatever it serves
    CHECK_FALSE(index.has_somebody_for("cifs/HV04"));
    CHECK_FALSE(index.has_somebody_for("cifs/hv03.other.example"));
}

TEST_CASE("a computer is its account's name, its full name, and every name of HOST") {
    RegisteredNames names = forest_of(sample::inventory());
    NameOwner fresh = other("NEW01$", {});  // joined, and never started
    fresh.object_class = "computer";
    names.owners.push_back(fresh);
    names.owners.push_back(other("svc", {"HOST/alias"}));
    hv01(names).names.push_back("HOST/second.bay.example");
    const NameIndex index(names);
    const std::set<const NameOwner*> first = {&names.owners[0]}, new_one = {&names.owners[3]};
    CHECK(index.computers("hv01") == first);
    CHECK(index.computers("HV01.bay.example") == first);
    CHECK(index.computers("second.bay.example") == first);
    CHECK(index.computers("new01.anywhere.example") == new_one);  // it has no full name that says otherwise
    CHECK(index.computers("hv01.other.example").empty());
    CHECK(index.computers("alias").empty());  // an account of a person is no computer
}

TEST_CASE("of two accounts of one name the full name tells which is the host's") {
    const Inventory estate = sample::inventory();
    RegisteredNames names = forest_of(estate);
    NameOwner twin = names.owners[0];
    twin.dn = "CN=HV01,DC=west,DC=bay,DC=example";
    twin.dns = "hv01.west.bay.example";
    names.owners.push_back(twin);
    CHECK(NameIndex(names).account(estate.hosts[0]) == &names.owners[0]);
    names.owners[0].dns.clear();
    CHECK(NameIndex(names).account(estate.hosts[0]) == nullptr);  // neither for certain
    CHECK(NameIndex(names).account(estate.hosts[1]) == &names.owners[1]);
}

}  // namespace fairway::spn_index_test
