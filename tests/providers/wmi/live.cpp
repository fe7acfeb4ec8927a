// Does the provider work against hosts that answer? Runs inside the lab (tests/lab/lab), driven by its LAB_
// variables, and is no part of the unit tests. Reads, writes and reads back, moves, and is turned away.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <thread>

#include "engine/base/file.hpp"
#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "providers/wmi/wmi.hpp"

namespace fairway {
namespace {

std::string env(const char* name) {
    const char* value = std::getenv(name);
    REQUIRE_MESSAGE(value != nullptr, name);
    return value;
}

// Turns the hosts' own switches, as somebody else would.
void control(const std::string& host, const std::string& path, const std::string& json) {
    const std::string command = fmt::format("curl -s --max-time 5 -o /dev/null -d '{}' http://{}.{}:{}/lab/{}", json,
                                            text::fold(host), env("LAB_DOMAIN"), env("LAB_PORT"), path);
    REQUIRE(std::system(command.c_str()) == 0);
}

Credentials keytab() { return {Credentials::Form::keytab, env("LAB_OPERATOR_KEYTAB"), "operator@" + env("LAB_REALM")}; }

Inventory inventory(HostAuthentication authentication, const Credentials& credentials) {
    Inventory out;
    const std::string hosts = env("LAB_HOSTS");
    for (const std::string_view name : text::split(hosts, ' ')) {
        Host host;
        host.name = std::string(name);
        std::transform(host.name.begin(), host.name.end(), host.name.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        host.dns = std::string(name) + "." + env("LAB_DOMAIN");
        host.reach.port = static_cast<std::uint16_t>(std::stoi(env("LAB_PORT")));
        host.reach.authentication = authentication;
        host.reach.credentials = credentials;
        out.hosts.push_back(std::move(host));
    }
    return out;
}

// Basic goes through TLS only: the hosts refuse it in the clear.
Inventory over_tls(Inventory inventory) {
    for (Host& host : inventory.hosts) {
        host.reach.port = static_cast<std::uint16_t>(std::stoi(env("LAB_TLS_PORT")));
        host.reach.tls = HostTls{.ca = env("LAB_CA"), .fingerprint = {}};
    }
    return inventory;
}

Inventory usual() { return inventory(HostAuthentication::kerberos, keytab()); }

std::vector<Address> all_of(const std::string& host) {
    std::vector<Address> out;
    for (const Setting* setting : catalogue())
        if (setting->kind == Kind::host) out.push_back({host, setting});
    return out;
}

std::string show(const Reading& reading) {
    if (!reading) return "ERROR " + reading.error().text;
    if (!*reading) return "(nothing)";
    const Value& value = **reading;
    if (const bool* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
    if (const auto* i = std::get_if<std::int64_t>(&value)) return std::to_string(*i);
    if (const auto* s = std::get_if<std::string>(&value)) return *s;
    return "{" + text::join(as_set(value)->elements(), ", ") + "}";
}

Reading read_one(const Inventory& world, const std::string& host, const Setting& setting) {
    const std::vector<Address> one = {{host, &setting}};
    return wmi::open_reader(wmi::reach(world))->read(one).at(one.front());
}

Value held(const std::string& host, const Setting& setting) {
    const Reading reading = read_one(usual(), host, setting);
    REQUIRE_MESSAGE(reading.has_value(), (reading ? "" : reading.error().text));
    REQUIRE(reading->has_value());
    return **reading;
}

Result<void> write(const std::string& host, const Setting& setting, const Value& before, const Value& after) {
    auto done = wmi::open_writer(wmi::reach(usual()))->write({host, &setting}, before, after);
    std::printf("write %s %s: %s\n", host.c_str(), std::string(setting.name).c_str(),
                done ? "ok" : done.error().text.c_str());
    return done;
}

// There and back again, each read back.
void there_and_back(const std::string& host, const Setting& setting, const Value& after) {
    const Value before = held(host, setting);
    REQUIRE(before != after);
    CHECK(write(host, setting, before, after).has_value());
    CHECK(held(host, setting) == after);
    CHECK(write(host, setting, before, after).error().code == Code::stale);
    CHECK(write(host, setting, after, before).has_value());
    CHECK(held(host, setting) == before);
}

void turned_away(const Inventory& world, Code code) {
    const Reading reading = read_one(world, world.hosts.front().name, setting::host_build);
    std::printf("turned away: %s\n", show(reading).c_str());
    REQUIRE_FALSE(reading.has_value());
    CHECK(name(reading.error().code) == name(code));
}

}  // namespace

TEST_CASE("every setting of every host can be read") {
    for (const auto authentication : {HostAuthentication::kerberos, HostAuthentication::negotiate}) {
        const Inventory world = inventory(authentication, keytab());
        std::vector<Address> asked;
        for (const Host& host : world.hosts)
            for (const Address& address : all_of(host.name)) asked.push_back(address);
        std::size_t calls = 0;
        const Snapshot seen =
            wmi::open_reader(wmi::reach(world))->read(asked, [&](std::size_t, std::size_t) { return ++calls > 0; });
        CHECK(calls == world.hosts.size());
        CHECK(seen.sources.size() == world.hosts.size());
        CHECK(seen.readings.size() == asked.size());
        for (const auto& [address, reading] : seen.readings) {
            if (authentication == HostAuthentication::kerberos)
                std::printf("%s %s = %s\n", address.object.c_str(), std::string(address.setting->name).c_str(),
                            show(reading).c_str());
            CHECK_MESSAGE(reading.has_value(), show(reading));
        }
    }
}

TEST_CASE("each setting is written and read back") {
    const bool on = std::get<bool>(held("HV03", setting::migration_enabled));
    there_and_back("HV03", setting::migration_enabled, !on);
    there_and_back("HV02", setting::migration_authentication, std::string("kerberos"));
    there_and_back("HV02", setting::migration_performance, std::string("smb"));
    there_and_back("HV02", setting::migration_performance, std::string("tcpip"));
    there_and_back("HV02", setting::migration_max_live, std::int64_t{7});
    there_and_back("HV02", setting::migration_max_storage, std::int64_t{5});
}

TEST_CASE("networks go from any to subnets and back") {
    there_and_back("HV02", setting::migration_networks, Set({"10.20.0.0/16", "fd20::/64 metric 3"}));
    there_and_back("HV02", setting::migration_networks, Set({"any", "10.20.0.0/16"}));
    there_and_back("HV03", setting::migration_networks, Set({"10.9.0.0/16 metric 9"}));
    there_and_back("HV03", setting::migration_networks, Set({"10.9.0.0/16"}));
    there_and_back("HV03", setting::migration_networks, Set({"any"}));
}

TEST_CASE("entries of another owner are not seen and not touched") {
    control("HV04", "third-hand",
            R"({"networks":["any",{"SubnetNumber":"10.77.0.0","PrefixLength":16,"Metric":0,"Tags":["Cluster:x"]}]})");
    CHECK(held("HV04", setting::migration_networks) == Value(Set({"any"})));
    there_and_back("HV04", setting::migration_networks, Set({"10.20.0.0/16"}));
    const std::string look = fmt::format(
        "{} hv04 root/virtualization/v2 Msvm_VirtualSystemMigrationNetworkSettingData "
        "| grep -q 10.77.0.0",
        env("LAB_HOME") + "/tools/raw-wsman");
    CHECK(std::system(look.c_str()) == 0);
}

TEST_CASE("a host with migrations running is left alone") {
    control("HV04", "busy", R"({"migrations":2})");
    const auto refused =
        write("HV04", setting::migration_authentication, std::string("kerberos"), std::string("credssp"));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::refused);
    CHECK(write("HV04", setting::migration_enabled, true, false).error().code == Code::refused);
    control("HV04", "busy", R"({"migrations":0})");
}

TEST_CASE("a job that fails tells why") {
    const Value live = held("HV02", setting::migration_max_live);
    control("HV02", "fail-next", R"({"code":2147942405,"text":"General access denied error (0x80070005)."})");
    Result<void> done = write("HV02", setting::migration_max_live, live, std::int64_t{9});
    if (done) done = write("HV02", setting::migration_max_live, std::int64_t{9}, live);  // that one was no job
    if (done) done = write("HV02", setting::migration_max_live, live, std::int64_t{9});
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == Code::denied);
}

TEST_CASE("who cannot sign on is told why") {
    using enum HostAuthentication;
    using Form = Credentials::Form;
    const std::string folder = env("LAB_DIR");
    turned_away(inventory(kerberos, {Form::ticket_cache, "FILE:" + folder + "/nothing-here", ""}), Code::denied);
    turned_away(inventory(negotiate, {Form::ticket_cache, "FILE:" + folder + "/nothing-here", ""}), Code::denied);
    turned_away(inventory(kerberos, {Form::keytab, folder + "/nothing-here", "operator@" + env("LAB_REALM")}),
                Code::bad_input);
    REQUIRE(write_file_atomically(folder + "/wrong", "not the password\n").has_value());
    REQUIRE(std::system(("chmod 600 " + folder + "/wrong").c_str()) == 0);
    turned_away(over_tls(inventory(basic, {Form::password_file, folder + "/wrong", env("LAB_BASIC_USER")})),
                Code::denied);
    turned_away(inventory(kerberos, {Form::password_file, folder + "/wrong", "operator@" + env("LAB_REALM")}),
                Code::denied);
    Inventory nobody = usual();
    nobody.hosts.front().dns = "hv99." + env("LAB_DOMAIN");
    nobody.hosts.front().reach.address = "127.0.10.1";
    turned_away(nobody, Code::denied);
    nobody.hosts.front().reach.authentication = negotiate;
    turned_away(nobody, Code::denied);
    Inventory closed = usual();
    closed.hosts.front().reach.port = 1;
    turned_away(closed, Code::unreachable);
    Inventory unknown = usual();
    unknown.hosts.front().reach.address = "hv-nowhere.invalid";
    turned_away(unknown, Code::unreachable);
    turned_away(inventory(kerberos, {Form::keytab, env("LAB_READER_KEYTAB"), "reader@" + env("LAB_REALM")}),
                Code::denied);
}

TEST_CASE("Basic and password files sign on where the inventory says so") {
    using enum HostAuthentication;
    using Form = Credentials::Form;
    const Inventory with_basic =
        over_tls(inventory(basic, {Form::password_file, env("LAB_BASIC_PASSWORD_FILE"), env("LAB_BASIC_USER")}));
    const Reading build = read_one(with_basic, "HV01", setting::host_build);
    CHECK_MESSAGE(build.has_value(), show(build));
    const Inventory with_password =
        inventory(kerberos, {Form::password_file, env("LAB_OPERATOR_PASSWORD_FILE"), "operator@" + env("LAB_REALM")});
    const Reading again = read_one(with_password, "HV01", setting::host_build);
    CHECK_MESSAGE(again.has_value(), show(again));
    REQUIRE(std::system("kinit -k -t $LAB_OPERATOR_KEYTAB operator") == 0);
    const Reading third =
        read_one(inventory(negotiate, {Form::ticket_cache, "default", ""}), "HV01", setting::host_build);
    CHECK_MESSAGE(third.has_value(), show(third));
}

// To its end; the text of what stopped it, or "it moved".
std::string moved(const TrialMove& trial) {
    const auto mover = wmi::open_mover(wmi::reach(usual()));
    const auto moving = mover->begin(trial);
    for (;;) {
        if (const auto end = moving->step()) return *end ? "it moved" : end->error().text;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

// Delegation as the lab has it at first lets HV03 take the VM to HV01, and nobody back; so it begins there each time.
TEST_CASE("a trial move tells the VM's disks, and follows what both hosts are set to") {
    const std::string machines =
        R"({"machines":[{"id":"6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A77","name":"live-trial","disks":["D:\\R&D\\o.avhdx"],)"
        R"("checkpoints":[{"id":"3F2504E0-4F89-41D3-9A0C-0305E82C3377","disks":["D:\\R&D\\o.vhdx"]}]}]})";
    const auto move = [&](bool storage) {
        control("HV03", "machines", machines);
        control("HV04", "machines", R"({"machines":[]})");
        return moved({"live-trial", "HV03", "HV04", storage});
    };
    control("HV03", "third-hand", R"({"settings":{"EnableVirtualSystemMigration":false},"networks":["any"]})");
    CHECK(move(true).starts_with("HV03: live migration is off there"));
    control("HV03", "third-hand", R"({"settings":{"EnableVirtualSystemMigration":true,"AuthenticationType":1}})");
    control("HV04", "machines", R"({"planned":[{"id":"6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A77","name":"live-trial"}]})");
    CHECK(move(true).starts_with("HV04: a planned VM of the same id"));
    control("HV04", "machines", R"({"planned":[]})");
    for (const bool storage : {true, false}) std::printf("move: %s\n", move(storage).c_str());
}

TEST_CASE("a VM is moved there, and its end is told when it fails") {
    const auto tell = [](const TrialMove& trial) {
        const std::string end = moved(trial);
        std::printf("move: %s\n", end.c_str());
        return end == "it moved";
    };
    tell({"no-such-vm", "HV01", "HV02", false});
    for (const char* to : {"HV02", "HV03", "HV04"})
        if (tell({"fairway-canary", "HV01", to, false})) tell({"fairway-canary", to, "HV01", false});
}

}  // namespace fairway
