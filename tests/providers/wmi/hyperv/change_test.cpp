// Networks take several requests: is their order the safe one, and is it left off when it must be?
#include <doctest/doctest.h>

#include "engine/model/migration_settings.hpp"
#include "tests/providers/wmi/fake_host.hpp"

namespace fairway::wmi::change_test {

TEST_CASE("writer: networks are added, seen, and only then others removed") {
    World world;
    FakeHost& host = world.hosts["HV01"];
    const std::string any4 = network("A4", "0.0.0.0", "0", "UserManagedAllNetworks");
    const std::string any6 = network("A6", "::0", "0", "UserManagedAllNetworks");
    const std::string cluster = network("C", "10.7.0.0", "16", "Cluster");
    const std::string fresh = network("N", "10.1.0.0", "16", "UserManaged");
    host.classes[network_class] = {{any4, any6, cluster}, {any4, any6, cluster}, {any4, any6, cluster, fresh}};
    for (const char* method : {"AddNetworkSettings", "RemoveNetworkSettings"}) host.methods[method] = {output("0")};
    CHECK(world.write(setting::migration_networks, Set({"any"}), Set({"10.1.0.0/16"})).has_value());
    const std::string look = "enumerate " + network_class;
    CHECK(host.log ==
          Strings{look, "enumerate " + service_class, "AddNetworkSettings", look, look, "RemoveNetworkSettings"});
    CHECK(host.sent[1].find("<w:Selector Name=\"InstanceID\">A4<") != std::string::npos);
    CHECK(host.sent[1].find("<w:Selector Name=\"InstanceID\">A6<") != std::string::npos);
    CHECK(host.sent[1].find(">C<") == std::string::npos);
    CHECK(host.sent[1].find("<m:NetworkSettings><a:Address>") != std::string::npos);
}

TEST_CASE("writer: nothing is removed when what was added does not show") {
    World world;
    FakeHost& host = world.hosts["HV01"];
    host.classes[network_class] = {{network("U", "10.1.0.0", "16", "UserManaged")}};
    host.methods["AddNetworkSettings"] = {output("0")};
    const auto done = world.write(setting::migration_networks, Set({"10.1.0.0/16"}), Set({"10.2.0.0/16"}));
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == Code::unreachable);  // the host said yes, so nobody refused it
    CHECK(std::count(host.log.begin(), host.log.end(), "RemoveNetworkSettings") == 0);
}

TEST_CASE("writer: any network is one call; where that is refused two, of which one may be") {
    const std::string no = output("32773"), yes = output("0"), silence = "<x/>";
    const struct {
        Strings answers;
        std::size_t calls;
        bool good;
    } rows[] = {{{yes}, 1, true},         {{no, yes, no}, 3, true}, {{no, no, yes}, 3, true},
                {{no, no, no}, 3, false}, {{silence}, 1, false},    {{no, silence, yes}, 2, false}};
    for (const auto& row : rows) {
        World world;
        FakeHost& host = world.hosts["HV01"];
        host.classes[network_class] = {{}, {}, {network("A4", "0.0.0.0", "0", "UserManagedAllNetworks")}};
        host.methods["AddNetworkSettings"] = row.answers;
        CHECK(world.write(setting::migration_networks, Set{}, Set({"any"})).has_value() == row.good);
        REQUIRE(host.sent.size() == row.calls);
        CHECK(host.sent[0].find("0.0.0.0") != std::string::npos);
        CHECK(host.sent[0].find("&gt;::&lt;") != std::string::npos);
        if (row.calls == 3) CHECK(host.sent[1].find("&gt;::&lt;") == std::string::npos);
        if (row.calls == 3) CHECK(host.sent[2].find("&gt;::&lt;") != std::string::npos);
    }
}

