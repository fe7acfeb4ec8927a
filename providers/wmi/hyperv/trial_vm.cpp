// See trial_vm.hpp.
#include "providers/wmi/hyperv/trial_vm.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/guid.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/hyperv/machines.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view note_begins = "Made by Fairway for trial moves (fairway verify --prepare), estate ";
constexpr std::string_view note_ends = ", complete";

constexpr std::string_view generation_2 = "Microsoft:Hyper-V:SubType:2";
constexpr std::string_view memory_mb = "32";
constexpr std::string_view disk_bytes = "4194304";
constexpr std::string_view turned_on = "2", turned_off = "3";  // RequestedState
constexpr std::string_view fixed_disk = "2", vhdx = "3";
constexpr std::string_view realized = "Microsoft:Hyper-V:System:Realized";

constexpr std::string_view of_machines = "root/virtualization/v2", of_files = "root/cimv2";

std::string hyper_v_class(std::string_view name) { return soap::resource(of_machines, name); }

struct PartRow {
    std::string_view type, sub_type, class_name;
};
constexpr PartRow controller_part{"6", "Microsoft:Hyper-V:Synthetic SCSI Controller",
                                  "Msvm_ResourceAllocationSettingData"};
constexpr PartRow drive_part{"17", "Microsoft:Hyper-V:Synthetic Disk Drive", "Msvm_ResourceAllocationSettingData"};
constexpr PartRow disk_part{"31", "Microsoft:Hyper-V:Virtual Hard Disk", "Msvm_StorageAllocationSettingData"};

bool reads(const cim::Instance& instance, std::string_view property, std::string_view word) {
    return text::same_folded(instance.text(property).value_or(""), word);
}

std::string machine_id(const cim::Instance& setting) { return setting.text("VirtualSystemIdentifier").value_or(""); }

// One host, and one VM of it, made and taken away.
class Workshop {
public:
    Workshop(Client& client, std::string host, TrialVm vm)
        : client_(client), host_(std::move(host)), vm_(std::move(vm)) {}

    Result<void> make() {
        auto setting = find();
        if (!setting) return tl::unexpected(setting.error());
        if (!*setting) {
            if (auto defined = define(); !defined) return defined;
            setting = find();
            if (!setting) return tl::unexpected(setting.error());
            if (!*setting)
                return fail(Code::unreachable, "the host says that it made the VM, and does not show it; look again");
        }
        if (auto ours = adopt(**setting); !ours) return ours;
        for (auto step : {&Workshop::set_memory, &Workshop::attach_disk, &Workshop::start})
            if (auto done = (this->*step)(); !done) return done;
        return note(true);
    }

    // `left`: what stays behind.
    Result<void> remove(std::string& left) {
        const auto setting = find();
        if (!setting) return tl::unexpected(setting.error());
        if (!*setting) return {};
        if (auto ours = adopt(**setting); !ours) return ours;
        const auto paths = own_disks();
        if (!paths) return tl::unexpected(paths.error());
        if (auto marked = note(false); !marked) return marked;
        if (auto stopped = change_state(turned_off); !stopped) return stopped;
        for (const std::string& path : *paths)
            if (const auto gone = delete_file(path); !gone)
                left = fmt::format("the VM {} is gone, and its disk {} is still there: {}; delete the file on the host",
                                   vm_.name, path, gone.error().text);
        const std::vector<soap::Argument> system = {{"AffectedSystem", machine()}};
        return call(service("Msvm_VirtualSystemManagementService"), "DestroySystem", system);
    }

private:
    // Known by its note alone, so a VM of the same name is none.
    Result<std::optional<cim::Instance>> find() {
        auto settings = client_.enumerate(resource_of_all(Source::machine_settings),
                                          {.wql = std::string(class_row(Source::machine_settings).query)});
        if (!settings) return tl::unexpected(settings.error());
        std::optional<cim::Instance> out;
        for (cim::Instance& setting : distinct(std::move(*settings), Source::machine_settings)) {
            const auto vm = noted(setting);
            if (!vm || vm->name != vm_.name || vm->estate != vm_.estate ||
                !reads(setting, "VirtualSystemType", realized))
                continue;
            if (out)
                return fail(Code::refused,
                            fmt::format("several VMs called {} carry the note of estate {}; which one is "
                                        "meant is not known, so nothing was done",
                                        vm_.name, vm_.estate));
            out = std::move(setting);
        }
        return out;
    }

