// Are the right requests sent in the right order, and are replies, jobs and failures told apart?
#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/providers/wmi/fake_host.hpp"

namespace fairway::wmi::client_test {

TEST_CASE("reader: each class once, one host's failure is its own") {
    World world;
    world.hosts["HV02"].down = Error{Code::unreachable, "nobody there"};
    const std::vector<Address> asked = {{"HV01", &setting::migration_enabled},
                                        {"HV01", &setting::migration_max_live},
                                        {"HV01", &setting::host_running_migrations},
                                        {"HV01", &setting::host_build},
                                        {"HV01", &setting::migration_performance},
                                        {"HV02", &setting::migration_enabled},
                                        {"HV02", &setting::host_build},
                                        {"HV03", &setting::host_build},
                                        {"HV01", &setting::account_flags}};
    std::size_t calls = 0, of = 0;
    const Snapshot seen = make_reader(world.all, world.pace())->read(asked, [&](std::size_t, std::size_t n) {
        ++calls;
        of = n;
        return true;
    });
    CHECK(seen.readings.size() == asked.size());
    CHECK(calls == 2);  // HV03 is not in the inventory
    CHECK(of == 2);
    CHECK(seen.sources == Strings{"HV01"});
    CHECK(seen.at(asked[0]).value() == Held(Value(true)));
    CHECK(seen.at(asked[1]).value() == Held(two));
    CHECK(seen.at(asked[2]).value() == Held(Value(std::int64_t{0})));
    CHECK(seen.at(asked[3]).value() == Held{});  // the fake has no such class: a fact
    CHECK(seen.at(asked[4]).value() == Held{});  // an old host without the flags
    CHECK(seen.at(asked[5]).error().text == "HV02: nobody there");
    CHECK(seen.at(asked[6]).error().code == Code::unreachable);
    CHECK(seen.at(asked[7]).error().code == Code::not_found);
    CHECK(seen.at(asked[8]).error().code == Code::unsupported);
    CHECK(world.hosts["HV02"].log == Strings{"down"});  // not again for each class: accounts get locked
    CHECK(world.hosts["HV01"].log.size() == 3);         // the setting, the service, the build
    CHECK(std::count(world.hosts["HV01"].repeats.begin(), world.hosts["HV01"].repeats.end(), Repeat::never) == 0);
}

TEST_CASE("writer: what may no longer begin is not sent after the reading before it, and what began is finished") {
    struct Row {
        std::size_t asked;  // before the answer is no
        Strings log;
        bool begun;
    };
    const std::string read = "enumerate " + setting_class;
    const Row rows[] = {
        {1, {}, false}, {2, {read}, false}, {3, {read, "ModifyServiceSettings", "get Msvm_MigrationJob"}, true}};
    for (const Row& row : rows) {
        World world;
        FakeHost& host = world.hosts["HV01"];
        host.methods["ModifyServiceSettings"] = {output("4096", job_reference)};
        host.jobs = {job("7")};
        std::size_t asked = 0;
        const Address address{"HV01", &setting::migration_max_live};
        const Write write{address, two, four};
        std::optional<Result<void>> came;
        std::size_t answers = 0;
        make_writer(world.all, world.pace())
            ->write_all(
                {&write, 1}, [&] { return asked++ < row.asked; },
                [&](std::size_t, auto answer) {
                    came = std::move(answer);
                    ++answers;
                });
        CHECK(host.log == row.log);
        CHECK(answers == 1);
        CHECK(came.has_value() == row.begun);
        if (came) CHECK(came->has_value());
    }
}

TEST_CASE("writer: a setting, done at once") {
    World world;
    FakeHost& host = world.hosts["HV01"];
    host.methods["ModifyServiceSettings"] = {output("0")};
    CHECK(world.write(setting::migration_max_live, two, four).has_value());
    CHECK(host.log == Strings{"enumerate " + setting_class, "ModifyServiceSettings"});
    REQUIRE(host.sent.size() == 1);
    CHECK(host.repeats.back() == Repeat::act);
    const std::string& sent = host.sent.front();
    CHECK(sent.find("<w:Selector Name=\"SystemName\">HV01</w:Selector>") != std::string::npos);
    CHECK(sent.find("<w:Selector Name=\"Name\">migrationwmi</w:Selector>") != std::string::npos);
    CHECK(between(sent, "<m:ServiceSettingData>", "</m:ServiceSettingData>") ==
          "&lt;INSTANCE CLASSNAME=&quot;S&quot;&gt;&lt;PROPERTY NAME=&quot;InstanceID&quot; TYPE=&quot;string&quot;&gt;"
          "&lt;VALUE&gt;I&lt;/VALUE&gt;&lt;/PROPERTY&gt;&lt;PROPERTY NAME=&quot;EnableVirtualSystemMigration&quot; "
          "TYPE=&quot;boolean&quot;&gt;&lt;VALUE&gt;TRUE&lt;/VALUE&gt;&lt;/PROPERTY&gt;&lt;PROPERTY "
          "NAME=&quot;MaximumActiveVirtualSystemMigration&quot; TYPE=&quot;uint32&quot;&gt;&lt;VALUE&gt;4&lt;/VALUE&gt;"
          "&lt;/PROPERTY&gt;&lt;PROPERTY NAME=&quot;AuthenticationType&quot; TYPE=&quot;uint32&quot;&gt;&lt;VALUE&gt;0"
          "&lt;/VALUE&gt;&lt;/PROPERTY&gt;&lt;/INSTANCE&gt;");
}

TEST_CASE("writer: what is not as it was, or would disturb, is not written") {
    World world;
    FakeHost& host = world.hosts["HV01"];
    const auto stale = world.write(setting::migration_max_live, four, two);
    REQUIRE_FALSE(stale.has_value());
    CHECK(stale.error().code == Code::stale);
    host.classes[service_class] = {{service("2")}};
    for (const auto& [setting, before, after] :
         {std::tuple<const Setting&, Value, Value>{setting::migration_enabled, true, false},
          {setting::migration_authentication, std::string("credssp"), std::string("kerberos")},
          {setting::migration_networks, Set{}, Set({"any"})}}) {
        host.classes[network_class] = {Strings{}};
        const auto refused = world.write(setting, before, after);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == Code::refused);
        CHECK(refused.error().text.find("2 migrations are running") != std::string::npos);
    }
    CHECK(world.write(setting::host_build, two, four).error().code == Code::unsupported);
    CHECK(world.write(setting::account_flags, Set{}, Set({"x"})).error().code == Code::unsupported);
    CHECK(world.write(setting::migration_max_live, two, Set({"x"})).error().code == Code::bad_input);
    CHECK(world.write(setting::migration_performance, std::string("smb"), std::string("tcpip")).error().code ==
          Code::stale);
    CHECK(host.sent.empty());
}

