// Resource-based delegation end to end over a server in memory: names are shown and written, the rest of a descriptor
// stays, and what is not plain is refused.
#include "providers/ldap/identity/admission.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/model/delegation_settings.hpp"
#include "providers/ldap/handles.hpp"
#include "providers/ldap/identity/acting.hpp"
#include "tests/providers/ldap/descriptors.hpp"
#include "tests/providers/ldap/server.hpp"

namespace fairway::ldap::admission_test {

using sample::ace_bytes;
using sample::sid;

namespace {

const std::string attribute = "msDS-AllowedToActOnBehalfOfOtherIdentity";

std::string descriptor(std::vector<std::string> entries) {
    sample::Draft draft;
    draft.entries = std::move(entries);
    return draft.bytes();
}
std::string plain(std::uint32_t rid) { return ace_bytes(0, 0, 0xF01FF, sid(rid)); }

template <class Handle, class W>
Handle handle_of(std::vector<Server*> servers) {
    std::vector<Domain<W>> domains;
    for (Server* server : servers) {
        const std::string name = domains.empty() ? "corp.example" : "other.example";
        domains.push_back(domain_at<W>(*server, {name, "dc." + name, {}, "id"}));
    }
    return Handle(Domains(std::move(domains)));
}
DirectoryReader reader_of(Server& server) { return handle_of<DirectoryReader, ReadWire>({&server}); }
DirectoryWriter writer_of(Server& server) { return handle_of<DirectoryWriter, Wire>({&server}); }

Address principals(const std::string& host) { return {host, &setting::delegation_allowed_principals}; }
Value set_of(std::vector<std::string> elements) { return Set(std::move(elements)); }

void add(Server& server, const std::string& name, std::uint32_t rid, const std::string& value = {}) {
    Server::Object object{{"objectSid", {sid_bytes(sid(rid))}}};
    if (!value.empty()) object[attribute] = {value};
    server.add_computer(name, std::move(object));
}

Server three_hosts(const std::string& value = {}) {
    Server server;
    add(server, "HV01", 1102, value);
    add(server, "HV02", 1103);
    add(server, "HV03", 1104);
    server.add("CN=hosts,DC=corp,DC=example",
               {{"sAMAccountName", {"HV-Hosts"}}, {"objectSid", {sid_bytes(sid(1200))}}});
    return server;
}

}  // namespace

TEST_CASE("SIDs are shown as names, and the same for every host at once") {
    Server server = three_hosts(descriptor({plain(1104), plain(1200), plain(1999)}));
    server.add("CN=odd,DC=corp,DC=example",
               {{"sAMAccountName", {"S-1-5-32-544"}}, {"objectSid", {sid_bytes(sid(1201))}}});
    server.computer("HV02")[attribute] = {descriptor({plain(1201), plain(1102)})};
    std::vector<Address> asked = {principals("HV01"), principals("HV02"), principals("HV03")};
    for (std::uint32_t i = 0; i < 300; ++i) {
        add(server, fmt::format("X{}", i), 5000 + i, descriptor({plain(5000 + (i + 1) % 300)}));
        asked.push_back(principals(fmt::format("X{}", i)));
    }
    DirectoryReader reader = reader_of(server);
    const Snapshot snapshot = reader.read(asked);
    CHECK(snapshot.at(principals("HV01")).value() == set_of({"HV-Hosts", "HV03$", show_sid(sid(1999))}));
    // An account that calls itself a SID is not believed.
    CHECK(snapshot.at(principals("HV02")).value() == set_of({"HV01$", show_sid(sid(1201))}));
    CHECK(snapshot.at(principals("HV03")).value() == set_of({}));
    CHECK(snapshot.at(principals("X7")).value() == set_of({"X8$"}));
    CHECK(reader.requests() == 7 + 7);  // 303 accounts, 305 SIDs
    (void)reader.read(asked);
    CHECK(reader.requests() == 21);  // the names are known
}

TEST_CASE("what one list of accounts cannot tell is an error that says what stands there") {
    struct Row {
        std::string value;
        Code code;
        const char* says;
    };
    sample::Draft open;
    std::string null_list = descriptor({});
    null_list[2] = 0;  // Control without DACL present
    const Row rows[] = {
        {null_list, Code::protocol, ""},
        {descriptor({plain(1103), ace_bytes(1, 0, 0x100, sid(1104))}), Code::unsupported, "denies S-1-5-21"},
        {descriptor({ace_bytes(0, 0, 0x10000000, sid(1104))}), Code::unsupported, "has 1 entries"},
        {"no descriptor", Code::protocol, attribute.c_str()},
    };
    for (const Row& row : rows) {
        Server server = three_hosts(row.value);
        const Server::Object before = server.computer("HV01");
        const Reading reading = reader_of(server).read(std::vector{principals("HV01")}).at(principals("HV01"));
        REQUIRE_FALSE(reading);
        CHECK_MESSAGE(reading.error().text.find(row.says) != std::string::npos, reading.error().text);
        CHECK_FALSE(writer_of(server).write(principals("HV01"), set_of({}), set_of({"HV02$"})));
        CHECK(server.computer("HV01") == before);
    }
    Descriptor everybody;
    everybody.control = control_self_relative;
    const auto bytes = descriptor_bytes(everybody);
    REQUIRE(bytes);
    CHECK(admitted(std::vector{*bytes}).error().text.find("everybody may act") != std::string::npos);
}

TEST_CASE("a write swaps the whole value, keeps what is not ours, and its undoing gives the bytes back") {
    const std::string kept_entry = ace_bytes(0, 0, 0xF00FF, sid(1300));  // a right that is not asked for
    for (const std::string& value : {std::string(), descriptor({plain(1200), kept_entry, plain(1104)})}) {
        Server server = three_hosts(value);
        const auto first = server.computer("HV01")[attribute];
        const Set had = value.empty() ? Set() : Set({"HV-Hosts", "HV03$"});
        const Set has = unite(Key::whole, had, Set({"hv02$"}));
        DirectoryWriter writer = writer_of(server);
        REQUIRE(writer.write(principals("HV01"), had, has));
        CHECK(writer.requests() == 3);
        const auto read = reader_of(server).read(std::vector{principals("HV01")});
        CHECK(read.at(principals("HV01")).value() == Value(unite(Key::whole, had, Set({"HV02$"}))));
        if (!value.empty()) {
            const auto now = parse_descriptor(server.computer("HV01")[attribute][0]);
            CHECK(now->dacl->entries[1].bytes == kept_entry);
            CHECK(now->dacl->entries.size() == 4);
        } else {
            CHECK(server.computer("HV01")[attribute][0] == descriptor_bytes(fresh(std::vector{sid(1103)})).value());
        }
        REQUIRE(writer.write(principals("HV01"), has, had));
        CHECK(server.computer("HV01")[attribute] == first);
    }
}

TEST_CASE("somebody else at the descriptor is never overwritten") {
    for (const bool late : {false, true}) {
        Server server = three_hosts(descriptor({plain(1104)}));
        const auto strike = [&] { server.computer("HV01")[attribute] = {descriptor({plain(1103)})}; };
        if (late) server.before_modify = strike;
        else strike();
        const auto written = writer_of(server).write(principals("HV01"), set_of({"HV03$"}), set_of({"HV03$", "HV02$"}));
        REQUIRE_FALSE(written);
        CHECK(written.error().code == Code::stale);
        CHECK(server.computer("HV01")[attribute] == std::vector{descriptor({plain(1103)})});
    }
    Server server = three_hosts();
    CHECK(writer_of(server).write(principals("HV01"), set_of({}), set_of({"NOBODY$"})).error().code == Code::not_found);
    CHECK(writer_of(server).write(principals("HV01"), set_of({"NOBODY$"}), set_of({})).error().code == Code::stale);
    CHECK(writer_of(server).write(principals("HV01"), set_of({"HV02$"}), set_of({})).error().code == Code::stale);
}

TEST_CASE("an account of another domain is shown and written with its domain") {
    Server home = three_hosts(), other;
    other.add_computer("HV09", {{"objectSid", {sid_bytes(Sid{5, {21, 9, 9, 9, 1105}})}}});
    auto writer = handle_of<DirectoryWriter, Wire>({&home, &other});
    REQUIRE(writer.write(principals("HV01"), set_of({}), set_of({"HV09$@other.example", "HV02$"})));
    auto reader = handle_of<DirectoryReader, ReadWire>({&home, &other});
    CHECK(reader.read(std::vector{principals("HV01")}).at(principals("HV01")).value() ==
          set_of({"HV02$", "HV09$@other.example"}));
    CHECK(writer.write(principals("HV01"), set_of({}), set_of({"X$@nowhere.example"})).error().code == Code::bad_input);
}

}  // namespace fairway::ldap::admission_test
