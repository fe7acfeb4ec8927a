// Does a rehearsed write send what was read and nothing else, and does it stop where it must?
#include "providers/wmi/hyperv/rehearsal.hpp"

#include "tests/providers/wmi/fake_host.hpp"

namespace fairway::wmi::rehearsal_test {
namespace {

std::string act(const Probe& seen) {
    const ProbeStep* bad = seen.first_bad();
    return bad ? bad->name : "done";
}

std::size_t writes(const FakeHost& host) {
    return static_cast<std::size_t>(std::count(host.log.begin(), host.log.end(), "ModifyServiceSettings"));
}

}  // namespace

TEST_CASE("rehearsal: each way that the setting and the service can be") {
    const std::string as_read = service_setting("2"), other = service_setting("3");
    const struct {
        Strings settings;
        std::string running, answer, stops;
        std::size_t writes;
        Code code;
    } rows[] = {{{as_read}, "0", "0", "done", 1, {}},
                {{as_read}, "1", "0", "migrations", 0, Code::refused},
                {{as_read, other}, "0", "0", "unchanged", 0, Code::stale},
                {{as_read}, "0", "32768", "write", 1, Code::unsupported},
                {{as_read, as_read, other}, "0", "0", "read back", 1, Code::stale}};
    for (const auto& row : rows) {
        World world;
        FakeHost& host = world.hosts["HV01"];
        host.classes[setting_class].clear();
        for (const std::string& setting : row.settings) host.classes[setting_class].push_back({setting});
        host.classes[service_class] = {{service(row.running)}};
        host.methods["ModifyServiceSettings"] = {output(row.answer)};
        const Probe seen = rehearse(world.all, "HV01", world.pace());
        CAPTURE(row.stops);
        CHECK(act(seen) == row.stops);
        CHECK(writes(host) == row.writes);
        if (const ProbeStep* bad = seen.first_bad()) CHECK(bad->code == row.code);
    }
}

TEST_CASE("rehearsal: the setting goes back whole, without display texts") {
    World world;
    FakeHost& host = world.hosts["HV01"];
    host.classes[setting_class] = {{service_setting("2")}};
    host.classes[service_class] = {{service("0")}};
    host.methods["ModifyServiceSettings"] = {output("0")};
    CHECK(act(rehearse(world.all, "HV01", world.pace())) == "done");
    REQUIRE(host.sent.size() == 1);
    for (const char* part : {"InstanceID", "EnableVirtualSystemMigration", "AuthenticationType"})
        CHECK(host.sent[0].find(part) != std::string::npos);
    CHECK(host.sent[0].find("Caption") == std::string::npos);
}

}  // namespace fairway::wmi::rehearsal_test
