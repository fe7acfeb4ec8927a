// Does a published operation keep names of attributes and classes, and lose all that names somebody?
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "providers/ldap/wire/record.hpp"

namespace fairway::ldap::record_test {
namespace {

StandIns corp() {
    StandIns out;
    out.know_domain("corp.example");
    out.know_host("HV01", "hv01.corp.example");
    return out;
}

class Answering : public Wire {
public:
    Result<int> ask(const Search&, const std::string&) override { return 1; }
    Result<Page> next() override {
        return Page{1,
                    false,
                    {{"CN=HV01,OU=Payroll,DC=corp,DC=example",
                      {{"servicePrincipalName", {"HOST/hv01.corp.example", "HTTP/ann.corp.example:80"}},
                       {"nTSecurityDescriptor", {std::string("\x01\x00\x04\x80", 4)}}}}},
                    {}};
    }
    void abandon() override {}
    bool lost() const override { return false; }
    std::size_t requests() const override { return 1; }
    Result<int> send(const std::string&, std::span<const Modification>) override { return 7; }
    Result<Modified> next_modified() override {
        return Modified{
            7, fail(Code::denied, "no (0000202B: best match of: 'OU=Payroll,DC=corp,DC=example'), ask /home/ann/x")};
    }
};

}  // namespace

TEST_CASE("ldap record: values by form and attribute") {
    StandIns names = corp();
    const struct {
        const char* attribute;
        std::string value;
        const char* shown;
    } rows[] = {
        {"sAMAccountName", "HV01$", "HOST001$"},
        {"sAMAccountName", "ann", "NAME001"},
        {"dNSHostName", "hv01.corp.example", "host001.example.test"},
        {"dNSHostName", "ann.corp.example", "name001.example.test"},
        {"msDS-AllowedToDelegateTo", "cifs/HV01", "cifs/HOST001"},
        {"msDS-AllowedToDelegateTo", "Microsoft Virtual System Migration Service/hv01.corp.example",
         "Microsoft Virtual System Migration Service/host001.example.test"},
        {"distinguishedName", "CN=Ann\\, B.,CN=Computers,DC=corp,DC=example",
         "CN=NAME002,CN=Computers,DC=EXAMPLE,DC=NAME003"},
        {"userAccountControl", "4096", "4096"},
        {"whenChanged", "20261122101112.0Z", "20261122101112.0Z"},
        {"supportedControl", "1.2.840.113556.1.4.319", "1.2.840.113556.1.4.319"},
        {"objectClass", "computer", "computer"},
        {"objectGUID", std::string("\xff\x01\x02", 3), "(3 bytes)"},
        {"memberOf;range=0-9", "CN=Payroll,DC=corp", "CN=NAME004,DC=EXAMPLE"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.value);
        CHECK(publishable_value(row.attribute, row.value, names) == row.shown);
    }
    CHECK(publishable_filter("(&(objectClass=computer)(|(sAMAccountName=HV01$)(cn=pay*roll)(n=\\28x))(uac:1.2:=2))",
                             names) ==
          "(&(objectClass=computer)(|(sAMAccountName=HOST001$)(cn=NAME005*NAME006)(n=(escaped, 4 "
          "characters)))(uac:1.2:=2))");
}

TEST_CASE("ldap record: binds, searches and modifies are one file each") {
    std::string base = (std::filesystem::temp_directory_path() / "fairway-ldap-record.XXXXXX").string();
    REQUIRE(::mkdtemp(base.data()) != nullptr);
    const auto recording = Recording::open(base + "/kept");
    REQUIRE(recording);
    (*recording)->learn([](StandIns& names) { names = corp(); });
    const auto dial =
        recorded_writes([](const Directory&, const std::string&) { return std::make_unique<Answering>(); }, *recording);
    auto wire = dial({}, "dc01.corp.example");
    REQUIRE(wire);
    Search search{.base = "OU=Payroll,DC=corp,DC=example", .attributes = {"servicePrincipalName"}};
    REQUIRE((*wire)->ask(search, {}));
    REQUIRE((*wire)->next());
    const Modification change{Modification::Kind::add, "servicePrincipalName", {"cifs/ann"}};
    CHECK_FALSE((*wire)->modify("CN=HV01,OU=Payroll,DC=corp,DC=example", std::array{change}));
    CHECK((*recording)->kept() == 3);
    std::string all;
    for (const char* file : {"0001-HOST002-bind.txt", "0002-HOST002-search.txt", "0003-HOST002-modify.txt"}) {
        std::ostringstream text;
        text << std::ifstream(base + "/kept/" + file).rdbuf();
        CHECK_FALSE(text.str().empty());
        all += text.str();
    }
    for (const char* there :
         {"result: success", "scope: base", "filter: (objectClass=*)", "attributes: servicePrincipalName", "entries: 1",
          "servicePrincipalName: HOST/host001.example.test", "nTSecurityDescriptor: (4 bytes)",
          "add servicePrincipalName: cifs/", "denied: no (0000202B"}) {
        CAPTURE(there);
        CHECK_MESSAGE(all.find(there) != std::string::npos, all);
    }
    for (const char* gone : {"ann", "Payroll", "corp", "HV01", "dc01"}) CHECK_MESSAGE(all.find(gone) == all.npos, all);
    std::filesystem::remove_all(base);
}

}  // namespace fairway::ldap::record_test
