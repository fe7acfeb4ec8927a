// Many changes at once over a server in memory: how few requests, and that each is answered for itself.
#include "providers/ldap/handles.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/model/delegation_settings.hpp"
#include "tests/providers/ldap/server.hpp"

namespace fairway::ldap::handles_many_test {

namespace {

const std::string delegation = "msDS-AllowedToDelegateTo";

DirectoryWriter writer_of(Server& server) {
    Root root;
    root.dns_name = "dc01.corp.example";
    root.default_context = "DC=corp,DC=example";
    return DirectoryWriter(Domains<Wire>({domain_at<Wire>(server, {"corp.example", "dc01.corp.example", root, "id"})}));
}

std::vector<std::string> many(std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(fmt::format("HV{:05}", i));
    return out;
}

Value set_of(std::vector<std::string> elements) { return Set(std::move(elements)); }

// What came of writes of `cifs/new` to each of these hosts.
std::vector<std::string> written_at_once(DirectoryWriter& writer, const std::vector<std::string>& hosts,
                                         const MayBegin& may_begin) {
    std::vector<Address> addresses;
    for (const std::string& host : hosts) addresses.push_back({host, &setting::delegation_services});
    const Value before = set_of({}), after = set_of({"cifs/new"});
    std::vector<Write> writes;
    for (const Address& address : addresses) writes.push_back({address, before, after});
    std::vector<std::string> out(hosts.size());
    writer.write_all(writes, may_begin, [&](std::size_t i, std::optional<Result<void>> answer) {
        CHECK(out[i].empty());  // answered once
        out[i] = !answer ? "not begun" : *answer ? "done" : std::string(name(answer->error().code));
    });
    return out;
}

}  // namespace

TEST_CASE("many changes cost one search for fifty accounts and a modify each, several of them under way at once") {
    Server server;
    const std::vector<std::string> hosts = many(120);
    for (const std::string& host : hosts) server.add_computer(host);
    DirectoryWriter writer = writer_of(server);
    CHECK(written_at_once(writer, hosts, [] { return true; }) == std::vector<std::string>(120, "done"));
    CHECK(writer.requests() == 120 + 3);
    CHECK(server.most_modifies == 16);
    for (const std::string& host : hosts)
        CHECK(server.computer(host)[delegation] == std::vector<std::string>{"cifs/new"});
}

TEST_CASE("of many changes each is answered for itself, and none begins once it may not") {
    Server server;
    for (const char* host : {"HV01", "HV02", "HV03"}) server.add_computer(host);
    server.computer("HV02")[delegation] = {"cifs/new"};
    DirectoryWriter writer = writer_of(server);
    CHECK(written_at_once(writer, {"HV01", "HV02", "HV09", "HV03"}, [] { return true; }) ==
          std::vector<std::string>{"done", "stale", "not_found", "done"});
    Server fresh;
    for (const char* host : {"HV01", "HV02", "HV03"}) fresh.add_computer(host);
    DirectoryWriter careful = writer_of(fresh);
    std::size_t begun = 0;
    CHECK(written_at_once(careful, {"HV01", "HV02", "HV03"}, [&] { return begun++ < 2; }) ==
          std::vector<std::string>{"done", "done", "not begun"});
    CHECK(fresh.computer("HV03")[delegation].empty());
}

TEST_CASE("with the connection go the answers of all that is under way, and nothing is sent twice") {
    Server server;
    const std::vector<std::string> hosts = many(5);
    for (const std::string& host : hosts) server.add_computer(host);
    DirectoryWriter writer = writer_of(server);
    server.cut_after = 4;  // the search, two modifies, and the third has no answer
    server.cut_takes_effect = true;
    const auto came = written_at_once(writer, hosts, [] { return true; });
    CHECK(std::count(came.begin(), came.end(), "unreachable") >= 1);
    for (const std::string& host : hosts) CHECK(server.computer(host)[delegation].size() <= 1);
    for (std::size_t i = 0; i < hosts.size(); ++i)
        if (came[i] == "done") CHECK(server.computer(hosts[i])[delegation].size() == 1);
}

}  // namespace fairway::ldap::handles_many_test
