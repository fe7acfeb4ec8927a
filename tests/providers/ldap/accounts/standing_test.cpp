// Is an account found by every name that people give it, and is what stands in the way of its tickets seen?
#include "providers/ldap/accounts/standing.hpp"

#include <doctest/doctest.h>

#include "tests/providers/ldap/server.hpp"

namespace fairway::ldap::standing_test {

namespace {

constexpr std::int64_t now = 1795946400;  // 2026-11-29T10:00:00Z
const std::string in_protected_users = "S-1-5-21-1-2-3-525", usual_group = "S-1-5-21-1-2-3-513";

std::string bytes(std::string_view text) { return sid_bytes(parse_sid_text(text).value()); }

Server::Object person(const std::string& name, const std::string& flags = "512") {
    return {{"sAMAccountName", {name}}, {"userAccountControl", {flags}}, {"tokenGroups", {bytes(usual_group)}}};
}

Result<AccountSeen> find(std::vector<Server*> servers, const std::string& called) {
    std::vector<Domain<ReadWire>> all;
    const std::vector<Controller> controllers = {{"corp.example", "dc01", {}, "1"}, {"other.example", "dc02", {}, "2"}};
    for (Server* server : servers) {
        Controller controller = controllers.at(all.size());
        controller.root.configuration_context = "CN=Configuration,DC=corp,DC=example";
        all.push_back(domain_at<ReadWire>(*server, std::move(controller)));
    }
    Domains<ReadWire> domains(std::move(all));
    return find_account(domains, called, now);
}

AccountSeen seen(Server& server, const std::string& called) {
    const auto out = find({&server}, called);
    REQUIRE_MESSAGE(out.has_value(), (out ? "" : out.error().text));
    return *out;
}

}  // namespace

TEST_CASE("standing: an account is found by each of its names") {
    Server server;
    server.add("CN=Anna,DC=corp,DC=example", [] {
        auto out = person("anna");
        out["userPrincipalName"] = {"anna.berg@mail.example"};
        return out;
    }());
    server.add("CN=CORP,CN=Partitions,CN=Configuration,DC=corp,DC=example", {{"nETBIOSName", {"CORP"}}});
    for (const char* called : {"anna", "ANNA", "CORP\\anna", "corp\\Anna", "corp.example\\anna", "anna@corp.example",
                               "anna.berg@mail.example"}) {
        CAPTURE(called);
        const AccountSeen account = seen(server, called);
        CHECK(account.name == "anna");
        CHECK(account.dn == "CN=Anna,DC=corp,DC=example");
        CHECK_FALSE((account.disabled || account.locked || account.expired || account.password_expired));
        CHECK_FALSE((account.not_delegated || account.protected_users));
    }
    for (const char* called : {"berta", "OTHER\\anna", "anna@other.example", "*", "an*"}) {
        CAPTURE(called);
        const auto none = find({&server}, called);
        REQUIRE_FALSE(none.has_value());
        CHECK(none.error().code == Code::not_found);
    }
    for (const std::string& called : {std::string(), std::string("CORP\\"), std::string("@x"), std::string(600, 'a')})
        CHECK(find({&server}, called).error().code == Code::bad_input);
}

TEST_CASE("standing: what stands in the way of tickets, each alone") {
    struct Row {
        const char *attribute, *value;
        bool AccountSeen::*wanted;
    };
    const std::string protect = bytes(in_protected_users);
    const std::vector<Row> rows = {
        {"userAccountControl", "514", &AccountSeen::disabled},
        {"userAccountControl", "1049088", &AccountSeen::not_delegated},
        {"msDS-User-Account-Control-Computed", "16", &AccountSeen::locked},
        {"msDS-User-Account-Control-Computed", "8388608", &AccountSeen::password_expired},
        {"accountExpires", "134404200000000000", &AccountSeen::expired},  // 2026-11-29T10:00:00Z
        {"accountExpires", "134404200010000000", nullptr},                // a second later
        {"accountExpires", "9223372036854775807", nullptr},
        {"accountExpires", "0", nullptr},
        {"accountExpires", "soon", nullptr},
        {"tokenGroups", protect.c_str(), &AccountSeen::protected_users},
    };
    for (const Row& row : rows) {
        CAPTURE(row.attribute);
        CAPTURE(row.value);
        Server server;
        auto object = person("anna");
        object[row.attribute] = {row.attribute == std::string("tokenGroups") ? protect : std::string(row.value)};
        server.add("CN=Anna,DC=corp,DC=example", std::move(object));
        const AccountSeen account = seen(server, "anna");
        for (const auto part :
             {&AccountSeen::disabled, &AccountSeen::locked, &AccountSeen::expired, &AccountSeen::not_delegated,
              &AccountSeen::protected_users, &AccountSeen::password_expired})
            CHECK(account.*part == (row.wanted == part));
    }
}

TEST_CASE("standing: what is hidden is no answer, and two accounts of one name are not one") {
    Server hidden;
    hidden.add("CN=Anna,DC=corp,DC=example", {{"sAMAccountName", {"anna"}}, {"userAccountControl", {"512"}}});
    CHECK(find({&hidden}, "anna").error().text == "the groups of anna are hidden from us");
    Server flagless;
    flagless.add("CN=Anna,DC=corp,DC=example", {{"sAMAccountName", {"anna"}}, {"tokenGroups", {bytes(usual_group)}}});
    CHECK(find({&flagless}, "anna").error().code == Code::denied);
    Server here, there;
    here.add("CN=Anna,DC=corp,DC=example", person("anna"));
    there.add("CN=Anna,OU=B,DC=corp,DC=example", person("anna", "514"));
    const auto two = find({&here, &there}, "anna");
    REQUIRE_FALSE(two.has_value());
    CHECK(two.error().code == Code::bad_input);
    CHECK(find({&here, &there}, "other.example\\anna")->disabled);
    there.unreachable = true;
    CHECK(find({&here, &there}, "anna").error().code == Code::unreachable);
}

}  // namespace fairway::ldap::standing_test
