// Who may write what: by the attributes that an account says are the caller's to write, and by the caller's groups.
#include "providers/ldap/accounts/rights.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/providers/ldap/server.hpp"

namespace fairway::ldap::rights_test {

namespace {

const std::string list = "msDS-AllowedToDelegateTo", flags = "userAccountControl", names = "servicePrincipalName";
const std::string writable = "allowedAttributesEffective";
const Setting &services = setting::delegation_services, &transition = setting::delegation_protocol_transition,
              &unconstrained = setting::delegation_unconstrained, &spn = setting::spn_migration;

Sid sid(std::string_view text) { return parse_sid_text(text).value(); }
const Sid computer = sid("S-1-5-21-1-2-3-1104");

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

DirectoryRights rights_of(Server& server, int domains = 1, Territory where = {}) {
    std::vector<Domain<ReadWire>> out;
    for (int i = 0; i < domains; ++i) out.push_back(domain_at<ReadWire>(server));
    return DirectoryRights(Domains(std::move(out), std::move(where)));
}

Server::Object account(std::vector<std::string> may) {
    return {{writable, std::move(may)}, {"objectSid", {sid_bytes(computer)}}};
}

}  // namespace

TEST_CASE("the privilege is told by the caller's groups") {
    struct Row {
        const char* what;
        std::vector<std::string> groups;
        Privilege wanted;
    };
    const std::vector<Row> rows = {
        {"Administrators", {"S-1-5-21-1-2-3-1105", "S-1-5-32-544"}, Privilege::by_default},
        {"Domain Admins of this domain", {"S-1-5-21-1-2-3-512"}, Privilege::by_default},
        {"Domain Admins of another domain", {"S-1-5-21-1-2-4-512"}, Privilege::unknown},
        {"Enterprise Admins, who are of the forest's first domain", {"S-1-5-21-9-9-9-519"}, Privilege::by_default},
        {"nobody in particular", {"S-1-5-21-1-2-3-513", "S-1-5-32-545", "S-1-1-0"}, Privilege::unknown},
        {"Account Operators", {"S-1-5-32-548"}, Privilege::unknown},
        {"an account that only looks like it",
         {"S-1-5-21-1-2-3-512-512", "S-1-5-21-512", "S-1-5-512"},
         Privilege::unknown},
        {"another authority", {"S-1-22-32-544", "S-1-22-21-1-2-3-512"}, Privilege::unknown},
        {"not told", {}, Privilege::unknown},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        std::vector<Sid> groups;
        for (const std::string& one : row.groups) groups.push_back(sid(one));
        CHECK(privilege_of(groups, computer) == row.wanted);
    }
    // An account that does not show its SID does not make a domain administrator ours.
    CHECK(privilege_of(std::vector{sid("S-1-5-21-1-2-3-512")}, Sid{}) == Privilege::unknown);
}

TEST_CASE("who may write what") {
    struct Row {
        const Setting* setting;
        std::vector<std::string> writable;
        Privilege privilege;
        May wanted;
        const char* says;
    };
    const std::vector<Row> rows = {
        {&services, {list}, Privilege::by_default, May::by_default, "as administrators have by default"},
        {&services, {list}, Privilege::unknown, May::unknown, "Default Domain Controllers Policy"},
        {&services, {flags, names}, Privilege::by_default, May::no, "write-property on msDS-AllowedToDelegateTo"},
        {&services, {}, Privilege::unknown, May::no, "SeEnableDelegationPrivilege"},
        {&transition, {flags}, Privilege::by_default, May::by_default, ""},
        {&transition, {list}, Privilege::unknown, May::no, "userAccountControl"},
        {&unconstrained, {"USERACCOUNTCONTROL"}, Privilege::unknown, May::unknown, "trusted for delegation"},
        {&spn, {names}, Privilege::unknown, May::yes, ""},
        // MS-ADTS 3.1.1.4.5.7 counts write-property alone.
        {&spn, {}, Privilege::unknown, May::unknown, "Validated write to service principal name"},
        {&setting::migration_enabled, {list}, Privilege::by_default, May::unknown, "not a thing of the directory"},
    };
    for (const Row& row : rows) {
        const Right right = right_to({"HV01", row.setting}, row.writable, row.privilege);
        CAPTURE(row.setting->name);
        CAPTURE(right.words);
        CHECK(right.may == row.wanted);
        CHECK(has(right.words, row.says));
        CHECK(right.words.empty() == (right.may == May::yes));
    }
}

TEST_CASE("rights of many accounts take one search for fifty of them, and one of the rootDSE") {
    Server server;
    server.groups = {sid_bytes(sid("S-1-5-32-544"))};
    std::vector<Address> addresses;
    std::vector<std::vector<std::string>> asked;
    server.before_search = [&](const Search& search) { asked.push_back(search.attributes); };
    for (int i = 0; i < 250; ++i) {
        const std::string host = fmt::format("HV{:03}", i);
        server.add_computer(host, account({list, flags}));
        for (const Setting* row : {&services, &transition}) addresses.push_back({host, row});
    }
    DirectoryRights rights = rights_of(server);
    std::size_t last = 0;
    const Rights told = rights.may_write(addresses, [&](std::size_t done, std::size_t of) {
        CHECK(of == 250);
        last = done;
        return true;
    });
    CHECK(told.size() == addresses.size());
    for (const auto& [address, right] : told) CHECK(right.may == May::by_default);
    CHECK(last == 250);
    CHECK(rights.requests() == 6);
    for (const auto& attributes : asked)  // the long one is asked for alone, but for what tells accounts apart
        CHECK(std::count(attributes.begin(), attributes.end(), list) == 0);
}

TEST_CASE("rights differ from account to account, and what cannot be told is unknown") {
    Server server;
    server.add_computer("HV01", account({list}));
    server.add_computer("HV02", account({flags}));
    server.add_computer("HV03");  // nothing is the caller's to write
    DirectoryRights rights = rights_of(server);
    std::vector<Address> addresses;
    for (const char* host : {"HV01", "HV02", "HV03", "HV04"}) addresses.push_back({host, &services});
    addresses.push_back({"HV01", &setting::migration_enabled});
    const Rights told = rights.may_write(addresses);
    CHECK(told.at({"HV01", &services}).may == May::unknown);
    CHECK(told.at({"HV02", &services}).may == May::no);
    CHECK(told.at({"HV03", &services}).may == May::no);
    CHECK(told.at({"HV04", &services}).may == May::unknown);
    CHECK(has(told.at({"HV04", &services}).words, "no computer account HV04$"));
    CHECK(told.at({"HV01", &setting::migration_enabled}).may == May::unknown);
}

TEST_CASE("rights: nobody is dialled for nothing, and a server that is away makes nothing a no") {
    Server server;
    server.add_computer("HV01", account({}));
    server.add_computer("HV02", account({}));
    DirectoryRights rights = rights_of(server, 2, {{"HV02", 1}});
    CHECK(rights.may_write({}).empty());
    CHECK(server.dials == 0);
    const std::vector<Address> one = {{"HV02", &services}};
    CHECK(rights.may_write(one).at(one[0]).may == May::no);
    CHECK(server.dials == 1);  // its domain's

    Server away;
    away.unreachable = true;
    const Right right = rights_of(away).may_write(one).at(one[0]);
    CHECK(right == Right{May::unknown, "down"});
    server.cut_after = server.requests + 2;  // is asked once more on a new connection
    CHECK(rights.may_write(one).at(one[0]).may == May::no);
    server.spoil = [](Page& page) {
        for (Entry& entry : page.entries)
            for (Attribute& attribute : entry.attributes)
                if (attribute.name == "tokenGroups") attribute.values = {"no SID", ""};
    };
    server.computer("HV02") = account({list});
    server.computer("HV02")["sAMAccountName"] = {"HV02$"};
    CHECK(rights.may_write(one).at(one[0]).may == May::unknown);
}

TEST_CASE("rights: stopped on request, what was not asked is unknown") {
    Server server;
    server.add_computer("HV01", account({}));
    DirectoryRights rights = rights_of(server, 2, {{"HV02", 1}});
    const std::vector<Address> two = {{"HV01", &services}, {"HV02", &services}};
    const Rights told = rights.may_write(two, [](std::size_t, std::size_t) { return false; });
    CHECK(told.at(two[0]).may == May::unknown);
    CHECK(told.at(two[1]).words == "not asked: stopped on request");
}

}  // namespace fairway::ldap::rights_test
