// Which steps make the VM for trial moves at a host and take it away, from wherever an earlier call was cut off; and
// what is somebody else's stays. Facts: WMI-130 to WMI-139.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "providers/wmi/hyperv/trial_vm.hpp"
#include "tests/providers/wmi/fake_host.hpp"

namespace fairway::wmi::trial_vm_steps_test {
namespace {

const std::string id = "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01";
const std::string path = "C:\\VMs\\t-" + id + ".vhdx";
const std::string settings_query(class_row(Source::machine_settings).query);
const std::string checkpoints_query =
    "SELECT InstanceID, VirtualSystemType FROM Msvm_VirtualSystemSettingData WHERE VirtualSystemIdentifier = '" + id +
    "'";

std::string parts_query(const std::string& of) {
    return fmt::format("SELECT * FROM {} WHERE InstanceID LIKE 'Microsoft:{}%'", of, id);
}
const std::string memory_query = parts_query("Msvm_MemorySettingData"),
                  disk_query = parts_query("Msvm_StorageAllocationSettingData"),
                  slot_query = parts_query("Msvm_ResourceAllocationSettingData");
const std::string file_query = "SELECT Name FROM CIM_DataFile WHERE Name = " + soap::wql_literal(path);

std::string setting_of(bool complete, const std::string& name = "t") {
    return "<w:XmlFragment><ElementName>" + name + "</ElementName><InstanceID>Microsoft:" + id +
           "</InstanceID><Notes>" + note_of({"t", "corp", complete}) + "</Notes><VirtualSystemIdentifier>" + id +
           "</VirtualSystemIdentifier><VirtualSystemType>Microsoft:Hyper-V:System:Realized</VirtualSystemType>"
           "</w:XmlFragment>";
}
std::string keys_of(const std::string& name) {
    return "<p:S "
           "xmlns:p='u'><p:SystemCreationClassName>Msvm_ComputerSystem</p:SystemCreationClassName><p:SystemName>HV01"
           "</p:SystemName><p:CreationClassName>" +
           name + "</p:CreationClassName><p:Name>x</p:Name></p:S>";
}
std::string part(const std::string& kind, const std::string& more = "") {
    return "<p:P xmlns:p='u'><p:InstanceID>Microsoft:" + id + "\\" + kind +
           "</p:InstanceID><p:ResourceSubType>Microsoft:Hyper-V:" + kind + "</p:ResourceSubType>" + more + "</p:P>";
}
std::string memory(const std::string& mb) {
    return part("memory", "<p:VirtualQuantity>" + mb + "</p:VirtualQuantity>");
}
const std::string controller = part("Synthetic SCSI Controller"), drive = part("Synthetic Disk Drive");
std::string disk(const std::string& at = path) {
    return part("Virtual Hard Disk", "<p:HostResource>" + at + "</p:HostResource>");
}
std::string file() { return "<w:XmlFragment><Name>" + path + "</Name></w:XmlFragment>"; }
std::string state(const std::string& number) {
    return "<p:V xmlns:p='u'><p:EnabledState>" + number + "</p:EnabledState></p:V>";
}

// A host that has nothing of it yet, and takes every method.
struct Bench {
    FakeHost host;
    std::string left;