    Result<void> adopt(const cim::Instance& setting) {
        id_ = machine_id(setting);
        setting_id_ = setting.text("InstanceID").value_or("");
        if (is_guid(id_) && !setting_id_.empty()) return {};
        return fail(Code::protocol, fmt::format("the host shows no identifier of the VM {}", vm_.name));
    }

    cim::Reference machine() const {
        return {resource_of(Source::machines), {{"CreationClassName", "Msvm_ComputerSystem"}, {"Name", id_}}};
    }
    cim::Reference configuration() const {
        return {resource_of(Source::machine_settings), {{"InstanceID", setting_id_}}};
    }

    // By its keys, as the host spells them.
    Result<cim::Reference> service(std::string_view class_name) {
        const auto found = client_.enumerate(hyper_v_class(class_name));
        if (!found) return tl::unexpected(found.error());
        if (found->size() != 1)
            return fail(Code::protocol,
                        fmt::format("the host has {} instances of {}; one is expected", found->size(), class_name));
        cim::Reference out{hyper_v_class(class_name), {}};
        for (const char* key : {"SystemCreationClassName", "SystemName", "CreationClassName", "Name"})
            out.selectors.push_back({key, found->front().text(key).value_or("")});
        return out;
    }

    Result<void> call(const Result<cim::Reference>& target, std::string_view method,
                      std::span<const soap::Argument> arguments) {
        if (!target) return tl::unexpected(target.error());
        const auto end = client_.perform(*target, method, arguments, setting_deadline);
        if (!end) return tl::unexpected(end.error());
        return {};
    }

    Result<void> manage(std::string_view method, std::string_view argument, const cim::Instance& object,
                        bool of_configuration = false) {
        auto text = cim::to_text(object);
        if (!text) return tl::unexpected(text.error());
        std::vector<soap::Argument> arguments;
        if (of_configuration) arguments.push_back({"AffectedConfiguration", configuration()});
        arguments.push_back({std::string(argument), std::move(*text)});
        return call(service("Msvm_VirtualSystemManagementService"), method, arguments);
    }

    Result<void> define() {
        const auto other = find_machine(client_, vm_.name);
        if (!other) return tl::unexpected(other.error());
        if (*other)
            return fail(Code::refused,
                        fmt::format("another VM is called {}, without the note of a trial VM of estate {}; "
                                    "none was made",
                                    vm_.name, vm_.estate));
        return manage("DefineSystem", "SystemSettings",
                      {"Msvm_VirtualSystemSettingData",
                       {cim::scalar("ElementName", "string", vm_.name),
                        cim::scalar("VirtualSystemSubType", "string", std::string(generation_2)),
                        cim::array("Notes", "string", {note_of({vm_.name, vm_.estate, false})})}});
    }

    Result<void> note(bool complete) {
        return manage("ModifySystemSettings", "SystemSettings",
                      {"Msvm_VirtualSystemSettingData",
                       {cim::scalar("InstanceID", "string", setting_id_),
                        cim::array("Notes", "string", {note_of({vm_.name, vm_.estate, complete})})}});
    }

    // Those of the VM's own configuration, by the beginning of their id.
    Result<Instances> parts(std::string_view class_name) {
        return client_.enumerate(
            resource_of_all(Source::machine_settings),
            {.wql = fmt::format("SELECT * FROM {} WHERE InstanceID LIKE 'Microsoft:{}%'", class_name, id_)});
    }
    Result<std::optional<cim::Instance>> part(const PartRow& row) {
        const auto found = parts(row.class_name);
        if (!found) return tl::unexpected(found.error());
        for (const cim::Instance& one : *found)
            if (reads(one, "ResourceSubType", row.sub_type)) return std::optional(one);
        return std::optional<cim::Instance>();
    }

    Result<void> set_memory() {
        const auto found = parts("Msvm_MemorySettingData");
        if (!found) return tl::unexpected(found.error());
        if (found->empty()) return fail(Code::protocol, "the host shows no memory of the VM");
        const cim::Instance& memory = found->front();
        if (memory.text("VirtualQuantity") == std::string(memory_mb)) return {};
        return manage("ModifyResourceSettings", "ResourceSettings",
                      {"Msvm_MemorySettingData",
                       {cim::scalar("InstanceID", "string", memory.text("InstanceID").value_or("")),
                        cim::scalar("VirtualQuantity", "uint64", std::string(memory_mb)),
                        cim::scalar("DynamicMemoryEnabled", "boolean", "FALSE")}});
    }

