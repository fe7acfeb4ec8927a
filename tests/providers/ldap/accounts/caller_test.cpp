// Whose tickets may be delegated: by the groups of the token, and by the flags of the one account among them.
#include "providers/ldap/accounts/caller.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "providers/ldap/handles.hpp"
#include "tests/providers/ldap/server.hpp"

namespace fairway::ldap::caller_test {

namespace {

const std::string caller = "S-1-5-21-1-2-3-1105";
const std::vector<std::string> usual = {caller, "S-1-5-21-1-2-3-513", "S-1-5-32-545", "S-1-1-0", "S-1-5-11"};

std::string bytes(std::string_view text) { return sid_bytes(parse_sid_text(text).value()); }

// A person of the domain; a group where there are no flags.
void add(Server& server, const std::string& name, std::string_view sid, std::optional<std::uint32_t> flags,
         const std::string& domain = "DC=corp,DC=example") {
    Server::Object object{{"sAMAccountName", {name}}, {"objectSid", {bytes(sid)}}};
    if (flags) object["userAccountControl"] = {std::to_string(*flags)};
    server.add("CN=" + name + "," + domain, std::move(object));
}

void become(Server& server, const std::vector<std::string>& token) {
    server.groups.clear();
    for (const std::string& sid : token) server.groups.push_back(bytes(sid));
}

Domains<ReadWire> domains_of(std::vector<Server*> servers) {
    std::vector<Domain<ReadWire>> out;
    for (Server* server : servers) out.push_back(domain_at<ReadWire>(*server));
    return Domains(std::move(out), {});
}

Held word(std::string_view text) { return Held(Value(std::string(text))); }

Held told(Server& server) {
    Domains<ReadWire> domains = domains_of({&server});
    const Result<Held> out = Callers().delegable(domains, 0);
    REQUIRE_MESSAGE(out, (out ? "" : out.error().text));
    return *out;
}

}  // namespace

TEST_CASE("whether the caller's tickets may be delegated") {
    struct Row {
        const char* what;
        std::vector<std::string> token;
        std::optional<std::uint32_t> flags;
        Held wanted;
    };
    const auto with = [](std::string_view group) {
        std::vector<std::string> out = usual;
        out.emplace_back(group);
        return out;
    };
    const std::vector<Row> rows = {
        {"an ordinary account", usual, 0x200, word("yes")},
        {"marked sensitive", usual, 0x200 | 0x100000, word("not_delegated")},
        {"with the highest bit set as well", usual, 0x80100200, Held()},  // not as a signed integer: no flags at all
        {"in Protected Users", with("S-1-5-21-1-2-3-525"), 0x200, word("protected_users")},
        {"in those of another domain", with("S-1-5-21-7-8-9-525"), 0x200, word("protected_users")},
        {"in what only looks like it", with("S-1-5-32-525"), 0x200, word("yes")},
        {"in a group of that RID's beginning", with("S-1-5-21-1-2-3-525-525"), 0x200, word("yes")},
        {"whose flags are hidden", usual, std::nullopt, Held()},
        {"whose token is not shown", {}, 0x200, Held()},
        {"of no domain", {"S-1-5-18", "S-1-5-32-544"}, 0x200, Held()},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Server server;
        add(server, "operator", caller, row.flags);
        add(server, "somebody", "S-1-5-21-1-2-3-1106", 0x100200);
        add(server, "Domain Users", "S-1-5-21-1-2-3-513", std::nullopt);
        become(server, row.token);
        CHECK(told(server) == row.wanted);
    }
}

TEST_CASE("the caller's old account, which it bears the SID of, makes it nobody in particular") {
    Server server;
    add(server, "operator", caller, 0x200);
    add(server, "old", "S-1-5-21-1-2-3-900", 0x100200);
    become(server, {caller, "S-1-5-21-1-2-3-900"});
    CHECK(told(server) == Held());
}

TEST_CASE("a token of many groups is asked for in parts") {
    Server server;
    std::vector<std::string> token = usual;
    for (int i = 0; i < 120; ++i) token.push_back("S-1-5-21-1-2-3-" + std::to_string(2000 + i));
    token.push_back("S-1-5-21-1-2-3-1107");
    add(server, "late", "S-1-5-21-1-2-3-1107", 0x100200);
    become(server, token);
    std::vector<std::string> filters;
    server.before_search = [&](const Search& search) { filters.push_back(search.filter.text()); };
    CHECK(told(server) == word("not_delegated"));
    CHECK(filters.size() == 1 + 3);
    for (std::size_t i = 1; i < filters.size(); ++i)
        CHECK(filters[i].starts_with("(&(userAccountControl=*)(|(objectSid="));
}

TEST_CASE("an account of another domain is looked for there, and an answer is kept") {
    Server first, second;
    add(second, "operator", caller, 0x100200, "DC=corp,DC=example");
    for (Server* server : {&first, &second}) become(*server, usual);
    Domains<ReadWire> domains = domains_of({&first, &second});
    Callers callers;
    for (int again = 0; again < 3; ++again) CHECK(callers.delegable(domains, 0).value() == word("not_delegated"));
    CHECK(first.requests == 2);
    CHECK(second.requests == 1);
    CHECK(callers.delegable(domains, 1).value() == word("not_delegated"));
    CHECK(first.requests == 2);
    CHECK(second.requests == 3);
}

TEST_CASE("what fails is an error, which is not kept; a lost connection is made again") {
    Server server;
    add(server, "operator", caller, 0x200);
    become(server, usual);
    Domains<ReadWire> domains = domains_of({&server});
    Callers callers;
    server.unreachable = true;
    const Result<Held> down = callers.delegable(domains, 0);
    REQUIRE_FALSE(down);
    CHECK(down.error().code == Code::unreachable);
    server.unreachable = false;
    server.cut_after = server.requests + 2;
    CHECK(callers.delegable(domains, 0).value() == word("yes"));
}

TEST_CASE("a reader tells it at every host, for two requests in its life") {
    Server server;
    add(server, "operator", caller, 0x100200);
    become(server, usual);
    std::vector<Address> addresses;
    for (const char* host : {"HV01", "HV02"}) {
        server.add_computer(host);
        for (const Setting* row : {&setting::account_flags, &setting::caller_delegable})
            addresses.push_back({host, row});
    }
    DirectoryReader reader(domains_of({&server}));
    for (int again = 1; again <= 3; ++again) {
        const Snapshot snapshot = reader.read(addresses);
        for (const char* host : {"HV01", "HV02"})
            CHECK(snapshot.at({host, &setting::caller_delegable}).value() == word("not_delegated"));
        CHECK(reader.requests() == 2u + static_cast<std::size_t>(again));
    }
    const std::vector<Address> flags = {{"HV01", &setting::account_flags}};
    (void)reader.read(flags);
    CHECK(reader.requests() == 6);
}

TEST_CASE("a domain that is away is not dialled a second time for its caller") {
    Server server;
    server.unreachable = true;
    const std::vector<Address> addresses = {{"HV01", &setting::account_flags}, {"HV01", &setting::caller_delegable}};
    const Snapshot snapshot = DirectoryReader(domains_of({&server})).read(addresses);
    for (const Address& address : addresses) CHECK_FALSE(snapshot.at(address));
    CHECK(server.dials == 1);
}

}  // namespace fairway::ldap::caller_test
