// A trial move: is what stops one looked for first, at both ends, and is what Windows' own clients send sent?
#include <doctest/doctest.h>

#include "tests/providers/wmi/fake_host.hpp"

namespace fairway::wmi::mover_test {
namespace {

const std::string id = "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01", checkpoint = "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9AC1";
const std::string planned_query = "SELECT Name, ElementName FROM Msvm_PlannedComputerSystem WHERE Name = '" + id + "'";
const std::string configurations_query =
    "SELECT InstanceID, VirtualSystemType FROM Msvm_VirtualSystemSettingData WHERE VirtualSystemIdentifier = '" + id +
    "'";

std::string like(const std::string& guid) { return "InstanceID LIKE 'Microsoft:" + text::fold(guid) + "%'"; }
const std::string disks_query = "SELECT * FROM Msvm_StorageAllocationSettingData WHERE " + like(id);
const std::string all_disks_query = disks_query + " OR " + like(checkpoint);

std::string setting_with(const std::string& flags, const std::string& enabled = "true") {
    return "<p:S xmlns:p='u'><p:InstanceID>I</p:InstanceID><p:EnableVirtualSystemMigration>" + enabled +
           "</p:EnableVirtualSystemMigration>" + flags + "</p:S>";
}

std::string flags(const std::string& compression, const std::string& smb) {
    return "<p:EnableCompression>" + compression + "</p:EnableCompression><p:EnableSmbTransport>" + smb +
           "</p:EnableSmbTransport>";
}

std::string configuration(const std::string& guid, const std::string& type) {
    return "<w:XmlFragment><InstanceID>Microsoft:" + guid +
           "</InstanceID><VirtualSystemType>Microsoft:Hyper-V:" + type + "</VirtualSystemType></w:XmlFragment>";
}

std::string disk(const std::string& owner, const std::string& path, const std::string& more = "",
                 const std::string& kind = "Virtual Hard Disk") {
    return "<p:D xmlns:p='u'><p:InstanceID>Microsoft:" + owner +
           "\\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\\0\\0\\L</p:InstanceID><p:Caption>Disque \"dur\"</p:Caption>"
           "<p:ResourceType>31</p:ResourceType><p:ResourceSubType>Microsoft:Hyper-V:" +
           kind + "</p:ResourceSubType><p:PoolID/><p:HostResource>" + path + "</p:HostResource><p:Limit>1</p:Limit>" +
           "<p:Unheard>of</p:Unheard>" + more + "</p:D>";
}

// Steps until it is over, with the time that a wait takes.
struct Ended {
    Result<void> end;
    MoveProof proof;
    bool has_value() const { return end.has_value(); }
    const Error& error() const { return end.error(); }
    const MoveProof* operator->() const { return &proof; }
};

Ended run(World& world, Mover& mover, const TrialMove& trial) {
    const auto moving = mover.begin(trial);
    for (int steps = 0; steps < 500; ++steps) {
        if (const auto end = moving->step()) return {*end, moving->proof()};
        world.now += std::chrono::seconds(1);
    }
    FAIL("it never ends");
    return {{}, {}};
}

struct Move {
    World world;
    FakeHost &from = world.hosts["HV01"], &to = world.hosts["HV02"];