    // The path of a part in the namespace, as Parent holds it: backslashes within the key are doubled.
    std::string path_of(const cim::Instance& part) const {
        std::string key;
        for (const char c : part.text("InstanceID").value_or("")) key += c == '\\' ? "\\\\" : std::string(1, c);
        return fmt::format("\\\\{}\\root\\virtualization\\v2:Msvm_ResourceAllocationSettingData.InstanceID=\"{}\"",
                           host_, key);
    }

    // The part, made if need be.
    Result<cim::Instance> ensure(const PartRow& row, std::vector<cim::Property> more) {
        auto there = part(row);
        if (!there) return tl::unexpected(there.error());
        if (*there) return std::move(**there);
        cim::Instance fresh{std::string(row.class_name),
                            {cim::scalar("ResourceType", "uint16", std::string(row.type)),
                             cim::scalar("ResourceSubType", "string", std::string(row.sub_type))}};
        for (cim::Property& one : more) fresh.properties.push_back(std::move(one));
        if (auto added = manage("AddResourceSettings", "ResourceSettings", fresh, true); !added)
            return tl::unexpected(added.error());
        there = part(row);
        if (!there) return tl::unexpected(there.error());
        if (*there) return std::move(**there);
        return fail(Code::unreachable, fmt::format("the host took {}, and does not show it; look again", row.sub_type));
    }

    Result<void> attach_disk() {
        const auto attached = part(disk_part);
        if (!attached) return tl::unexpected(attached.error());
        if (*attached) return {};
        const auto path = make_file();
        if (!path) return tl::unexpected(path.error());
        const auto bus = ensure(controller_part, {});
        if (!bus) return tl::unexpected(bus.error());
        const auto slot = ensure(drive_part, {cim::scalar("Parent", "string", path_of(*bus)),
                                              cim::scalar("AddressOnParent", "string", "0")});
        if (!slot) return tl::unexpected(slot.error());
        const auto done = ensure(disk_part, {cim::scalar("Parent", "string", path_of(*slot)),
                                             cim::array("HostResource", "string", {*path})});
        if (!done) return tl::unexpected(done.error());
        return {};
    }

    // The VM's id is in it, so nobody else's file is called so.
    std::string file_name() const { return fmt::format("{}-{}.vhdx", vm_.name, id_); }

    // In the folder where the host puts new disks.
    Result<std::string> usual_path() {
        const auto found = client_.enumerate(hyper_v_class("Msvm_VirtualSystemManagementServiceSettingData"));
        if (!found) return tl::unexpected(found.error());
        std::string folder = found->empty() ? "" : found->front().text("DefaultVirtualHardDiskPath").value_or("");
        while (folder.ends_with('\\')) folder.pop_back();
        if (folder.empty()) return fail(Code::protocol, "the host does not say where it keeps virtual hard disks");
        return folder + "\\" + file_name();
    }

    Result<bool> is_there(const std::string& path) {
        const auto found = client_.enumerate(
            soap::resource(of_files, "*"),
            {.wql = fmt::format("SELECT Name FROM CIM_DataFile WHERE Name = {}", soap::wql_literal(path))});
        if (!found) return tl::unexpected(found.error());
        return !found->empty();
    }

    Result<std::string> make_file() {
        auto path = usual_path();
        if (!path) return path;
        const auto there = is_there(*path);
        if (!there) return tl::unexpected(there.error());
        if (*there) return path;
        const auto text =
            cim::to_text({"Msvm_VirtualHardDiskSettingData",
                          {cim::scalar("Type", "uint16", std::string(fixed_disk)),
                           cim::scalar("Format", "uint16", std::string(vhdx)), cim::scalar("Path", "string", *path),
                           cim::scalar("MaxInternalSize", "uint64", std::string(disk_bytes))}});
        if (!text) return tl::unexpected(text.error());
        const std::vector<soap::Argument> argument = {{"VirtualDiskSettingData", *text}};
        auto made = call(service("Msvm_ImageManagementService"), "CreateVirtualHardDisk", argument);
        if (!made) return tl::unexpected(made.error());
        return path;
    }

    Result<void> start() { return change_state(turned_on); }

    Result<void> change_state(std::string_view wanted) {
        const auto system = client_.get(machine());
        if (!system) return tl::unexpected(system.error());
        if (reads(*system, "EnabledState", wanted)) return {};
        const std::vector<soap::Argument> argument = {{"RequestedState", std::string(wanted)}};
        return call(machine(), "RequestStateChange", argument);
    }

