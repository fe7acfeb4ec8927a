// How many questions does a host get, and which? The counts that README.md promises.
#include <doctest/doctest.h>

#include "tests/providers/wmi/fake_host.hpp"

namespace fairway::wmi {
namespace {

const std::string around = "ASSOCIATORS OF {Msvm_VirtualSystemMigrationServiceSettingData.InstanceID='I'}";
const std::string adapters =
    "SELECT IPAddress, IPEnabled, ServiceName FROM Win32_NetworkAdapterConfiguration WHERE IPEnabled = TRUE";

std::string typed(const std::string& class_name, const std::string& xml) {
    std::string out = xml;  // <p:S …>…</p:S>: the element's name is the class
    const auto name_end = out.find(' ');
    out.replace(3, name_end - 3, class_name);
    const auto close = out.rfind("</p:");
    return out.substr(0, close) + "</p:" + class_name + ">";
}

std::string adapter(const std::string& address, const std::string& driver = "vmsmp") {
    return "<p:A xmlns:p='u'><p:IPEnabled>true</p:IPEnabled><p:IPAddress>" + address + "</p:IPAddress><p:ServiceName>" +
           driver + "</p:ServiceName></p:A>";
}

// All that an audit asks of a host.
std::vector<Address> audited() {
    std::vector<Address> out;
    for (const Setting* row : catalogue())
        if (row->kind == Kind::host && row != &setting::host_build && row != &setting::host_machines &&
            row != &setting::host_credential_guard)
            out.push_back({"HV01", row});
    return out;
}

struct Audit : World {
    Audit() {
        all->domain = "CORP.EXAMPLE";
        FakeHost& host = hosts["HV01"];
        host.classes[around] = {
            {typed(service_class, service("0")), typed(network_class, network("N", "10.1.0.0", "16", "UserManaged"))}};
        host.classes[adapters] = {{adapter("10.1.0.1")}};
    }
    Snapshot read(const std::vector<Address>& addresses) { return make_reader(all, pace())->read(addresses); }
    Strings& log() { return hosts["HV01"].log; }
};

}  // namespace

TEST_CASE("talk: three questions for all that an audit asks") {
    Audit audit;
    const Snapshot seen = audit.read(audited());
    CHECK(audit.log() == Strings{"enumerate " + setting_class, around, adapters});
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
        audit.hosts["HV01"].classes[network_class] = {Strings{}};
        CHECK(audit.read({{"HV01", row}}).readings.begin()->second.has_value());
        CHECK(audit.log() == Strings{"enumerate " + question});
    }
}

TEST_CASE("talk: who knows the setting's key gets networks and what runs in one question") {
    Audit audit;
    const std::vector<Address> gated = {{"HV01", &setting::migration_networks},
                                        {"HV01", &setting::host_running_migrations}};
    const auto reader = make_reader(audit.all, audit.pace());
    const auto read = [&](std::span<const Address> asked) {
        const std::size_t before = audit.log().size();
        const Snapshot seen = reader->read(asked);
        CHECK(seen.at(asked[0]).value() == Held(Value(Set({"10.1.0.0/16"}))));
        return Strings(audit.log().begin() + static_cast<std::ptrdiff_t>(before), audit.log().end());
    };
    FakeHost& host = audit.hosts["HV01"];
    host.classes[network_class] = {{network("N", "10.1.0.0", "16", "UserManaged")}};
    CHECK(read({gated.data(), 1}) == Strings{"enumerate " + network_class});
    CHECK(read(gated) == Strings{"enumerate " + setting_class, around});
    CHECK(read({gated.data(), 1}) == Strings{around});
    CHECK(read(gated) == Strings{around});
    // A key that is good no longer is forgotten.
    const auto good = host.classes.extract(around);
    CHECK(read(gated) == Strings{around, "enumerate " + network_class, "enumerate " + service_class});
    CHECK(read({gated.data(), 1}) == Strings{"enumerate " + network_class});
}