TEST_CASE("writer: several subnets are one call; where that is refused one each, and none that came after all") {
    const std::string no = output("32773"), yes = output("0"), silence = "<x/>";
    const std::string one = network("1", "10.1.0.0", "16", "UserManaged");
    const std::string two_of = network("2", "10.2.0.0", "16", "UserManaged");
    const struct {
        Strings answers, after_refusal;
        std::size_t calls;
        bool good;
    } rows[] = {{{yes}, {one, two_of}, 1, true},
                {{no, yes, yes}, {}, 3, true},
                {{no, yes}, {one}, 2, true},
                {{no, no}, {}, 2, false},
                {{silence}, {}, 1, false}};
    for (const auto& row : rows) {
        World world;
        FakeHost& host = world.hosts["HV01"];
        host.classes[network_class] = {{}, row.after_refusal};
        host.methods["AddNetworkSettings"] = row.answers;
        CHECK(world.write(setting::migration_networks, Set{}, Set({"10.1.0.0/16", "10.2.0.0/16"})).has_value() ==
              row.good);
        REQUIRE(host.sent.size() == row.calls);
        CHECK(host.sent[0].find("10.1.0.0") != std::string::npos);
        CHECK(host.sent[0].find("10.2.0.0") != std::string::npos);
        if (row.calls == 3) CHECK(host.sent[1].find("10.2.0.0") == std::string::npos);
        if (row.calls > 1 && row.good) CHECK(host.sent.back().find("10.1.0.0") == std::string::npos);
    }
}

TEST_CASE("writer: a job that did its work and ended in an exception is told, and nothing is added twice") {
    const std::string any4 = network("A4", "0.0.0.0", "0", "UserManagedAllNetworks");
    const std::string any6 = network("A6", "::0", "0", "UserManagedAllNetworks");
    const std::string one = network("1", "10.1.0.0", "16", "UserManaged");
    const struct {
        const char* wanted;
        Strings there;
    } rows[] = {{"any", {any4, any6}}, {"10.1.0.0/16", {one}}};
    for (const auto& row : rows) {
        World world;
        FakeHost& host = world.hosts["HV01"];
        host.classes[network_class] = {{}, row.there};
        host.methods["AddNetworkSettings"] = {output("4096", job_reference)};
        host.methods["GetErrorEx"] = {output("32768")};
        host.jobs = {job("10", "<p:ErrorDescription>It is there, but</p:ErrorDescription>")};
        const auto done = world.write(setting::migration_networks, Set{}, Set({row.wanted}));
        REQUIRE_FALSE(done.has_value());
        CHECK_MESSAGE(done.error().text.find("It is there, but") != std::string::npos, done.error().text);
        CHECK(std::count(host.log.begin(), host.log.end(), "AddNetworkSettings") == 1);
    }
}

TEST_CASE("writer: what fails after the host has accepted an act is no refusal of it") {
    const struct {
        Strings methods_answer;
        std::string reading_fault;
    } rows[] = {{{output("0")}, fault_body("s:Sender", "w:AccessDenied", "no", wsman_fault("5", ""))},
                {{output("0")}, fault_body("s:Sender", "", "?", wsman_fault("2147749904", ""))}};
    for (const auto& row : rows) {
        World world;
        FakeHost& host = world.hosts["HV01"];
        host.classes[network_class] = {{network("U", "10.1.0.0", "16", "UserManaged")}};
        host.methods["AddNetworkSettings"] = row.methods_answer;
        host.deny_after_act = {network_class, row.reading_fault};
        const auto done = world.write(setting::migration_networks, Set({"10.1.0.0/16"}), Set({"10.2.0.0/16"}));
        REQUIRE_FALSE(done.has_value());
        CHECK(name(done.error().code) == "unreachable");
    }
}

TEST_CASE("writer: another preference modifies; somebody else's element stops all") {
    World world;
    FakeHost& host = world.hosts["HV01"];
    host.classes[network_class] = {{network("U", "10.1.0.0", "16", "UserManaged")}};
    host.methods["ModifyNetworkSettings"] = {output("0")};
    CHECK(world.write(setting::migration_networks, Set({"10.1.0.0/16"}), Set({"10.1.0.0/16 metric 7"})).has_value());
    REQUIRE(host.sent.size() == 1);
    CHECK(host.sent[0].find("InstanceID&quot; TYPE=&quot;string&quot;&gt;&lt;VALUE&gt;U&lt;") != std::string::npos);
    CHECK(host.sent[0].find("Metric&quot; TYPE=&quot;uint32&quot;&gt;&lt;VALUE&gt;7&lt;") != std::string::npos);
    CHECK(world.write(setting::migration_networks, Set({"10.9.0.0/16"}), Set{}).error().code == Code::stale);
    CHECK(world.write(setting::migration_networks, Set{}, Set({"10.1.0.0/16"})).error().code == Code::stale);
    CHECK(world.write(setting::migration_networks, Set{}, Set({"nonsense"})).error().code == Code::bad_input);
    CHECK(host.sent.size() == 1);
}

}  // namespace fairway::wmi::change_test