    // What goes with the VM: no checkpoint, and no disk but the one that was made for it.
    Result<std::vector<std::string>> own_disks() {
        const auto settings = client_.enumerate(
            resource_of_all(Source::machine_settings),
            {.wql = fmt::format("SELECT InstanceID, VirtualSystemType FROM {} WHERE VirtualSystemIdentifier = {}",
                                class_row(Source::machine_settings).name, soap::wql_literal(id_))});
        if (!settings) return tl::unexpected(settings.error());
        for (const cim::Instance& one : *settings)
            if (!reads(one, "InstanceID", setting_id_))
                return fail(Code::refused,
                            fmt::format("the VM {} has a checkpoint, or is planned to be something else; "
                                        "somebody works with it, so it stays",
                                        vm_.name));
        const auto disks = parts(disk_part.class_name);
        if (!disks) return tl::unexpected(disks.error());
        std::vector<std::string> out;
        for (const cim::Instance& one : *disks)
            for (std::string& path : one.list("HostResource")) {
                if (path.empty()) continue;
                if (!text::fold(path).ends_with("\\" + text::fold(file_name())))
                    return fail(Code::refused, fmt::format("the VM {} has the disk {}, which was not made for it; "
                                                           "somebody works with it, so it stays",
                                                           vm_.name, path));
                out.push_back(std::move(path));
            }
        if (!out.empty()) return out;
        // Of one that was never attached.
        auto usual = usual_path();
        if (!usual) return tl::unexpected(usual.error());
        const auto there = is_there(*usual);
        if (!there) return tl::unexpected(there.error());
        if (*there) out.push_back(std::move(*usual));
        return out;
    }

    // CIM_DataFile reaches files of the host's own drives.
    Result<void> delete_file(const std::string& path) {
        const cim::Reference file{soap::resource(of_files, "CIM_DataFile"), {{"Name", path}}};
        const auto gone = client_.invoke(file, "Delete", {});
        if (!gone && gone.error().code == Code::not_found) return {};
        if (!gone) return tl::unexpected(gone.error());
        if (gone->value == 0) return {};
        return fail(Code::refused, fmt::format("Delete of CIM_DataFile returned {}", gone->value));
    }

    Client& client_;
    std::string host_;
    TrialVm vm_;
    std::string id_, setting_id_;
};

// Each VM that the elements speak of, once.
std::vector<TrialVm> vms_of(const Set& elements) {
    std::vector<TrialVm> out;
    for (const std::string_view one : elements) {
        auto vm = trial_vm(one);
        if (!vm) continue;
        vm->complete = false;
        if (std::find(out.begin(), out.end(), *vm) == out.end()) out.push_back(std::move(*vm));
    }
    return out;
}

}  // namespace

std::string note_of(const TrialVm& vm) {
    return fmt::format("{}{}{}", note_begins, vm.estate, vm.complete ? note_ends : "");
}

std::optional<TrialVm> noted(const cim::Instance& setting) {
    const std::string note = text::join(setting.list("Notes"), "\n");
    if (!note.starts_with(note_begins)) return std::nullopt;
    // The element is spelt alike: what reads back as a VM is held to the same form.
    const std::string name = setting.text("ElementName").value_or("");
    return trial_vm(fmt::format("{} of {}", name, note.substr(note_begins.size())));
}

Result<Held> read_trial_vms(const CodecRow&, const Instances& settings) {
    std::vector<std::string> out;
    for (const cim::Instance& setting : settings) {
        const auto vm = reads(setting, "VirtualSystemType", realized) ? noted(setting) : std::nullopt;
        if (!vm) continue;
        out.push_back(element({vm->name, vm->estate, false}));
        if (vm->complete) out.push_back(element(*vm));
    }
    return Held(Value(Set(out)));
}

Result<void> change_trial_vms(Client& client, const std::string& host, const Set& before, const Set& after,
                              std::string& left) {
    const Set comes = subtract(Key::whole, after, before), goes = subtract(Key::whole, before, after);
    for (const Set* part : {&comes, &goes})
        for (const std::string_view one : *part)
            if (!trial_vm(one))
                return fail(Code::bad_input, fmt::format("`{}` names no trial VM", text::printable(one)));
    for (const TrialVm& vm : vms_of(comes))
        if (auto made = Workshop(client, host, vm).make(); !made) return made;
    for (const TrialVm& vm : vms_of(goes))
        if (auto removed = Workshop(client, host, vm).remove(left); !removed) return removed;
    return {};
}

}  // namespace fairway::wmi