TEST_CASE(
    "talk: where the sign-on tells no domain the host is asked for its domain; a node of a cluster for its cluster") {
    Audit audit;
    audit.all->domain.clear();
    FakeHost& host = audit.hosts["HV01"];
    host.classes[adapters] = {{adapter("10.1.0.1"), adapter("169.254.1.1", "NETFT")}};
    host.classes["Win32_ComputerSystem"] = {
        {"<p:C xmlns:p='u'><p:PartOfDomain>true</p:PartOfDomain><p:Domain>Corp.Example</p:Domain></p:C>"}};
    host.classes["MSCluster_Cluster"] = {{"<p:C xmlns:p='u'><p:Name>CLU1</p:Name></p:C>"}};
    const Snapshot seen = audit.read(audited());
    CHECK(audit.log().size() == 5);
    CHECK(seen.at({"HV01", &setting::host_domain}).value() == Held(Value(std::string("corp.example"))));
    CHECK(seen.at({"HV01", &setting::host_cluster}).value() == Held(Value(std::string("CLU1"))));
}

TEST_CASE("talk: a network of somebody else's makes a host look clustered") {
    Audit audit;
    audit.hosts["HV01"].classes[around] = {
        {typed(service_class, service("0")), typed(network_class, network("C", "10.7.0.0", "16", "ClusterManaged"))}};
    const Snapshot seen = audit.read(audited());
    CHECK(audit.log().back() == "enumerate MSCluster_Cluster");
    CHECK(seen.at({"HV01", &setting::host_cluster}).value() == Held{});  // no such namespace: it is not
    CHECK(seen.at({"HV01", &setting::migration_networks}).value() == Held(Value(Set{})));
}

TEST_CASE("talk: a host that associates otherwise is asked class by class") {
    for (const bool empty : {true, false}) {
        Audit audit;
        FakeHost& host = audit.hosts["HV01"];
        if (empty) host.classes[around] = {Strings{}};
        else host.classes.erase(around);  // a fault
        host.classes[network_class] = {{network("N", "10.1.0.0", "16", "UserManaged")}};
        const Snapshot seen = audit.read(audited());
        CHECK(audit.log() == Strings{"enumerate " + setting_class, around, "enumerate " + network_class,
                                     "enumerate " + service_class, adapters});
        CHECK(seen.at({"HV01", &setting::migration_networks}).value() == Held(Value(Set({"10.1.0.0/16"}))));
    }
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

TEST_CASE("change: whether migrations run is told by the reading that brought the networks, and by no older one") {
    const std::string net = network("N", "10.1.0.0", "16", "UserManaged");
    // Both are read, then the networks alone, and then these are taken away.
    const auto taken_away = [](Audit& audit) {
        const auto reader = make_reader(audit.all, audit.pace());
        const std::vector<Address> gated = {{"HV01", &setting::migration_networks},
                                            {"HV01", &setting::host_running_migrations}};
        CHECK(reader->read(gated).at(gated[1]).value() == Held(Value(std::int64_t{0})));
        CHECK(reader->read({gated.data(), 1}).at(gated[0]).has_value());
        return make_writer(audit.all, audit.pace())->write(gated[0], Set({"10.1.0.0/16"}), Set{});
    };
    const auto world_around = [&](const char* running) {
        return Strings{typed(service_class, service(running)), typed(network_class, net)};
    };
    for (const bool starts : {false, true}) {
        Audit audit;
        FakeHost& host = audit.hosts["HV01"];
        host.classes[around] = {world_around("0"), world_around(starts ? "1" : "0")};
        host.methods["RemoveNetworkSettings"] = {output("0")};
        const auto done = taken_away(audit);
        CHECK(done.has_value() != starts);
        if (starts) CHECK(done.error().code == Code::refused);
        Strings asked{"enumerate " + setting_class, around, around};
        if (!starts) asked.emplace_back("RemoveNetworkSettings");
        CHECK(audit.log() == asked);
    }
    // Read again without the service (the key is not known any more): it is asked, though an older answer was at hand.
    Audit audit;
    FakeHost& host = audit.hosts["HV01"];
    host.classes[around] = {Strings{}};
    host.classes[network_class] = {{net}};
    host.classes[service_class] = {{service("0")}, {service("1")}};
    const auto done = taken_away(audit);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == Code::refused);
    CHECK(audit.log().back() == "enumerate " + service_class);
}

TEST_CASE("change: a service with other keys is looked up, and the change made once") {
    Audit audit;
    FakeHost& host = audit.hosts["HV01"];
    host.methods["ModifyServiceSettings"] = {job_gone, output("0")};
    CHECK(audit.write(setting::migration_max_live, two, four).has_value());
    CHECK(audit.log() == Strings{"enumerate " + setting_class, "ModifyServiceSettings", "enumerate " + service_class,
                                 "ModifyServiceSettings"});
}

}  // namespace fairway::wmi
