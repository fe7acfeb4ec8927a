// The law of recalling: what is told from memory and from what changed since is what a full reading tells, on generated
// histories of a directory; and what it costs where little changed.
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <random>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "providers/ldap/handles.hpp"
#include "providers/ldap/identity/acting.hpp"
#include "providers/ldap/recall/recollection_file.hpp"
#include "tests/providers/ldap/server.hpp"

namespace fairway::ldap::recall_test {

namespace {

const std::string delegation = "msDS-AllowedToDelegateTo";

struct Folder {
    Folder() {
        std::string name = "/tmp/fairway-recall.XXXXXX";
        REQUIRE(::mkdtemp(name.data()));
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string file() const { return path + "/directory-corp.example.seen"; }
    std::string path;
};

struct World {
    Server server;
    std::string invocation = "first";
    std::int64_t now_s = 1'000'000;
    Folder folder;
    std::size_t requests = 0;  // of the last reading

    DirectoryReader reader(std::optional<Recall> recall) {
        Domains<ReadWire> domains({domain_at<ReadWire>(server, {"corp.example", "dc01.corp.example", {}, invocation})});
        return DirectoryReader(std::move(domains), std::move(recall));
    }
    Snapshot full(const std::vector<Address>& asked) { return reader({}).read(asked); }
    Snapshot recalled(const std::vector<Address>& asked) {
        auto from = reader(Recall{folder.path, false, [this] { return now_s; }});
        Snapshot out = from.read(asked);
        requests = from.requests();
        return out;
    }
};

std::string show(const Snapshot& snapshot) {
    std::string out;
    for (const auto& [address, reading] : snapshot.readings) {
        out += fmt::format("{} {}: ", address.object, address.setting->name);
        // Of three accounts with one name, whichever two come first are named.
        if (!reading)
            out += fmt::format("error {} {}\n", name(reading.error().code),
                               reading.error().text.substr(0, reading.error().text.find("two accounts")));
        else if (!*reading) out += "nothing\n";
        else if (const Set* set = as_set(**reading)) out += fmt::format("{}\n", fmt::join(*set, ","));
        else if (const bool* b = std::get_if<bool>(&**reading)) out += fmt::format("{}\n", *b);
        else out += fmt::format("{}\n", std::get<std::string>(**reading));
    }
    return out;
}

using Random = std::mt19937;
std::size_t below(Random& random, std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

std::vector<Address> questions(Random& random) {
    std::vector<Address> out;
    const bool all = below(random, 4) != 0;
    for (int host = 0; host < 6; ++host) {
        if (!all && below(random, 2) == 0) continue;
        for (const Setting* row :
             {&setting::delegation_services, &setting::delegation_unconstrained, &setting::account_dns_name,
              &setting::spn_migration, &setting::delegation_allowed_principals})
            if (all || below(random, 2) == 0) out.push_back({fmt::format("HV{:02}", host), row});
    }
    return out;
}

std::string some(const Server& server, Random& random, bool deleted = false) {
    std::vector<std::string> names;
    for (const auto& [dn, object] : server.objects)
        if (object.contains("isDeleted") == deleted) names.push_back(dn);
    return names.empty() ? "" : names[below(random, names.size())];
}

Sid sid_number(std::size_t number) { return {5, {21, 1, 2, 3, static_cast<std::uint32_t>(number)}}; }

// One thing that may happen to a directory between two audits.
void happen(World& world, Random& random) {
    Server& server = world.server;
    const std::string dn = some(server, random);
    const std::string fresh = fmt::format("HV{:02}", below(random, 7));
    switch (below(random, 14)) {
        case 12:
        case 13: {  // whoever is named may be renamed or deleted later, which the account does not show
            if (dn.empty()) return;
            const Sid sids[] = {sid_number(below(random, 9)), sid_number(below(random, 9))};
            server.objects[dn]["msDS-AllowedToActOnBehalfOfOtherIdentity"] = {
                descriptor_bytes(ldap::fresh(sids)).value()};
            return server.touch(server.objects[dn]);
        }
        case 0:
        case 1:
        case 2:
            if (dn.empty()) return;
            server.objects[dn][delegation] = {fmt::format("cifs/h{}", below(random, 9)), "a/b"};
            return server.touch(server.objects[dn]);
        case 3:
            if (dn.empty()) return;
            server.objects[dn]["userAccountControl"] = {std::to_string(4096 + 0x80000 * below(random, 2))};
            return server.touch(server.objects[dn]);
        case 4:
            if (dn.empty()) return;
            server.objects[dn]["sAMAccountName"] = {fresh + "$"};  // perhaps a second one of that name
            return server.touch(server.objects[dn]);
        case 5:
            if (!dn.empty()) server.remove(dn);
            return;
        case 6:
        case 7:
            return server.add(fmt::format("CN={}-{},DC=corp,DC=example", fresh, server.usn),
                              {{"sAMAccountName", {fresh + "$"}},
                               {"userAccountControl", {"4096"}},
                               {"objectSid", {sid_bytes(sid_number(server.usn % 9))}}});
        case 8:
            if (dn.empty()) return;
            server.objects[dn]["dNSHostName"] = {below(random, 3) == 0 ? std::string("a\tb") : fresh + ".corp.example"};
            return server.touch(server.objects[dn]);
        case 9: world.now_s += static_cast<std::int64_t>(below(random, 100'000)); return;
        case 10:
            server.groups = {fmt::format("S{}", below(random, 2))};
            server.shows_deleted = below(random, 4) != 0;
            server.shows_their_container = server.shows_deleted || below(random, 2) != 0;
            return;
        default:
            if (below(random, 2) == 0) {  // another incarnation: the same objects with other numbers
                world.invocation += "+";
                for (auto& [name, object] : server.objects)
                    object["uSNChanged"] = {std::to_string(below(random, 9) + 1)};
                server.usn = 10;
            } else if (std::filesystem::exists(world.folder.file())) {  // what is remembered loses its end
                const auto size = std::filesystem::file_size(world.folder.file());
                std::filesystem::resize_file(world.folder.file(), below(random, size + 1));
            }
    }
}

std::vector<Address> all_of_one(int hosts) {
    std::vector<Address> out;
    for (int i = 0; i < hosts; ++i) out.push_back({fmt::format("HV{:05}", i), &setting::delegation_services});
    return out;
}

}  // namespace

TEST_CASE("recalled is what a full reading tells, whatever happened") {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        Random random(seed);
        World world;
        for (int host = 0; host < 5; ++host) world.server.add_computer(fmt::format("HV{:02}", host));
        if (seed % 2 == 0) world.server.slice = 1;
        if (seed % 3 == 0) world.server.page_size = 2;
        for (int step = 0; step < 20; ++step) {
            const auto asked = questions(random);
            CAPTURE(seed);
            CAPTURE(step);
            REQUIRE(show(world.recalled(asked)) == show(world.full(asked)));
            for (std::size_t events = below(random, 4); events > 0; --events) happen(world, random);
        }
    }
}

TEST_CASE("an unchanged directory of ten thousand accounts costs three requests") {
    World world;
    const auto asked = all_of_one(10'000);
    for (const Address& address : asked) world.server.add_computer(address.object, {{delegation, {"cifs/x"}}});
    (void)world.recalled(asked);
    CHECK(world.requests == 201);
    const std::string whole = show(world.recalled(asked));
    CHECK(world.requests == 3);
    for (const char* changed : {"HV00007", "HV05000", "HV09999"}) {
        world.server.computer(changed)[delegation] = {"cifs/y"};
        world.server.touch(world.server.computer(changed));
    }
    CHECK(show(world.recalled(asked)) != whole);
    CHECK(world.requests == 3);
    CHECK(show(world.recalled(asked)) == show(world.full(asked)));
}

TEST_CASE("where only the container of deleted objects is shown, a deletion does not go unnoticed") {
    World world;
    world.server.shows_deleted = false;
    const auto asked = all_of_one(3);
    for (const Address& address : asked) world.server.add_computer(address.object, {{delegation, {"cifs/x"}}});
    (void)world.recalled(asked);
    world.server.remove("CN=HV00001,DC=corp,DC=example");
    CHECK(show(world.recalled(asked)) == show(world.full(asked)));
}

TEST_CASE("a deleted account that keeps its long list, as with a recycle bin, costs its slices and no more") {
    World world;
    world.server.slice = 1;
    const auto asked = all_of_one(200);
    for (const Address& address : asked) world.server.add_computer(address.object);
    (void)world.recalled(asked);
    world.server.remove("CN=HV00001,DC=corp,DC=example");
    for (auto& [dn, object] : world.server.objects)
        if (object.contains("isDeleted")) object[delegation] = {"cifs/x", "cifs/y", "cifs/z"};
    CHECK(show(world.recalled(asked)) == show(world.full(asked)));
    CHECK(world.requests == 3 + 2);
}

TEST_CASE("what others may have written is not believed") {
    World world;
    const auto asked = all_of_one(3);
    for (const Address& address : asked) world.server.add_computer(address.object);
    (void)world.recalled(asked);
    std::filesystem::permissions(world.folder.file(), std::filesystem::perms(0666));
    (void)world.recalled(asked);
    CHECK(world.requests == 2);
    std::filesystem::permissions(world.folder.path, std::filesystem::perms(0500));
    CHECK(show(world.recalled(asked)) == show(world.full(asked)));
    std::filesystem::permissions(world.folder.path, std::filesystem::perms(0700));
}

TEST_CASE("a recollection survives its file, and every damage is found") {
    Recollection known{.viewer = "v", .invocation = "i", .usn = 77, .full_s = 5, .settings = {}, .accounts = {}};
    known.settings = {&setting::delegation_services, &setting::delegation_unconstrained, &setting::account_dns_name};
    known.accounts["hv01$"] = {"guid", {Held(Set({"b/c", "a/b"})), Held(true), Held(std::string("x"))}};
    known.accounts["hv02$"] = {"diug", {Held(Set()), Held(false), std::nullopt}};
    known.accounts["hv03$"] = {};
    const std::string bytes = print_recollection(known);
    const auto read = parse_recollection(bytes);
    REQUIRE(read);
    CHECK(read->whole);
    CHECK(read->known.usn == 77);
    CHECK(read->known.accounts.size() == 3);
    CHECK(read->known.accounts.at("hv01$").values == known.accounts.at("hv01$").values);
    CHECK(read->known.accounts.at("hv02$").values == known.accounts.at("hv02$").values);
    CHECK(read->known.accounts.at("hv03$").guid.empty());
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) CHECK_FALSE(parse_recollection(bytes.substr(0, cut)));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string wrong = bytes;
        wrong[at] = static_cast<char>(wrong[at] ^ 0x20);
        CHECK_FALSE(parse_recollection(wrong));
    }
    known.usn = 78;
    known.accounts.erase("hv01$");
    const std::string more = print_changes(known, std::vector<std::string>{"hv01$"});
    CHECK(parse_recollection(bytes + more)->known.usn == 78);
    CHECK(parse_recollection(bytes + more)->known.accounts.size() == 2);
    for (std::size_t cut = 1; cut < more.size(); ++cut) {
        const auto torn = parse_recollection(bytes + more.substr(0, cut));
        REQUIRE(torn);
        CHECK(torn->known.usn == 77);
        CHECK((!torn->whole || torn->known.accounts.size() == 2));
    }
}

}  // namespace fairway::ldap::recall_test
