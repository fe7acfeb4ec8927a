// The two handles over a server in memory: how few requests, what is refused, what somebody else or a cut
// connection does.
#include "providers/ldap/handles.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/delegation_settings.hpp"
#include "tests/providers/ldap/server.hpp"

namespace fairway::ldap::handles_test {

namespace {

const std::string delegation = "msDS-AllowedToDelegateTo";

Root root() {
    Root out;
    out.dns_name = "dc01.corp.example";
    out.default_context = "DC=corp,DC=example";
    out.configuration_context = "CN=Configuration,DC=corp,DC=example";
    return out;
}

template <class Handle, class W>
Handle handle_of(Server& server) {
    return Handle(Domains<W>({domain_at<W>(server, {"corp.example", "dc01.corp.example", root(), "id"})}));
}
DirectoryReader reader_of(Server& server) { return handle_of<DirectoryReader, ReadWire>(server); }
DirectoryWriter writer_of(Server& server) { return handle_of<DirectoryWriter, Wire>(server); }

std::vector<std::string> many(std::string_view prefix, std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(fmt::format("{}{:05}", prefix, i));
    return out;
}

const Address services{"HV01", &setting::delegation_services};
const Address transition{"HV01", &setting::delegation_protocol_transition};

Value set_of(std::vector<std::string> elements) { return Set(std::move(elements)); }

Code code_of(const Reading& reading) {
    REQUIRE_FALSE(reading);
    return reading.error().code;
}

}  // namespace

TEST_CASE("many hosts are read with few requests, and every address is answered") {
    Server server;
    std::vector<Address> addresses;
    for (const std::string& host : many("HV", 1000)) {
        server.add_computer(host, {{delegation, {"cifs/x"}}, {"servicePrincipalName", {"HOST/x"}}});
        for (const Setting* setting : catalogue())
            if (!setting->worked_out) addresses.push_back({host, setting});
    }
    std::size_t steps = 0, last = 0;
    DirectoryReader reader = reader_of(server);
    const Snapshot snapshot = reader.read(addresses, [&](std::size_t done, std::size_t of) {
        ++steps;
        last = done;
        CHECK(of == 1000);
        return true;
    });
    CHECK(reader.requests() == 21);  // one of them about the caller, whose token has no groups here
    CHECK(steps == 20);
    CHECK(last == 1000);
    CHECK(snapshot.readings.size() == addresses.size());
    CHECK(snapshot.sources == std::vector<std::string>{"dc01.corp.example"});
    for (const Address& address : addresses) {
        const Reading& reading = snapshot.at(address);
        if (address.kind() == Kind::computer) CHECK(reading);
        else CHECK(code_of(reading) == Code::unsupported);
    }
    CHECK(snapshot.at({"HV00042", &setting::delegation_services}).value() == set_of({"cifs/x"}));
}

TEST_CASE("only what was asked for is asked of the server") {
    Server server;
    server.add_computer("HV01");
    std::vector<std::string> seen;
    server.before_search = [&](const Search& search) { seen = search.attributes; };
    DirectoryReader reader = reader_of(server);
    const std::vector<Address> asked = {transition, {"HV01", &setting::account_flags}};
    (void)reader.read(asked);
    CHECK(seen == std::vector<std::string>{"userAccountControl", "sAMAccountName", "uSNChanged"});
}

TEST_CASE("pages are put together") {
    Server server;
    server.page_size = 7;
    std::vector<Address> addresses;
    for (const std::string& host : many("HV", 100)) {
        server.add_computer(host);
        addresses.push_back({host, &setting::account_flags});
    }
    DirectoryReader reader = reader_of(server);
    const Snapshot snapshot = reader.read(addresses);
    for (const Address& address : addresses) CHECK(snapshot.at(address));
    CHECK(reader.requests() == 2 + 16);  // eight pages for each fifty
}

TEST_CASE("slices are put together") {
    Server server;
    const auto values = many("cifs/host", 3100);
    server.add_computer("HV01", {{delegation, values}});
    DirectoryReader reader = reader_of(server);
    const Snapshot snapshot = reader.read(std::vector{services});
    CHECK(snapshot.at(services).value() == set_of(values));
    CHECK(reader.requests() == 3);
}

TEST_CASE("an account that changes between slices is read again, and given up after three times") {
    Server server;
    server.add_computer("HV01", {{delegation, many("cifs/host", 2000)}});
    int changes = 1;
    server.before_search = [&](const Search& search) {
        if (search.scope == Scope::subtree || search.attributes[0].find(';') == std::string::npos || changes-- <= 0)
            return;
        server.computer("HV01")[delegation].erase(server.computer("HV01")[delegation].begin());
        server.computer("HV01")["uSNChanged"] = {std::to_string(++server.usn)};
    };
    DirectoryReader reader = reader_of(server);
    const Snapshot snapshot = reader.read(std::vector{services});
    REQUIRE(snapshot.at(services));
    CHECK(as_set(**snapshot.at(services))->size() == 1999);
    CHECK(as_set(**snapshot.at(services))->contains("cifs/host00001"));
    changes = 1000;
    CHECK(code_of(reader.read(std::vector{services}).at(services)) == Code::stale);
}

TEST_CASE("a missing and a doubled account are errors of their own addresses only") {
    Server server;
    server.add_computer("HV01");
    server.add_computer("HV02");
    server.add("CN=HV02-2,DC=corp,DC=example", {{"sAMAccountName", {"hv02$"}}});
    DirectoryReader reader = reader_of(server);
    const Address flags1{"HV01", &setting::account_flags}, flags2{"hv02", &setting::account_flags},
        flags3{"HV03", &setting::account_flags};
    const Snapshot snapshot = reader.read(std::vector{flags1, flags2, flags3});
    CHECK(snapshot.at(flags1));
    CHECK(code_of(snapshot.at(flags2)) == Code::bad_input);
    CHECK(code_of(snapshot.at(flags3)) == Code::not_found);
    CHECK(snapshot.at(flags3).error().text.find("HV03$") != std::string::npos);
}

TEST_CASE("hostile answers are errors") {
    struct Case {
        const char* what;
        std::function<void(Page&)> spoil;
    };
    const auto rename = [](const char* name) {
        return [name](Page& page) {
            for (Entry& entry : page.entries) entry.attributes[0].name = name;
        };
    };
    const std::vector<Case> cases = {
        {"a slice that starts late", rename("msDS-AllowedToDelegateTo;range=5-5")},
        {"a slice with a wrong count", rename("msDS-AllowedToDelegateTo;range=0-5")},
        {"a slice of nonsense", rename("msDS-AllowedToDelegateTo;range=0-x")},
        {"a slice without an end", rename("msDS-AllowedToDelegateTo;range=0-0")},
        {"pages without an end", [](Page& page) { page.cookie = "0"; }},
        {"pages of 9 MiB without an end",
         [](Page& page) {
             page.cookie = "0";
             page.entries[0].attributes.push_back({"description", {std::string(9u << 20, 'x')}});
         }},
        {"NUL in a value", [](Page& page) { page.entries[0].attributes[0].values[0] += '\0'; }},
        {"an empty value", [](Page& page) { page.entries[0].attributes[0].values[0].clear(); }},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Server server;
        server.add_computer("HV01", {{delegation, {"a/b"}}});
        server.spoil = c.spoil;
        DirectoryReader reader = reader_of(server);
        CHECK(code_of(reader.read(std::vector{services}).at(services)) == Code::protocol);
        if (std::string_view(c.what).starts_with("pages of")) CHECK(server.requests < 20);
    }
}

TEST_CASE("the slices of one list are bounded in bytes altogether") {
    Server server;
    std::vector<std::string> values;
    for (char c = 'a'; c < 'j'; ++c) values.emplace_back(9u << 20, c);
    server.add_computer("HV01", {{delegation, values}});
    server.slice = 1;
    DirectoryReader reader = reader_of(server);
    const Snapshot snapshot = reader.read(std::vector{services});
    REQUIRE_FALSE(snapshot.at(services).has_value());
    CHECK_MESSAGE(snapshot.at(services).error().text.find("64 MiB of values") != std::string::npos,
                  snapshot.at(services).error().text);
    CHECK(server.requests < 12);
}

TEST_CASE("a read survives a lost connection, and a dead server is not waited for") {
    Server server;
    std::vector<Address> addresses;
    for (const std::string& host : many("HV", 250)) {
        server.add_computer(host);
        addresses.push_back({host, &setting::account_flags});
    }
    DirectoryReader reader = reader_of(server);
    server.cut_after = 2;
    Snapshot snapshot = reader.read(addresses);
    for (const Address& address : addresses) CHECK(snapshot.at(address));
    CHECK(server.dials == 2);

    server.cut_after = server.requests + 1;
    server.unreachable = true;
    snapshot = reader.read(addresses);
    for (const Address& address : addresses) CHECK(code_of(snapshot.at(address)) == Code::unreachable);
    CHECK(server.dials == 3);
}

TEST_CASE("a write takes two requests and touches nothing that it does not name") {
    Server server;
    server.add_computer("HV01", {{delegation, {"cifs/HV03", "MSSQLSvc/sql01"}}});
    DirectoryWriter writer = writer_of(server);
    CHECK(writer.write(services, set_of({"CIFS/hv03"}), set_of({"cifs/HV02"})));
    CHECK(server.computer("HV01")[delegation] == std::vector<std::string>{"MSSQLSvc/sql01", "cifs/HV02"});
    CHECK(writer.write(transition, false, true));
    CHECK(server.computer("HV01")["userAccountControl"] == std::vector<std::string>{"16781312"});
    CHECK(writer.requests() == 4);
}

TEST_CASE("somebody else is never overwritten") {
    struct Case {
        const char* what;
        std::function<void(Server::Object&)> third_hand;
        Address address;
        Value before, after;
    };
    const std::vector<Case> cases = {
        {"the value came", [](auto& o) { o[delegation].push_back("a/b"); }, services, set_of({"x/y"}),
         set_of({"x/y", "a/b"})},
        {"the value went", [](auto& o) { o[delegation].clear(); }, services, set_of({"x/y"}), set_of({})},
        {"another bit", [](auto& o) { o["userAccountControl"] = {"4098"}; }, transition, false, true},
        {"the same bit", [](auto& o) { o["userAccountControl"] = {"16781312"}; }, transition, false, true},
    };
    for (const Case& c : cases) {
        for (const bool late : {false, true}) {
            CAPTURE(c.what);
            CAPTURE(late);
            Server server;
            server.add_computer("HV01", {{delegation, {"x/y"}}});
            const auto strike = [&] { c.third_hand(server.computer("HV01")); };
            // Another bit that was there in time is no conflict: it is kept.
            if (!late && std::string_view(c.what) == "another bit") continue;
            if (late) server.before_modify = strike;
            else strike();
            Server::Object struck = server.computer("HV01");
            if (late) c.third_hand(struck);
            DirectoryWriter writer = writer_of(server);
            const auto written = writer.write(c.address, c.before, c.after);
            REQUIRE_FALSE(written);
            CHECK(written.error().code == Code::stale);
            CHECK(server.computer("HV01") == struck);
        }
    }
}

TEST_CASE("a modify whose answer is lost is an error, is not repeated, and the next one finds its way") {
    for (const bool effect : {false, true}) {
        Server server;
        server.add_computer("HV01");
        DirectoryWriter writer = writer_of(server);
        server.cut_after = 2;
        server.cut_takes_effect = effect;
        const auto written = writer.write(services, set_of({}), set_of({"a/b"}));
        REQUIRE_FALSE(written);
        CHECK(written.error().code == Code::unreachable);
        CHECK(server.computer("HV01")[delegation].size() == (effect ? 1 : 0));
        CHECK(writer.write(transition, false, true));
        CHECK(server.dials == 2);
    }
}

TEST_CASE("a server of another domain, a fresh one, and a permissive forest are not used") {
    Directory directory;
    directory.domain = "corp.example";
    CHECK(check_root(root(), directory));
    Root other = root();
    other.default_context = "DC=other,DC=example";
    CHECK(check_root(other, directory).error().code == Code::bad_input);
    Root fresh = root();
    fresh.synchronized = false;
    CHECK(check_root(fresh, directory).error().code == Code::unreachable);
    Root old = root();
    for (const std::int64_t level : {2, 4, 10}) {
        old.domain_level = level;
        CHECK(check_root(old, directory));
    }
    old.domain_level = 1;
    CHECK(check_root(old, directory).error().text.find("below Windows Server 2003") != std::string::npos);

    CHECK(check_own_name(root(), directory, "DC01.corp.example"));
    Root alias = root();
    for (const char* name : {"dc02.corp.example", "dc01", ""}) {
        alias.dns_name = name;
        const auto refused = check_own_name(alias, directory, "dc01.corp.example");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Code::bad_input);
    }
    directory.bind = Bind::simple;  // whoever has the certificate may be called so
    CHECK(check_own_name(alias, directory, "dc01.corp.example"));

