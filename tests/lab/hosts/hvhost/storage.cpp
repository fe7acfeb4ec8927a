// The forms of InstanceID and Parent are those of Hyper-V, as users' printouts show them. INFERENCE marks what a host
// does with a wrong NewResourceSettingData: nobody has written it down.
#include "storage.hpp"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <functional>

#include "embedded.hpp"

namespace lab {
namespace {

constexpr std::string_view kDisk = "Microsoft:Hyper-V:Virtual Hard Disk";
constexpr std::string_view kCd = "Microsoft:Hyper-V:Virtual CD/DVD Disk";
constexpr std::string_view kController = "83F8638B-8DCA-4152-9EDA-2CA8B33039B4";
constexpr std::uint32_t kDiskNotMoved = 0x80070032;  // INFERENCE
constexpr std::uint32_t kPathNotFound = 0x80070003;  // INFERENCE

std::string id_of(const std::string& owner, std::size_t place, char kind) {
    return "Microsoft:" + owner + "\\" + std::string(kController) + "\\0\\" + std::to_string(place) + "\\" + kind;
}

std::string key_of(const std::string& instance_id) { return boost::algorithm::to_lower_copy(instance_id); }

std::string escaped_key(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\\' ? std::string(2, c) : std::string(1, c);
    return out;
}

Instance allocation(const std::string& host, const std::string& owner, std::size_t place, std::string_view kind,
                    const std::string& path) {
    const std::string drive = path_of_part(host, drive_id(owner, place));
    return {"Msvm_StorageAllocationSettingData",
            {{"Address", std::string()},
             {"AllocationUnits", std::string("count")},
             {"AutomaticAllocation", true},
             {"AutomaticDeallocation", true},
             {"CachingMode", std::uint64_t{2}},
             {"Caption", std::string("Hard Disk Image")},
             {"ConsumerVisibility", std::uint64_t{3}},
             {"Description", std::string("Settings for the Microsoft Hard Disk Image.")},
             {"ElementName", std::string("Hard Disk Image")},
             {"HostExtentName", {}},
             {"HostResource", std::vector<std::string>{path}},
             {"InstanceID", id_of(owner, place, 'L')},
             {"IOPSLimit", std::uint64_t{0}},
             {"Limit", std::uint64_t{1}},
             {"Parent", drive},
             {"PersistentReservationsSupported", false},
             {"PoolID", std::string()},
             {"Reservation", std::uint64_t{1}},
             {"ResourceSubType", std::string(kind)},
             {"ResourceType", std::uint64_t{31}},
             {"SnapshotId", std::string()},
             {"VirtualQuantity", std::uint64_t{1}},
             {"VirtualQuantityUnits", std::string("count(fixed size block)")},
             {"Weight", std::uint64_t{0}}}};
}

Instance part(const std::string& id, std::uint64_t type, std::string_view sub_type, const std::string& parent) {
    return {"Msvm_ResourceAllocationSettingData",
            {{"AddressOnParent", std::string(parent.empty() ? "" : "0")},
             {"HostResource", std::vector<std::string>{}},
             {"InstanceID", id},
             {"Parent", parent},
             {"ResourceSubType", std::string(sub_type)},
             {"ResourceType", type}}};
}

void for_each_disk(Machine& machine, const std::function<void(const std::string& id, std::string& path)>& visit) {
    for (std::size_t i = 0; i < machine.disks.size(); ++i) visit(id_of(machine.id, i, 'L'), machine.disks[i]);
    for (auto& checkpoint : machine.checkpoints) {
        for (std::size_t i = 0; i < checkpoint.disks.size(); ++i) {
            visit(id_of(checkpoint.id, i, 'L'), checkpoint.disks[i]);
        }
    }
}

// The one value of a property of that form; nothing where it is another one.
std::optional<std::string> value_of(const Embedded& embedded, std::string_view name, std::string_view type,
                                    bool array) {
    for (const auto& property : embedded.properties) {
        if (property.name != name) continue;
        const bool right = property.type == type && property.array == array && property.values;
        if (!right || property.values->size() != 1) return std::nullopt;
        return property.values->front();
    }
    return std::nullopt;
}

}  // namespace

std::string controller_id(const std::string& machine) {
    return "Microsoft:" + machine + "\\" + std::string(kController) + "\\0";
}

std::string drive_id(const std::string& machine, std::size_t place) { return id_of(machine, place, 'D'); }

std::string path_of_part(const std::string& host, const std::string& instance_id) {
    return "\\\\" + host + "\\root\\virtualization\\v2:Msvm_ResourceAllocationSettingData.InstanceID=\"" +
           escaped_key(instance_id) + '"';
}

std::vector<Instance> parts_of(const std::string& host, const Machine& machine) {
    std::vector<Instance> out;
    const auto bus = controller_id(machine.id);
    if (machine.controllers > 0) out.push_back(part(bus, 6, "Microsoft:Hyper-V:Synthetic SCSI Controller", {}));
    for (std::size_t i = 0; i < machine.drives; ++i) {
        out.push_back(
            part(drive_id(machine.id, i), 17, "Microsoft:Hyper-V:Synthetic Disk Drive", path_of_part(host, bus)));
    }
    return out;
}

std::vector<Instance> disks_of(const std::string& host, const Machine& machine) {
    std::vector<Instance> out;
    const auto add = [&](const std::string& owner, const std::vector<std::string>& disks) {
        for (std::size_t i = 0; i < disks.size(); ++i) out.push_back(allocation(host, owner, i, kDisk, disks[i]));
    };
    add(machine.id, machine.disks);
    for (const auto& checkpoint : machine.checkpoints) add(checkpoint.id, checkpoint.disks);
    if (!machine.cd.empty()) out.push_back(allocation(host, machine.id, machine.disks.size(), kCd, machine.cd));
    return out;
}

std::optional<NewPaths> read_new_paths(const Machine& machine, const std::vector<std::string>& texts) {
    NewPaths known, out;
    Machine copy = machine;
    for_each_disk(copy, [&](const std::string& id, std::string& path) { known.emplace(key_of(id), path); });
    for (const auto& text : texts) {
        const auto embedded = parse_embedded(text);
        if (!embedded || embedded->class_name != "Msvm_StorageAllocationSettingData") return std::nullopt;
        const auto id = value_of(*embedded, "InstanceID", "string", false);
        const auto path = value_of(*embedded, "HostResource", "string", true);  // an array, as go-wsman measured
        const bool disk = value_of(*embedded, "ResourceType", "uint16", false) == "31" &&
                          value_of(*embedded, "ResourceSubType", "string", false) == kDisk;
        if (!id || !path || !disk || !known.contains(key_of(*id))) return std::nullopt;
        if (!out.emplace(key_of(*id), *path).second) return std::nullopt;
    }
    return out;
}

std::optional<Failure> place_disks(Machine& machine, const NewPaths& paths, bool with_storage) {
    std::optional<Failure> failure;
    for_each_disk(machine, [&](const std::string& id, std::string& path) {
        const auto told = paths.find(key_of(id));
        if (with_storage && told == paths.end()) {
            failure =
                Failure{kDiskNotMoved, "The virtual hard disk '" + path + "' is not among the resources to be moved"};
        } else if (with_storage && !told->second.empty()) {
            path = told->second;  // an empty one leaves it to the destination's pool, which has the same path here
        } else if (!with_storage && !path.starts_with("\\\\")) {
            failure = Failure{kPathNotFound, "The destination cannot reach the virtual hard disk '" + path + "'"};
        }
    });
    return failure;
}

}  // namespace lab
