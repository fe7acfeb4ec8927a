// Are event logs read from hosts that answer? Runs inside the lab with live.cpp, whose main() it shares.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fmt/format.h>

#include "providers/wmi/events/events.hpp"
#include "providers/wmi/fleet.hpp"

namespace fairway::wmi {
namespace {

const std::string vmms = "Microsoft-Windows-Hyper-V-VMMS-Admin";

std::string env(const char* name) {
    const char* value = std::getenv(name);
    REQUIRE_MESSAGE(value != nullptr, name);
    return value;
}

std::string dns() { return "hv02." + env("LAB_DOMAIN"); }

// Writes to the host's log, as a role of it would.
void log(const std::string& json) {
    const std::string command =
        fmt::format("curl -s --max-time 5 -o /dev/null -d '{}' http://{}:{}/lab/event", json, dns(), env("LAB_PORT"));
    REQUIRE(std::system(command.c_str()) == 0);
}

// One host, spoken to as it insists on: signed on with Kerberos, and sealed.
class Lab {
public:
    Lab() : fleet_(inventory()) {}

    Channel& channel() {
        const auto out = fleet_.channel(*fleet_.find("HV02"));
        REQUIRE_MESSAGE(out.has_value(), (out ? "" : out.error().text));
        return **out;
    }

private:
    static Inventory inventory() {
        Host host;
        host.name = "HV02";
        host.dns = dns();
        host.reach.port = static_cast<std::uint16_t>(std::stoi(env("LAB_PORT")));
        host.reach.authentication = HostAuthentication::kerberos;
        host.reach.credentials = {Credentials::Form::keytab, env("LAB_OPERATOR_KEYTAB"),
                                  "operator@" + env("LAB_REALM")};
        Inventory out;
        out.hosts.push_back(std::move(host));
        return out;
    }

    Fleet fleet_;
};

EventQuery query() {
    EventQuery out{.channels = {vmms}};
    out.wait = std::chrono::seconds(1);
    return out;
}

EventPage read(Channel& host, const EventQuery& query, const Bookmark& from = {}) {
    auto page = read_events(host, query, from);
    REQUIRE_MESSAGE(page.has_value(), (page ? "" : page.error().text));
    CHECK_FALSE(page->broken.has_value());
    CHECK(page->unreadable == 0);
    CHECK(page->gaps.empty());
    return *page;
}

}  // namespace

TEST_CASE("events: what a host has logged, and later only what is new") {
    Lab lab;
    Channel& host = lab.channel();
    const EventPage all = read(host, query());
    REQUIRE_FALSE(all.events.empty());
    CHECK(all.events.front().record == 1);
    CHECK(all.events.front().provider == "Microsoft-Windows-Hyper-V-VMMS");
    CHECK(read(host, query(), all.bookmark).events.empty());

    log(R"({"id": 902, "message": "a <b> & c", "data": {"VmName": "x ]]> y"}, "level": 2})");
    EventQuery rendered = query();
    rendered.rendered = true;
    const EventPage fresh = read(host, rendered, all.bookmark);
    REQUIRE(fresh.events.size() == 1);
    CHECK(fresh.events[0].id == 902);
    CHECK(fresh.events[0].level == 2);
    CHECK(fresh.events[0].message == "a <b> & c");
    CHECK(fresh.events[0].value("VmName") == "x ]]> y");
}

TEST_CASE("events: in small pages it is the same log") {
    Lab lab;
    Channel& host = lab.channel();
    const EventPage all = read(host, query());
    EventQuery one = query();
    one.batch = one.most = 1;
    Bookmark place;
    std::size_t count = 0;
    for (bool more = true; more && count < 100;) {
        const EventPage page = read(host, one, place);
        for (const Event& event : page.events) CHECK(event.record == all.events.at(count++).record);
        place = page.bookmark;
        more = page.more;
    }
    CHECK(count == all.events.size());
}

TEST_CASE("events: by provider, ids and time; missing channels") {
    Lab lab;
    Channel& host = lab.channel();
    log(R"({"id": 903, "message": "m"})");
    EventQuery narrow = query();
    narrow.providers = {"Microsoft-Windows-Hyper-V-VMMS"};
    for (std::uint32_t id = 880; id < 910; ++id) narrow.ids.push_back(id);
    narrow.since = 1700000000;
    narrow.until = 4000000000;
    const EventPage chosen = read(host, narrow);
    REQUIRE_FALSE(chosen.events.empty());
    for (const Event& event : chosen.events) CHECK((event.id >= 880 && event.id < 910));

    EventQuery missing = query();
    missing.channels = {"Nowhere", vmms};
    CHECK(read_events(host, missing).error().code == Code::not_found);
    missing.skip_missing = true;
    CHECK_FALSE(read(host, missing).events.empty());
}

}  // namespace fairway::wmi