    for (const char* fine : {"", "0", "0000", "00000", "00000100010000000002"}) CHECK(check_heuristics(fine));
    for (const char* wrong : {"00001", "0000100001", "0000x"})
        CHECK(check_heuristics(wrong).error().code == Code::refused);
}

TEST_CASE("the rootDSE and the heuristics are found") {
    Server server;
    server.add("", {{"dnsHostName", {"dc01.corp.example"}},
                    {"defaultNamingContext", {"DC=corp,DC=example"}},
                    {"configurationNamingContext", {"CN=Configuration,DC=corp,DC=example"}},
                    {"isSynchronized", {"FALSE"}},
                    {"currentTime", {"20261122154547.0Z"}},
                    {"domainFunctionality", {"4"}},
                    {"domainControllerFunctionality", {"many"}},
                    {"supportedSASLMechanisms", {"GSSAPI", "GSS-SPNEGO"}}});
    ServerWire wire(server);
    const Result<Root> found = read_root(wire);
    REQUIRE(found);
    CHECK(found->dns_name == "dc01.corp.example");
    CHECK_FALSE(found->synchronized);
    CHECK(found->mechanisms.size() == 2);
    CHECK(found->time_s == 1795362347);
    CHECK(found->domain_level == 4);
    CHECK_FALSE(found->server_level);
    CHECK_FALSE(read_heuristics(wire, found->configuration_context));
    const std::string object = "CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,DC=corp,DC=example";
    server.add(object, {});
    CHECK(read_heuristics(wire, found->configuration_context).value().empty());
    server.objects[object]["dSHeuristics"] = {"00001"};
    CHECK(modifies_permissively(read_heuristics(wire, found->configuration_context).value()));
}

TEST_CASE("the server's clock is read strictly") {
    CHECK(parse_time_s("19700101000000Z") == 0);
    CHECK(parse_time_s("19700102000001.0Z") == 86401);
    for (const char* wrong :
         {"", "20261122154547", "2026112215454.0Z", "20261322154547.0Z", "20260230154547.0Z", "20261122244547.0Z",
          "2026112215454x.0Z", "20261122154547,0Z", "-0261122154547.0Z", "20261122154547.00000000000000000Z"})
        CHECK_FALSE(parse_time_s(wrong));
}

}  // namespace fairway::ldap::handles_test
