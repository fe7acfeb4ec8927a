// The methods that make machines, change them and take them away. What real hosts check beforehand is checked at once;
// the effect comes with the job where there is one. Which code a host answers to a wrong request is FROM MEMORY.
#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <charconv>

#include "embedded.hpp"
#include "guid.hpp"
#include "methods.hpp"
#include "storage.hpp"

namespace lab {
namespace {

using Texts = std::vector<std::string>;

const Outcome kBadArguments{result::invalid_parameter, {}};
const Outcome kWrongState{32775, {}};
constexpr std::uint32_t kFileExists = 0x80070050;
constexpr std::uint64_t kSharingViolation = 15, kNoSuchFile = 9;
constexpr std::uint64_t kLeastDisk = 3 * 1024 * 1024;
constexpr std::uint64_t kLeastMemory = 32;

const std::string* key_of(const Reference& reference, std::string_view wanted) {
    const auto at = std::find_if(reference.keys.begin(), reference.keys.end(),
                                 [&](const auto& key) { return same_name(key.first, wanted); });
    return at == reference.keys.end() ? nullptr : &at->second;
}

Machine* machine_of(Host::State& state, std::string_view id) {
    const auto at = std::find_if(state.machines.begin(), state.machines.end(),
                                 [&](const Machine& machine) { return same_name(machine.id, id); });
    return at == state.machines.end() ? nullptr : &*at;
}

// "Microsoft:GUID", or what stands below it.
std::string owner_of(const std::string& instance_id) {
    constexpr std::size_t prefix = 10, guid = 36;
    return instance_id.starts_with("Microsoft:") && instance_id.size() >= prefix + guid
               ? instance_id.substr(prefix, guid)
               : std::string();
}

// An embedded instance of one class, each of whose properties is asked for by its type.
class Given {
public:
    Given(const std::string& text, std::initializer_list<std::string_view> classes) : embedded_(parse_embedded(text)) {
        const auto is = [&](std::string_view name) { return embedded_->class_name == name; };
        good_ = embedded_ && std::any_of(classes.begin(), classes.end(), is);
    }
    [[nodiscard]] const std::string& class_name() const { return embedded_->class_name; }
    std::optional<Texts> list(std::string_view name, std::string_view type, bool array = true) {
        if (!good_) return std::nullopt;
        for (const auto& property : embedded_->properties) {
            if (property.name != name) continue;
            ++taken_;
            if (property.type != type || property.array != array) good_ = false;
            return property.values;
        }
        return std::nullopt;
    }
    std::string text(std::string_view name, std::string_view type = "string") {
        const auto values = list(name, type, false);
        return values && !values->empty() ? values->front() : std::string();
    }
    std::optional<std::uint64_t> number(std::string_view name, std::string_view type) {
        const auto text = this->text(name, type);
        std::uint64_t out = 0;
        const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
        if (text.empty() || wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        return out;
    }
    // It is of the class, and has no property that was not asked for.
    [[nodiscard]] bool whole() const { return good_ && taken_ == embedded_->properties.size(); }

private:
    std::optional<Embedded> embedded_;
    bool good_ = false;
    std::size_t taken_ = 0;
};

// Now, or by a job; as the estate says.
Outcome answer(Host& host, std::string caption, std::function<std::optional<Failure>(Host::State&)> change) {
    const bool by_job = host.next_answer_is_job();
    if (!by_job) return {host.with(change) ? result::failed : result::done, {}};
    Job job{.class_name = "Msvm_ConcreteJob", .caption = std::move(caption), .type = 1};
    return with_job("Msvm_ConcreteJob", host.start(std::move(job), [&host, change] { return host.with(change); }));
}

struct PartRow {
    std::string_view sub_type;
    std::uint64_t type;
    std::string_view class_name;
    std::size_t Machine::*count;  // how many of them a machine has; null: its disks
};
constexpr PartRow kParts[] = {
    {"Microsoft:Hyper-V:Synthetic SCSI Controller", 6, "Msvm_ResourceAllocationSettingData", &Machine::controllers},
    {"Microsoft:Hyper-V:Synthetic Disk Drive", 17, "Msvm_ResourceAllocationSettingData", &Machine::drives},
    {"Microsoft:Hyper-V:Virtual Hard Disk", 31, "Msvm_StorageAllocationSettingData", nullptr},
};

// A disk stands in a drive that is empty, and a drive at a controller.
bool stands_well(const Host& host, const Machine& machine, const PartRow& row, const std::string& parent) {
    const auto path = [&](const std::string& id) { return path_of_part(host.estate().host, id); };
    if (row.type == 6) return parent.empty();
    if (row.type == 17) return machine.controllers > 0 && same_name(parent, path(controller_id(machine.id)));
    return machine.drives > machine.disks.size() && same_name(parent, path(drive_id(machine.id, machine.disks.size())));
}

}  // namespace

Outcome define_system(Host& host, const Caller&, const Arguments& arguments, const Instance&) {
    arguments.allow({"SystemSettings", "ResourceSettings", "ReferenceConfiguration"});
    Given given(arguments.text("SystemSettings"), {"Msvm_VirtualSystemSettingData"});
    const auto name = given.text("ElementName"), generation = given.text("VirtualSystemSubType");
    const auto notes = given.list("Notes", "string");
    const bool known = generation == "Microsoft:Hyper-V:SubType:1" || generation == "Microsoft:Hyper-V:SubType:2";
    if (!given.whole() || name.empty() || !known || !arguments.texts("ResourceSettings").empty()) return kBadArguments;
    Machine machine;
    machine.id = new_guid();
    machine.name = name;
    machine.notes = notes && !notes->empty() ? notes->front() : "";
    machine.generation = generation.back() == '2' ? 2 : 1;
    machine.running = false;
    machine.memory_mb = 1024;
    return answer(host, "Creating Virtual Machine", [machine](Host::State& state) -> std::optional<Failure> {
        state.machines.push_back(machine);
        return std::nullopt;
    });
}

Outcome modify_system_settings(Host& host, const Caller&, const Arguments& arguments, const Instance&) {
    arguments.allow({"SystemSettings"});
    Given given(arguments.text("SystemSettings"), {"Msvm_VirtualSystemSettingData"});
    const auto id = owner_of(given.text("InstanceID"));
    const auto notes = given.list("Notes", "string");
    if (!given.whole() || !notes || notes->size() != 1) return kBadArguments;
    if (host.with([&](Host::State& state) { return machine_of(state, id) == nullptr; })) return kBadArguments;
    return answer(host, "Modifying Virtual Machine",
                  [id, text = notes->front()](Host::State& state) -> std::optional<Failure> {
                      if (auto* machine = machine_of(state, id)) machine->notes = text;
                      return std::nullopt;
                  });
}

// Memory alone, and not of a machine that runs.
Outcome modify_resource_settings(Host& host, const Caller&, const Arguments& arguments, const Instance&) {
    arguments.allow({"ResourceSettings"});
    Given given(arguments.text("ResourceSettings"), {"Msvm_MemorySettingData"});
    const auto id = owner_of(given.text("InstanceID"));
    const auto quantity = given.number("VirtualQuantity", "uint64");
    given.text("DynamicMemoryEnabled", "boolean");
    if (!given.whole() || !quantity || *quantity < kLeastMemory || *quantity % 2 != 0) return kBadArguments;
    const auto refused = host.with([&](Host::State& state) -> std::optional<Outcome> {
        const auto* machine = machine_of(state, id);
        if (machine == nullptr) return kBadArguments;
        return machine->running ? std::optional(kWrongState) : std::nullopt;
    });
    if (refused) return *refused;
    return answer(host, "Modifying Device", [id, mb = *quantity](Host::State& state) -> std::optional<Failure> {
        if (auto* machine = machine_of(state, id)) machine->memory_mb = mb;
        return std::nullopt;
    });
}

Outcome add_resource_settings(Host& host, const Caller&, const Arguments& arguments, const Instance&) {
    arguments.allow({"AffectedConfiguration", "ResourceSettings"});
    const auto references = arguments.references("AffectedConfiguration");
    if (references.size() != 1 || !same_name(references.front().class_name, "Msvm_VirtualSystemSettingData")) {
        return kBadArguments;
    }
    const auto* key = key_of(references.front(), "InstanceID");
    const auto id = key == nullptr ? std::string() : owner_of(*key);
    Given given(arguments.text("ResourceSettings"),
                {"Msvm_ResourceAllocationSettingData", "Msvm_StorageAllocationSettingData"});
    const auto type = given.number("ResourceType", "uint16");
    const auto sub_type = given.text("ResourceSubType"), parent = given.text("Parent");
    const auto paths = given.list("HostResource", "string");
    given.text("AddressOnParent");
    const auto* row = std::find_if(std::begin(kParts), std::end(kParts), [&](const PartRow& one) {
        return given.whole() && one.sub_type == sub_type && one.type == type && one.class_name == given.class_name();
    });
    if (row == std::end(kParts)) return kBadArguments;
    const bool is_disk = row->count == nullptr;
    if (is_disk != (paths && paths->size() == 1)) return kBadArguments;
    const auto path = is_disk ? paths->front() : std::string();
    const bool good = host.with([&](Host::State& state) {
        const auto* machine = machine_of(state, id);
        return machine != nullptr && stands_well(host, *machine, *row, parent) &&
               (!is_disk || state.files.contains(boost::algorithm::to_lower_copy(path)));
    });
    if (!good) return kBadArguments;
    return answer(host, "Adding Device", [id, row, path](Host::State& state) -> std::optional<Failure> {
        auto* machine = machine_of(state, id);
        if (machine == nullptr) return std::nullopt;
        if (row->count != nullptr) ++(machine->*row->count);
        else machine->disks.push_back(path);
        return std::nullopt;
    });
}

Outcome request_state_change(Host& host, const Caller&, const Arguments& arguments, const Instance& object) {
    arguments.allow({"RequestedState", "TimeoutPeriod"});
    const auto wanted = arguments.text("RequestedState");
    const auto id = plain_text(*object.find("Name"));
    if (wanted != "2" && wanted != "3") return kBadArguments;
    const bool on = wanted == "2";
    const auto refused = host.with([&](Host::State& state) -> std::optional<Outcome> {
        const auto* machine = machine_of(state, id);
        if (machine == nullptr) return kBadArguments;
        return machine->running == on ? std::optional(kWrongState) : std::nullopt;
    });
    if (refused) return *refused;
    return answer(host, on ? "Starting Virtual Machine" : "Turning Off Virtual Machine",
                  [id, on](Host::State& state) -> std::optional<Failure> {
                      if (auto* machine = machine_of(state, id)) machine->running = on;
                      return std::nullopt;
                  });
}

Outcome create_disk(Host& host, const Caller&, const Arguments& arguments, const Instance&) {
    arguments.allow({"VirtualDiskSettingData"});
    Given given(arguments.text("VirtualDiskSettingData"), {"Msvm_VirtualHardDiskSettingData"});
    const auto path = given.text("Path");
    const auto type = given.number("Type", "uint16"), format = given.number("Format", "uint16");
    const auto size = given.number("MaxInternalSize", "uint64");
    const bool form = type == 2 && format == 3 && path.ends_with(".vhdx") && path.find('\\') != path.npos;
    if (!given.whole() || !form || size.value_or(0) < kLeastDisk) return kBadArguments;
    return answer(host, "Creating Virtual Hard Disk", [path](Host::State& state) -> std::optional<Failure> {
        if (state.files.emplace(boost::algorithm::to_lower_copy(path), path).second) return std::nullopt;
        return Failure{kFileExists, "The file exists"};
    });
}

// CIM_DataFile answers by a number of its own, and has no jobs.
Outcome delete_file(Host& host, const Caller&, const Arguments&, const Instance& object) {
    const auto path = boost::algorithm::to_lower_copy(plain_text(*object.find("Name")));
    return host.with([&](Host::State& state) -> Outcome {
        const bool in_use = std::any_of(state.machines.begin(), state.machines.end(), [&](const Machine& machine) {
            return machine.running && std::any_of(machine.disks.begin(), machine.disks.end(),
                                                  [&](const auto& disk) { return same_name(disk, path); });
        });
        if (in_use) return {kSharingViolation, {}};
        return {state.files.erase(path) == 1 ? result::done : kNoSuchFile, {}};
    });
}

// The class of the reference tells which is meant, the machine or what is planned of it. Its disks stay.
Outcome destroy_system(Host& host, const Caller&, const Arguments& arguments, const Instance&) {
    arguments.allow({"AffectedSystem"});
    const auto references = arguments.references("AffectedSystem");
    if (references.size() != 1) return kBadArguments;
    const auto* id = key_of(references.front(), "Name");
    const bool planned = same_name(references.front().class_name, "Msvm_PlannedComputerSystem");
    if (id == nullptr || (!planned && !same_name(references.front().class_name, "Msvm_ComputerSystem")))
        return kBadArguments;
    const auto is_it = [&](const Machine& machine) { return same_name(machine.id, *id); };
    return host.with([&](Host::State& state) -> Outcome {
        const auto* machine = planned ? nullptr : machine_of(state, *id);
        if (machine != nullptr && machine->running) return kWrongState;
        const auto gone = std::erase_if(planned ? state.planned : state.machines, is_it);
        return {gone == 1 ? result::done : result::invalid_parameter, {}};
    });
}

}  // namespace lab
