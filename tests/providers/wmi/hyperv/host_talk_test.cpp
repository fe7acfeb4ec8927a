// How many questions does a host get, and which? The counts that README.md promises.
#include <algorithm>
#include <doctest/doctest.h>

#include "engine/model/catalogue.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/scope.hpp"
#include "tests/providers/wmi/fake_host.hpp"
#include "tests/sample.hpp"

namespace fairway::wmi::host_talk_test {
namespace {

const std::string adapters =
    "SELECT IPAddress, IPEnabled FROM Win32_NetworkAdapterConfiguration WHERE IPEnabled = TRUE";
const std::string cluster_service = "SELECT Name, State, StartMode FROM Win32_Service WHERE Name = 'ClusSvc'";

std::string adapter(const std::string& address) {
    return "<p:A xmlns:p='u'><p:IPEnabled>true</p:IPEnabled><p:IPAddress>" + address + "</p:IPAddress></p:A>";
}

std::string service_of_windows(const std::string& state, const std::string& start) {
    return "<p:S xmlns:p='u'><p:Name>ClusSvc</p:Name><p:StartMode>" + start + "</p:StartMode><p:State>" + state +
           "</p:State></p:S>";
}

const std::string denied = fault_body("s:Sender", "w:AccessDenied", "?", wsman_fault("5", "Access is denied."));

// All that an audit asks of a host whose every setting a policy names.
std::vector<Address> audited() {
    Desired desired;
    for (const Setting* row : catalogue())
        if (row->kind == Kind::host && row->access == Access::managed)
            desired.emplace(Address{"HV01", row}, std::vector<Want>(1));
    std::vector<Address> out = scope(desired, sample::inventory());
    std::erase_if(out, [](const Address& one) { return one.object != "HV01" || one.kind() != Kind::host; });
    return out;
}

struct Audit : World {
    Audit() {
        all->domain = "CORP.EXAMPLE";
        FakeHost& host = hosts["HV01"];
        host.classes[network_class] = {{network("N", "10.1.0.0", "16", "UserManaged")}};
        host.classes[adapters] = {{adapter("10.1.0.1")}};
        host.classes[cluster_service] = {Strings{}};
    }
    Snapshot read(const std::vector<Address>& addresses) { return make_reader(all, pace())->read(addresses); }
    Strings& log() { return hosts["HV01"].log; }
};

}  // namespace

TEST_CASE("talk: one question for each class that an audit asks for, and one for the cluster service") {
    Audit audit;
    const Snapshot seen = audit.read(audited());
    CHECK(audit.log() == Strings{"enumerate " + setting_class, "enumerate " + network_class,
                                 "enumerate " + service_class, adapters, cluster_service});
    for (const auto& [address, reading] : seen.readings)
        CHECK_MESSAGE(reading.has_value(), address.setting->name, (reading ? "" : reading.error().text));
    CHECK(seen.at({"HV01", &setting::host_domain}).value() == Held(Value(std::string("corp.example"))));
    CHECK(seen.at({"HV01", &setting::migration_networks}).value() == Held(Value(Set({"10.1.0.0/16"}))));
    CHECK(seen.at({"HV01", &setting::host_running_migrations}).value() == Held(Value(std::int64_t{0})));
    CHECK(seen.at({"HV01", &setting::host_cluster}).value() == Held{});
}

TEST_CASE("talk: one question for one setting") {
    for (const auto& [row, question] :
         {std::pair{&setting::migration_enabled, setting_class}, std::pair{&setting::migration_networks, network_class},
          std::pair{&setting::host_running_migrations, service_class}}) {
        Audit audit;
        CHECK(audit.read({{"HV01", row}}).readings.begin()->second.has_value());
        CHECK(audit.log() == Strings{"enumerate " + question});
    }
}

TEST_CASE("talk: where the sign-on tells no domain the host is asked for its domain") {
    Audit audit;
    audit.all->domain.clear();
    audit.hosts["HV01"].classes["Win32_ComputerSystem"] = {
        {"<p:C xmlns:p='u'><p:PartOfDomain>true</p:PartOfDomain><p:Domain>Corp.Example</p:Domain></p:C>"}};
    const Snapshot seen = audit.read(audited());
    CHECK(audit.log().size() == 6);
    CHECK(seen.at({"HV01", &setting::host_domain}).value() == Held(Value(std::string("corp.example"))));
}

TEST_CASE("talk: the cluster service makes a node, and nothing else does") {
    const std::string cluster = "<p:C xmlns:p='u'><p:Name>CLU1</p:Name></p:C>";
    struct Row {
        const char* what;
        Strings services;
        bool node;
    };
    const Row rows[] = {
        {"no such service", {}, false},
        {"installed, and of no cluster yet", {service_of_windows("Stopped", "Disabled")}, false},
        {"a node at work", {service_of_windows("Running", "Auto")}, true},
        {"a node whose service is stopped for a while", {service_of_windows("Stopped", "Auto")}, true},
        {"running, and disabled from the next start on", {service_of_windows("Running", "Disabled")}, true},
        {"the same service twice",
         {service_of_windows("Running", "Auto"), service_of_windows("Running", "Auto")},
         true},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        Audit audit;
        FakeHost& host = audit.hosts["HV01"];
        // What looks like a cluster and is none: an address as nodes have it, a network of somebody else's.
        host.classes[adapters] = {{adapter("10.1.0.1"), adapter("169.254.1.1")}};
        host.classes[network_class] = {{network("C", "10.7.0.0", "16", "ClusterManaged")}};
        host.classes[cluster_service] = {row.services};
        host.classes["MSCluster_Cluster"] = {{cluster}};
        const Snapshot seen = audit.read(audited());
        const Held held = seen.at({"HV01", &setting::host_cluster}).value();
        CHECK(held == (row.node ? Held(Value(std::string("CLU1"))) : Held{}));
        CHECK(audit.log().back() == (row.node ? "enumerate MSCluster_Cluster" : cluster_service));
        // A node that shows no name of its cluster is no lone host.
        for (const bool no_namespace : {false, true}) {
            host.classes["MSCluster_Cluster"] = {Strings{}};
            if (no_namespace) host.classes.erase("MSCluster_Cluster");
            const Reading again = audit.read(audited()).at({"HV01", &setting::host_cluster});
            CHECK(again.has_value() != row.node);
            if (row.node) CHECK(again.error().text.find("ClusSvc") != std::string::npos);
        }
    }
}

TEST_CASE("talk: a namespace that refuses leaves its own facts unread, and the advice names it") {
    struct Row {
        Strings refused;  // classes and queries
        std::vector<const Setting*> unread;
        const char* advice;
    };
    const Row rows[] = {
        {{adapters, cluster_service},
         {&setting::host_addresses, &setting::host_cluster},
         "Remote Enable on root\\cimv2"},
        {{adapters}, {&setting::host_addresses}, "Remote Enable on root\\cimv2"},
        {{cluster_service}, {&setting::host_cluster}, "whether the host is a node of a cluster is unknown"},
        {{"MSCluster_Cluster"}, {&setting::host_cluster}, "Remote Enable on root\\mscluster"},
        {{network_class}, {&setting::migration_networks}, "Remote Enable on root\\virtualization\\v2"},
    };
    for (const Row& row : rows) {
        Audit audit;
        FakeHost& host = audit.hosts["HV01"];
        host.classes[cluster_service] = {{service_of_windows("Running", "Auto")}};
        host.classes["MSCluster_Cluster"] = {{"<p:C xmlns:p='u'><p:Name>CLU1</p:Name></p:C>"}};
        for (const std::string& name : row.refused) host.faults[name] = denied;
        const Snapshot seen = audit.read(audited());
        for (const auto& [address, reading] : seen.readings) {
            INFO(address.setting->name);
            const bool lost = std::count(row.unread.begin(), row.unread.end(), &*address.setting) > 0;
            CHECK(reading.has_value() != lost);
            if (reading) continue;
            CHECK(reading.error().code == Code::denied);
            CHECK_MESSAGE(reading.error().text.find(row.advice) != std::string::npos, reading.error().text);
        }
    }
}

TEST_CASE("talk: a host without networks holds none, and one that hides them does not say") {
    const Address networks{"HV01", &setting::migration_networks}, machines{"HV01", &setting::host_machines};
    for (const bool hidden : {false, true}) {
        Audit audit;
        FakeHost& host = audit.hosts["HV01"];
        host.classes[network_class] = {Strings{}};
        host.classes["Msvm_ComputerSystem"] = {hidden ? Strings{} : Strings{vm("HV01", "HV01")}};
        if (hidden) host.classes[setting_class] = {Strings{}};
        const Snapshot seen = audit.read({networks, machines});
        CHECK(audit.log() ==
              Strings{"enumerate " + network_class, "enumerate " + setting_class, "enumerate Msvm_ComputerSystem"});
        for (const Address& address : {networks, machines}) {
            const Reading& reading = seen.at(address);
            CHECK(reading.has_value() != hidden);
            if (hidden) CHECK(reading.error().text.find("in Hyper-V Administrators there?") != std::string::npos);
            else CHECK(reading.value() == Held(Value(Set())));
        }
    }
}

TEST_CASE("talk: an object that comes twice is one object") {
    Audit audit;
    FakeHost& host = audit.hosts["HV01"];
    const std::string one = network("N", "10.1.0.0", "16", "UserManaged");
    host.classes[setting_class] = {{service_setting(), service_setting()}};
    host.classes[service_class] = {{service("0"), service("0")}};
    host.classes[network_class] = {
        {one, network("n", "10.1.0.0", "16", "UserManaged"), network("M", "10.2.0.0", "16", "UserManaged"), one}};
    const Snapshot seen = audit.read(audited());
    CHECK(seen.at({"HV01", &setting::migration_max_live}).value() == Held(two));
    CHECK(seen.at({"HV01", &setting::host_running_migrations}).value() == Held(Value(std::int64_t{0})));
    CHECK(seen.at({"HV01", &setting::migration_networks}).value() == Held(Value(Set({"10.1.0.0/16", "10.2.0.0/16"}))));
    // Each object is taken away once.
    host.methods["RemoveNetworkSettings"] = {output("0")};
    const Set both({"10.1.0.0/16", "10.2.0.0/16"}), left({"10.2.0.0/16"});
    CHECK(audit.write(setting::migration_networks, both, left).has_value());
    const std::string sent = host.sent.back();
    CHECK(sent.find(">N<") != std::string::npos);
    CHECK(sent.find(">N<") == sent.rfind(">N<"));
    CHECK(sent.find(">n<") == std::string::npos);
    // Two services with keys of their own are two.
    std::string other = service("0");
    other.replace(other.find("HV01"), 4, "HV02");
    host.classes[service_class] = {{service("0"), other}};
    const Reading running = audit.read(audited()).at({"HV01", &setting::host_running_migrations});
    CHECK(running.error().text.find("2 instances") != std::string::npos);
}

TEST_CASE("change: one request more than looking before and after") {
    Audit audit;
    FakeHost& host = audit.hosts["HV01"];
    host.classes[setting_class] = {{service_setting("2")}, {service_setting("4")}};
    host.methods["ModifyServiceSettings"] = {output("0")};
    const auto reader = make_reader(audit.all, audit.pace());
    const auto writer = make_writer(audit.all, audit.pace());
    const std::vector<Address> one = {{"HV01", &setting::migration_max_live}};
    CHECK(reader->read(one).at(one[0]).value() == Held(two));
    CHECK(writer->write(one[0], two, four).has_value());
    CHECK(reader->read(one).at(one[0]).value() == Held(four));
    CHECK(audit.log() == Strings{"enumerate " + setting_class, "ModifyServiceSettings", "enumerate " + setting_class});
    // What was seen is forgotten after a while, and after a write.
    audit.now += std::chrono::seconds(6);
    CHECK(writer->write(one[0], two, four).error().code == Code::stale);
    CHECK(audit.log().back() == "enumerate " + setting_class);
}

TEST_CASE("change: whether migrations run is told by the reading that brought the networks, or asked after it") {
    const std::string net = network("N", "10.1.0.0", "16", "UserManaged");
    const std::vector<Address> gated = {{"HV01", &setting::migration_networks},
                                        {"HV01", &setting::host_running_migrations}};
    // Both are read, perhaps the networks once more, and then these are taken away.
    for (const bool again : {false, true}) {
        for (const bool starts : {false, true}) {
            Audit audit;
            FakeHost& host = audit.hosts["HV01"];
            host.classes[network_class] = {{net}};
            host.classes[service_class] = {{service("0")}, {service(starts ? "1" : "0")}};
            host.methods["RemoveNetworkSettings"] = {output("0")};
            const auto reader = make_reader(audit.all, audit.pace());
            CHECK(reader->read(gated).at(gated[1]).value() == Held(Value(std::int64_t{0})));
            if (again) CHECK(reader->read({gated.data(), 1}).at(gated[0]).has_value());
            const auto done = make_writer(audit.all, audit.pace())->write(gated[0], Set({"10.1.0.0/16"}), Set{});
            Strings asked{"enumerate " + network_class, "enumerate " + service_class};
            if (again) asked.insert(asked.end(), {"enumerate " + network_class, "enumerate " + service_class});
            const bool refused = again && starts;  // an older answer than that of the networks is not used
            CHECK(done.has_value() != refused);
            if (refused) CHECK(done.error().code == Code::refused);
            else asked.emplace_back("RemoveNetworkSettings");
            CHECK(audit.log() == asked);
        }
    }
}

TEST_CASE("change: a service with other keys is looked up, and the change made once") {
    Audit audit;
    FakeHost& host = audit.hosts["HV01"];
    host.methods["ModifyServiceSettings"] = {job_gone, output("0")};
    CHECK(audit.write(setting::migration_max_live, two, four).has_value());
    CHECK(audit.log() == Strings{"enumerate " + setting_class, "ModifyServiceSettings", "enumerate " + service_class,
                                 "ModifyServiceSettings"});
}

}  // namespace fairway::wmi::host_talk_test