TEST_CASE("writer: jobs") {
    const std::string started = output("4096", job_reference);
    const std::string errors =
        "<p:Errors>&lt;INSTANCE CLASSNAME=\"Msvm_Error\"&gt;&lt;PROPERTY NAME=\"Message\" "
        "TYPE=\"string\"&gt;&lt;VALUE&gt;"
        "Zugriff (0x80070005)&lt;/VALUE&gt;&lt;/PROPERTY&gt;&lt;/INSTANCE&gt;</p:Errors>";
    const struct {
        const char* why;
        Strings invoke, jobs, details;
        std::string after;  // of the setting, when read again
        std::optional<Code> code;
        std::string says;
    } rows[] = {
        {"completed", {started}, {job("3"), job("4"), job("7")}, {}, "4", std::nullopt, ""},
        {"with warnings", {started}, {job("32768")}, {output("0", errors)}, "4", Code::unsupported, "Zugriff"},
        {"with warnings, no details",
         {started},
         {job("32768", "<p:ErrorDescription>half of it</p:ErrorDescription>")},
         {output("32768")},
         "4",
         Code::unsupported,
         "completed with warnings: half of it"},
        {"failed, and the value is there", {started}, {job("10")}, {output("0", errors)}, "4", Code::denied, "Zugriff"},
        {"gone, and the value is there", {started}, {job("4"), job_gone}, {}, "4", std::nullopt, ""},
        {"gone, and the value is not", {started}, {job("4"), job_gone}, {}, "2", Code::unsupported, "J1"},
        {"never seen", {started}, {job_gone}, {}, "2", Code::unreachable, "still runs"},
        {"never seen, though the value is there", {started}, {job_gone}, {}, "4", Code::unreachable, "still runs"},
        {"may not be seen", {started}, {job_denied}, {}, "2", Code::unreachable, "still runs"},
        {"may no longer be seen", {started}, {job("4"), job_denied}, {}, "2", Code::unreachable, "still runs"},
        {"unreadable", {started}, {"<x/>"}, {}, "2", Code::unreachable, "JobState"},
        {"failed", {started}, {job("4"), job("10")}, {output("0", errors)}, "2", Code::denied, "Zugriff"},
        {"failed, no details",
         {started},
         {job("10", "<p:ErrorCode>32774</p:ErrorCode><p:ErrorDescription>busy</p:ErrorDescription>")},
         {output("32768")},
         "2",
         Code::unreachable,
         "busy"},
        {"killed, nothing said", {started}, {job("9")}, {output("0")}, "2", Code::unsupported, "killed"},
        {"never ends", {started}, {job("4")}, {}, "2", Code::unreachable, "may still run"},
        {"unknown state never ends", {started}, {job("40000")}, {}, "2", Code::unreachable, "may still run"},
        {"no reference", {output("4096")}, {}, {}, "2", Code::protocol, "which"},
        {"refused", {output("32769")}, {}, {}, "2", Code::denied, "32769"},
        {"fault",
         {fault_body("s:Receiver", "w:TimedOut", "?", wsman_fault("2150858793", ""))},
         {},
         {},
         "2",
         Code::unreachable,
         "unknown"},
        {"no return value", {"<x/>"}, {}, {}, "2", Code::protocol, "ReturnValue"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        World world;
        FakeHost& host = world.hosts["HV01"];
        host.classes[setting_class] = {{service_setting("2")}, {service_setting(row.after)}};
        host.methods["ModifyServiceSettings"] = row.invoke;
        host.methods["GetErrorEx"] = row.details;
        host.jobs = row.jobs;
        const auto done = world.write(setting::migration_max_live, two, four);
        if (!row.code) {
            CHECK_MESSAGE(done.has_value(), (done ? "" : done.error().text));
            continue;
        }
        REQUIRE_FALSE(done.has_value());
        CAPTURE(done.error().text);
        CHECK(name(done.error().code) == name(*row.code));
        CHECK(done.error().text.find(row.says) != std::string::npos);
        CHECK(done.error().text.starts_with("HV01: "));
        CHECK(std::count(host.log.begin(), host.log.end(), "ModifyServiceSettings") == 1);  // never twice
    }
}

TEST_CASE("writer: a job is asked after 50 ms, then more slowly, up to a second") {
    World world;
    FakeHost& host = world.hosts["HV01"];
    host.methods["ModifyServiceSettings"] = {output("4096", job_reference)};
    host.jobs = Strings(12, job("4"));
    host.jobs.push_back(job("7"));
    CHECK(world.write(setting::migration_max_live, two, four).has_value());
    REQUIRE(world.pauses.size() == 12);
    CHECK(world.pauses.front() == 50);
    CHECK(std::is_sorted(world.pauses.begin(), world.pauses.end()));
    CHECK(world.pauses.back() == 1000);
}

}  // namespace fairway::wmi::client_test