    Bench() {
        host.classes = {
            {settings_query, {{}, {setting_of(false)}}},
            {"Msvm_ComputerSystem", {{vm("HV01", "HV01")}}},
            {"Msvm_VirtualSystemManagementService", {{keys_of("Msvm_VirtualSystemManagementService")}}},
            {"Msvm_ImageManagementService", {{keys_of("Msvm_ImageManagementService")}}},
            {"Msvm_VirtualSystemManagementServiceSettingData",
             {{"<p:D xmlns:p='u'><p:DefaultVirtualHardDiskPath>C:\\VMs\\</p:DefaultVirtualHardDiskPath></p:D>"}}},
            {memory_query, {{memory("1024")}}},
            {disk_query, {{}, {}, {disk()}}},
            {slot_query, {{}, {controller}, {controller}, {controller, drive}}},
            {file_query, {{}}},
            {checkpoints_query, {{setting_of(true)}}}};
        host.jobs = {state("3")};
        for (const char* method :
             {"DefineSystem", "ModifyResourceSettings", "CreateVirtualHardDisk", "AddResourceSettings",
              "RequestStateChange", "ModifySystemSettings", "Delete", "DestroySystem"})
            host.methods[method] = {output("0")};
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    Result<void> change(const Set& before, const Set& after) {
        FakeChannel channel(host);
        Client client(channel, Pace::real());
        return change_trial_vms(client, "HV01", before, after, left);
    }
    Result<void> make() { return change(Set(), *as_set(whole("t", "corp"))); }
    Result<void> remove() { return change(*as_set(whole("t", "corp")), Set()); }

    Strings called() const {
        Strings out;
        for (const std::string& one : host.log)
            if (host.methods.contains(one)) out.push_back(one);
        return out;
    }
    bool says(std::size_t call, const std::string& words) const {
        return host.sent.at(call).find(words) != std::string::npos;
    }
};

// As a host shows one that is whole.
void give_all(FakeHost& host) {
    host.classes[settings_query] = {{setting_of(true)}};
    host.classes[memory_query] = {{memory("32")}};
    host.classes[disk_query] = {{disk()}};
    host.classes[file_query] = {{file()}};
    host.jobs = {state("2")};
}

}  // namespace

TEST_CASE("trial VM: made step by step, its note complete at the end alone") {
    Bench bench;
    REQUIRE(bench.make().has_value());
    CHECK(bench.called() == Strings{"DefineSystem", "ModifyResourceSettings", "CreateVirtualHardDisk",
                                    "AddResourceSettings", "AddResourceSettings", "AddResourceSettings",
                                    "RequestStateChange", "ModifySystemSettings"});
    CHECK(bench.says(0, note_of({"t", "corp", false})));
    CHECK_FALSE(bench.says(0, ", complete"));
    CHECK(bench.says(0, "Microsoft:Hyper-V:SubType:2"));
    CHECK(bench.says(2, path));
    CHECK(bench.says(3, "Synthetic SCSI Controller"));
    // The part before, its backslashes doubled in the key.
    CHECK(bench.says(4, id + "\\\\Synthetic SCSI Controller"));
    CHECK(bench.says(5, id + "\\\\Synthetic Disk Drive"));
    CHECK(bench.says(5, path));
    CHECK(bench.says(6, "RequestedState>2<"));
    CHECK(bench.says(7, note_of({"t", "corp", true})));
}

TEST_CASE("trial VM: what was cut off goes on where it is, and a whole one is left alone but for its note") {
    Bench cut;
    cut.host.classes[settings_query] = {{setting_of(false)}};
    cut.host.classes[memory_query] = {{memory("32")}};
    cut.host.classes[file_query] = {{file()}};
    cut.host.classes[slot_query] = {{controller}, {controller}, {controller, drive}};
    REQUIRE(cut.make().has_value());
    CHECK(cut.called() ==
          Strings{"AddResourceSettings", "AddResourceSettings", "RequestStateChange", "ModifySystemSettings"});
    Bench all;
    give_all(all.host);
    REQUIRE(all.make().has_value());
    CHECK(all.called() == Strings{"ModifySystemSettings"});
}

TEST_CASE("trial VM: taken away with its disk, its note incomplete from the first step on") {
    Bench bench;
    give_all(bench.host);
    REQUIRE(bench.remove().has_value());
    CHECK(bench.called() == Strings{"ModifySystemSettings", "RequestStateChange", "Delete", "DestroySystem"});
    CHECK_FALSE(bench.says(0, ", complete"));
    CHECK(bench.says(1, "RequestedState>3<"));
    CHECK(bench.says(2, path));
    CHECK(bench.left.empty());
    Bench busy;
    give_all(busy.host);
    busy.host.methods["Delete"] = {output("15")};
    REQUIRE(busy.remove().has_value());
    CHECK(busy.called().back() == "DestroySystem");
    CHECK(busy.left.find(path) != std::string::npos);
    Bench none;
    none.host.classes[settings_query] = {{}};
    REQUIRE(none.remove().has_value());
    CHECK(none.called().empty());
}

TEST_CASE("trial VM: what is somebody else's stays") {
    Bench same_name;
    same_name.host.classes[settings_query] = {{}};
    same_name.host.classes["Msvm_ComputerSystem"] = {{vm("HV01", "HV01"), vm("t", id)}};
    Bench other_disk;
    give_all(other_disk.host);
    other_disk.host.classes[disk_query] = {{disk("C:\\payroll.vhdx")}};
    Bench checkpoint;
    give_all(checkpoint.host);
    checkpoint.host.classes[checkpoints_query] = {
        {"<w:XmlFragment><InstanceID>Microsoft:another</InstanceID></w:XmlFragment>"}};
    Bench twins;
    twins.host.classes[settings_query] = {
        {setting_of(true),
         "<w:XmlFragment><ElementName>t</ElementName><InstanceID>Microsoft:another</InstanceID><Notes>" +
             note_of({"t", "corp", true}) +
             "</Notes><VirtualSystemType>Microsoft:Hyper-V:System:Realized</VirtualSystemType>"
             "</w:XmlFragment>"}};
    const std::pair<Bench*, Result<void>> tries[] = {{&same_name, same_name.make()},
                                                     {&other_disk, other_disk.remove()},
                                                     {&checkpoint, checkpoint.remove()},
                                                     {&twins, twins.make()},
                                                     {&twins, twins.remove()}};
    for (const auto& [bench, end] : tries) {
        REQUIRE_FALSE(end.has_value());
        CHECK(end.error().code == Code::refused);
        CHECK(bench->called().empty());
    }
}

}  // namespace fairway::wmi::trial_vm_steps_test