    Move() {
        from.classes["Msvm_ComputerSystem"] = {
            {vm("HV01", "HV01"), vm("canary", id)}, {vm("HV01", "HV01"), vm("canary", id)}, {vm("HV01", "HV01")}};
        to.classes["Msvm_ComputerSystem"] = {{vm("HV02", "HV02"), vm("canary", id)}};
        to.classes[service_class] = {{service("0",
                                              "<p:MigrationServiceListenerIPAddressList>10.0.0.2"
                                              "</p:MigrationServiceListenerIPAddressList>")}};
        to.classes[planned_query] = {{}};
        for (FakeHost* end : {&from, &to}) {
            end->classes[configurations_query] = {{configuration(id, "System:Realized")}};
            end->classes[disks_query] = {{disk(id, "C:\\a.vhdx")}};
        }
        from.methods["CheckVirtualSystemIsMigratable"] = {output("4096", job_reference)};
        from.methods["MigrateVirtualSystemToHost"] = {output("4096", job_reference)};
        from.jobs = {job("7"), job("4", "<p:PercentComplete>12</p:PercentComplete>"), job("7")};
    }
    Ended operator()(bool storage = false) {
        return run(world, *make_mover(world.all, world.pace()), {"canary", "HV01", "HV02", storage});
    }
    // What was asked of the source for the last time.
    std::string last_method() const {
        for (auto it = from.log.rbegin(); it != from.log.rend(); ++it)
            if (from.methods.contains(*it)) return *it;
        return {};
    }
    // The arguments of a request, without the method's own element.
    static std::string arguments_of(const std::string& request, const std::string& method) {
        const auto begin = request.find("<m:" + method + "_INPUT"), inside = request.find('>', begin);
        REQUIRE(begin != std::string::npos);
        return request.substr(inside, request.find("</m:" + method + "_INPUT") - inside);
    }
    // What was sent, as the host reads it: the texts of a parameter, the same for the check and for the move.
    Strings sent(const std::string& parameter) const {
        REQUIRE(from.sent.size() == 2);
        CHECK(arguments_of(from.sent[0], "CheckVirtualSystemIsMigratable") ==
              arguments_of(from.sent[1], "MigrateVirtualSystemToHost"));
        const auto envelope = xml::parse(from.sent[1]);
        REQUIRE(envelope.has_value());
        const xml::Element* body = envelope->child("http://www.w3.org/2003/05/soap-envelope", "Body");
        Strings out;
        for (const xml::Element& child : body->children.front().children)
            if (child.local == parameter) out.push_back(child.text);
        return out;
    }
    cim::Instance order() const {
        const auto instance = cim::from_text(sent("MigrationSettingData").at(0));
        REQUIRE(instance.has_value());
        return *instance;
    }
};

std::string refused(const Ended& proof, Code code) {
    REQUIRE_FALSE(proof.has_value());
    CHECK(name(proof.error().code) == name(code));
    return proof.error().text;
}

}  // namespace

TEST_CASE("mover: asks at the source, and looks at both ends") {
    Move move;
    const auto proof = move();
    REQUIRE_MESSAGE(proof.has_value(), (proof.has_value() ? "" : proof.error().text));
    CHECK(proof->job == "J1");
    CHECK(proof->check == "J1");
    CHECK(proof->states == Strings{"running 12 %", "completed"});
    CHECK(proof->stage == MoveProof::Stage::proved);
    CHECK(proof->paths == Strings{"C:\\a.vhdx"});
    CHECK(proof->transport == "tcpip");
    CHECK_FALSE(proof->disks.has_value());
    REQUIRE(move.from.sent.size() == 2);
    const std::string& sent = move.from.sent[1];
    CHECK(sent.find("<m:ComputerSystem><a:Address>") <
          sent.find("<m:DestinationHost>hv02.corp.example</m:DestinationHost>"));
    CHECK(sent.find("<m:DestinationHost>") < sent.find("<m:MigrationSettingData>"));
    CHECK(sent.find("<w:Selector Name=\"Name\">" + id + "<") != std::string::npos);
    CHECK(move.order().text("MigrationType") == "32768");
    CHECK(move.order().text("TransportType") == "5");
    CHECK(move.order().list("DestinationIPAddressList") == Strings{"10.0.0.2"});
    CHECK_FALSE(move.order().has("EnableCompression"));
    CHECK(move.sent("NewResourceSettingData").empty());
    CHECK(move.to.sent.empty());
    const std::string look = "enumerate Msvm_ComputerSystem", setting = "enumerate " + setting_class;
    const std::string get = "get Msvm_MigrationJob";
    CHECK(text::join(move.from.log, "\n") ==
          text::join(Strings{look, setting, configurations_query, disks_query, "CheckVirtualSystemIsMigratable", get,
                             "MigrateVirtualSystemToHost", get, get, look, look},
                     "\n"));
    CHECK(text::join(move.to.log, "\n") ==
          text::join(Strings{setting, "enumerate " + service_class, planned_query, planned_query, look, look,
                             configurations_query, disks_query},
                     "\n"));
}

TEST_CASE("mover: what stops a move before it is tried") {
    Move move;
    const auto mover = make_mover(move.world.all, move.world.pace());
    const auto why = [&](const TrialMove& trial) {
        const Ended ended = run(move.world, *mover, trial);
        REQUIRE_FALSE(ended.has_value());
        CHECK(ended.proof.stage == MoveProof::Stage::preparing);
        return ended.error().code;
    };
    move.from.classes["Msvm_ComputerSystem"] = {{vm("HV01", "HV01")}};
    CHECK(why({"canary", "HV01", "HV02", false}) == Code::not_found);
    CHECK(why({"HV01", "HV01", "HV02", false}) == Code::not_found);
    CHECK(why({"canary", "HV01", "hv01", false}) == Code::bad_input);
    CHECK(why({"canary", "HV01", "HV09", false}) == Code::not_found);
    const std::string other = "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A02";
    move.from.classes["Msvm_ComputerSystem"] = {{vm("canary", id), vm("Canary", other)}};
    CHECK(why({"canary", "HV01", "HV02", false}) == Code::bad_input);
    move.to.classes[service_class] = {{service("0")}};
    CHECK(why({id, "HV01", "HV02", false}) == Code::refused);  // HV02 has no listener
    // A name of 36 characters that is no GUID would go into queries.
    move.from.classes["Msvm_ComputerSystem"] = {{vm("canary", "x' OR Name LIKE '%-3C0E-4E6B-9C6E-0F1A")}};
    CHECK(why({"canary", "HV01", "HV02", false}) == Code::not_found);
    CHECK(move.from.sent.empty());
}

TEST_CASE("mover: what the check says ends it") {
    Move move;
    move.from.jobs = {job("10", "<p:ErrorDescription>no credentials (0x8009030E)</p:ErrorDescription>")};
    move.from.methods["GetErrorEx"] = {output("0")};
    const std::string why = refused(move(), Code::denied);
    CHECK(why.starts_with("the check before the move: HV01: "));
    CHECK(why.find("0x8009030E") != std::string::npos);
    CHECK(move.from.sent.size() == 2);  // the check and GetErrorEx
    CHECK(move.last_method() == "GetErrorEx");
}

TEST_CASE("mover: a planned VM that the check left is removed before the move, and by its own class") {
    const std::string planned =
        "<w:XmlFragment><ElementName>canary</ElementName><Name>" + id + "</Name></w:XmlFragment>";
    Move move;
    move.to.classes[planned_query] = {{}, {planned}};
    move.to.methods["DestroySystem"] = {output("0")};
    CHECK(move().has_value());
    REQUIRE(move.to.sent.size() == 1);
    CHECK(move.to.sent[0].find("/Msvm_PlannedComputerSystem</w:ResourceURI>") != std::string::npos);
    CHECK(move.to.sent[0].find("Msvm_ComputerSystem</w:ResourceURI>") == std::string::npos);
    Move stays;
    stays.to.classes[planned_query] = {{}, {planned}};
    stays.to.methods["DestroySystem"] = {output("32769")};
    CHECK(refused(stays(), Code::denied).find("could not be removed") != std::string::npos);
    CHECK(stays.last_method() == "CheckVirtualSystemIsMigratable");
}

TEST_CASE("mover: a VM that arrived proves nothing unless it runs, with its disks where they were") {
    Move off;
    off.to.classes["Msvm_ComputerSystem"] = {{vm("HV02", "HV02"), vm("canary", id, "3")}};
    CHECK(refused(off(), Code::unsupported).find("does not run on HV02") != std::string::npos);
    Move stayed;
    stayed.from.classes["Msvm_ComputerSystem"] = {{vm("canary", id)}};
    CHECK(refused(stayed(), Code::unsupported).find("still on HV01") != std::string::npos);
    Move elsewhere;
    elsewhere.to.classes[disks_query] = {{disk(id, "D:\\a.vhdx")}};
    CHECK(refused(elsewhere(), Code::unsupported).find("D:\\a.vhdx instead of C:\\a.vhdx") != std::string::npos);
}

TEST_CASE("mover: live migration off at either end") {
    for (const bool at_source : {true, false}) {
        Move move;
        (at_source ? move.from : move.to).classes[setting_class] = {{setting_with("", "false")}};
        const std::string why = refused(move(), Code::refused);
        CHECK(why.starts_with(at_source ? "HV01: live migration is off" : "HV02: live migration is off"));
        CHECK(move.from.sent.empty());
    }
}

TEST_CASE("mover: a planned VM that was left at the destination is named, and is not touched") {
    Move move;
    move.to.classes[planned_query] = {
        {"<w:XmlFragment><ElementName>canary</ElementName><Name>" + text::fold(id) + "</Name></w:XmlFragment>"}};
    const std::string why = refused(move(), Code::refused);
    CHECK(why.starts_with("HV02: a planned VM"));
    CHECK(why.find("Msvm_PlannedComputerSystem -Filter \"Name='" + id + "'\"") != std::string::npos);
    CHECK(move.from.sent.empty());
    CHECK(move.to.sent.empty());
    Move unasked;
    unasked.to.classes[planned_query] = {{"<w:XmlFragment><Name>" + checkpoint + "</Name></w:XmlFragment>"}};
    CHECK(unasked().has_value());
}

TEST_CASE("mover: the transport is what both ends are set to") {
    const struct {
        std::string source, destination, word, type;
        bool compressed;
    } rows[] = {{flags("false", "true"), flags("false", "true"), "smb", "32768", false},
                {flags("true", "true"), flags("true", "true"), "smb", "32768", false},
                {flags("true", "true"), flags("true", "false"), "compression", "5", true},
                {flags("true", "false"), flags("true", "false"), "compression", "5", true},
                {flags("false", "true"), flags("true", "false"), "tcpip", "5", false},
                {flags("true", "false"), flags("false", "false"), "tcpip", "5", false},
                {flags("true", "true"), "", "tcpip", "5", false}};
    for (const auto& row : rows) {
        CAPTURE(row.source);
        CAPTURE(row.destination);
        Move move;
        move.from.classes[setting_class] = {{setting_with(row.source)}};
        move.to.classes[setting_class] = {{setting_with(row.destination)}};
        const auto proof = move();
        REQUIRE(proof.has_value());
        CHECK(proof->transport == row.word);
        CHECK(move.order().text("TransportType") == row.type);
        CHECK(move.order().has("EnableCompression") == row.compressed);
    }
}

TEST_CASE("mover: with storage every virtual hard disk of the VM and its checkpoints goes along, as it was read") {
    Move move;
    move.from.classes[configurations_query] = {
        {configuration(id, "System:Realized"), configuration(checkpoint, "Snapshot:Realized"),
         configuration("6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9AC2", "Snapshot:Planned")}};
    const std::string path = "C:\\R&amp;D\\l'h&lt;\"&gt;.avhdx";
    move.to.classes[configurations_query] = move.from.classes[configurations_query];
    move.from.classes[all_disks_query] = {{disk(id, path), disk(checkpoint, "C:\\b.vhdx"), disk(id, path),
                                           disk(id, "C:\\x.iso", "", "Virtual CD/DVD Disk"),
                                           disk("7D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01", "C:\\of-another-vm.vhdx")}};
    move.to.classes[all_disks_query] = move.from.classes[all_disks_query];
    const auto proof = move(true);
    REQUIRE_MESSAGE(proof.has_value(), (proof.has_value() ? "" : proof.error().text));
    CHECK(proof->disks == std::size_t{2});
    CHECK(move.order().text("MigrationType") == "32771");
    const Strings texts = move.sent("NewResourceSettingData");
    REQUIRE(texts.size() == 2);
    CHECK(
        texts[0] ==
        "<INSTANCE CLASSNAME=\"Msvm_StorageAllocationSettingData\"><PROPERTY NAME=\"InstanceID\" "
        "TYPE=\"string\"><VALUE>"
        "Microsoft:" +
            id +
            "\\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\\0\\0\\L</VALUE></PROPERTY><PROPERTY NAME=\"ResourceType\" "
            "TYPE=\"uint16\"><VALUE>31</VALUE></PROPERTY><PROPERTY NAME=\"ResourceSubType\" TYPE=\"string\"><VALUE>"
            "Microsoft:Hyper-V:Virtual Hard Disk</VALUE></PROPERTY><PROPERTY NAME=\"PoolID\" TYPE=\"string\"><VALUE>"
            "</VALUE></PROPERTY><PROPERTY.ARRAY NAME=\"HostResource\" TYPE=\"string\"><VALUE.ARRAY><VALUE>"
            "C:\\R&#38;D\\l&#39;h&#60;&#34;&#62;.avhdx</VALUE></VALUE.ARRAY></PROPERTY.ARRAY><PROPERTY NAME=\"Limit\" "
            "TYPE=\"uint64\"><VALUE>1</VALUE></PROPERTY></INSTANCE>");
    CHECK(texts[1].find("C:\\b.vhdx") != std::string::npos);
    CHECK(proof->paths.size() == 2);
}

TEST_CASE("mover: a VM without disks moves with none, and the proof says so") {
    Move move;
    move.from.classes[disks_query] = move.to.classes[disks_query] = {{}};
    const auto proof = move(true);
    REQUIRE(proof.has_value());
    CHECK(proof->disks == std::size_t{0});
}

TEST_CASE("mover: disks that are not sent") {
    const auto with = [](const Strings& disks) {
        Move move;
        move.from.classes[disks_query] = {disks};
        const auto proof = move(true);
        CHECK(move.from.sent.empty());
        return proof;
    };
    const std::string shared = "<p:PersistentReservationsSupported>true</p:PersistentReservationsSupported>";
    CHECK(refused(with({disk(id, "C:\\s.vhdx", shared)}), Code::refused)
              .starts_with("HV01: its virtual hard disk C:\\s"));
    refused(with({disk(id, "")}), Code::protocol);
    refused(with({disk(id, "C:\\a.vhdx</p:HostResource><p:HostResource>C:\\b.vhdx")}), Code::protocol);
    Strings many;
    for (int n = 0; n < 257; ++n) many.push_back(disk(id + "\\" + std::to_string(n), "C:\\a.vhdx"));
    refused(with(many), Code::unsupported);
    refused(with({disk(id, std::string(200 * 1024, 'x'))}), Code::unsupported);

    const auto configured = [](const Strings& configurations) {
        Move move;
        move.from.classes[configurations_query] = {configurations};
        const auto proof = move(true);
        CHECK(move.from.sent.empty());
        return proof;
    };
    refused(configured({configuration("' OR '%", "System:Realized")}), Code::protocol);
    refused(configured({}), Code::not_found);
    Strings checkpoints;
    for (int n = 1000; n < 1101; ++n)
        checkpoints.push_back(
            configuration("6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA" + std::to_string(n), "Snapshot:Realized"));
    refused(configured(checkpoints), Code::unsupported);
}

}  // namespace fairway::wmi::mover_test
