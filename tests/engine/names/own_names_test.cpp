// Whose are the names that live migration needs of a host? A table of forests.
#include "engine/names/own_names.hpp"

#include <doctest/doctest.h>

#include "tests/sample.hpp"

namespace fairway::own_names_test {
namespace {

const std::string service = "Microsoft Virtual System Migration Service/";

NameOwner account(std::string name, std::string sid, std::vector<std::string> names) {
    return {.dn = "CN=" + name,
            .account = name + "$",
            .dns = {},
            .object_class = "computer",
            .names = std::move(names),
            .sid = std::move(sid)};
}

RegisteredNames forest(std::vector<NameOwner> owners) {
    RegisteredNames out;
    out.owners = std::move(owners);
    out.aliases = {{"host", {"cifs"}}};
    out.source = "dc01";
    return out;
}

const std::vector<std::string> usual = {"HOST/HV01", "HOST/hv01.bay.example", service + "HV01",
                                        service + "hv01.bay.example"};

}  // namespace

TEST_CASE("own names: the account holds them or HOST serves them, and nobody else has them") {
    struct Row {
        const char* what;
        std::vector<NameOwner> owners;
        std::vector<std::string> own, besides;  // `besides`: uncontested, but not its own yet
    };
    const std::string shrt = "cifs/HV01", full = "cifs/hv01.bay.example", m1 = service + "HV01",
                      m2 = service + "hv01.bay.example";
    const Row rows[] = {
        {"in order", {account("HV01", "S-1", usual)}, {shrt, full, m1, m2}, {}},
        {"not registered yet",
         {account("HV01", "S-1", {"HOST/HV01", "HOST/hv01.bay.example"})},
         {shrt, full},
         {m1, m2}},
        {"no HOST either", {account("HV01", "S-1", {})}, {}, {shrt, full, m1, m2}},
        {"cifs at another account",
         {account("HV01", "S-1", usual), account("FS", "S-2", {"CIFS/hv01.bay.example"})},
         {shrt, m1, m2},
         {}},
        {"HOST at a controller",
         {account("HV01", "S-1", {m1, m2, "HOST/HV01"}), account("DC01", "S-2", {"HOST/hv01.bay.example"})},
         {shrt, m1, m2},
         {}},
        {"HOST at a controller, and the migration service nowhere: it is about the controller",
         {account("HV01", "S-1", {"HOST/HV01"}), account("DC01", "S-2", {"HOST/hv01.bay.example"})},
         {shrt},
         {m1}},
        {"HOST twice", {account("HV01", "S-1", {"HOST/HV01"}), account("X", "S-2", {"HOST/HV01"})}, {}, {full, m2}},
        {"twice", {account("HV01", "S-1", usual), account("HV09", "S-2", {m1})}, {shrt, full, m2}, {}},
        {"held itself, and HOST elsewhere: the exact name counts",
         {account("HV01", "S-1", {shrt, m1, m2, "HOST/hv01.bay.example"}), account("X", "S-2", {"HOST/HV01"})},
         {shrt, full, m1, m2},
         {}},
    };
    const Host host = sample::inventory().hosts[0];
    for (const Row& row : rows) {
        INFO(row.what);
        const RegisteredNames names = forest(row.owners);
        const auto own = own_names(NameIndex(names), host, "S-1");
        REQUIRE(own.has_value());
        CHECK(own->own == Set(row.own));
        CHECK(own->uncontested == unite(Key::whole, Set(row.own), Set(row.besides)));
    }
}

TEST_CASE("own names: the SID says which account is meant, whatever it is called") {
    const Host host = sample::inventory().hosts[0];
    // Joined again: another account has the name and the names by now.
    const RegisteredNames again = forest({account("HV01", "S-9", usual)});
    const auto missing = own_names(NameIndex(again), host, "S-1");
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().code == Code::denied);
    // Two domains of a forest, each with an HV01$.
    const RegisteredNames two = forest({account("HV01", "S-9", usual), account("HV01", "S-1", {})});
    CHECK(own_names(NameIndex(two), host, "S-1")->uncontested.empty());
    CHECK(own_names(NameIndex(two), host, "S-9")->own.size() == 4);
    // Where no SID is to be had, the account's name must do.
    CHECK(own_names(NameIndex(again), host, {})->own.size() == 4);
}

}  // namespace fairway::own_names_test
