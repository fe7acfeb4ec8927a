// See virtual_disks.hpp. Facts: WMI-51 and WMI-92.
#include "providers/wmi/hyperv/virtual_disks.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

#include "engine/base/guid.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/hyperv/codec.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view id_prefix = "Microsoft:";
constexpr std::string_view hard_disk = "Microsoft:Hyper-V:Virtual Hard Disk";  // not a CD, a floppy disk, a pool
constexpr std::size_t most_configurations = 100;  // of one VM; Hyper-V keeps 50 checkpoints
constexpr std::size_t most_disks = 256;
constexpr std::size_t most_bytes = 192 * 1024;  // of all texts; escaped they must fit into WinRM's 500 KB

// All properties of the class's page but the display texts (see codec.cpp), as a client that sends an object back does.
constexpr std::array disk_types = {
    TypeRow{"InstanceID", "string"},
    TypeRow{"ResourceType", "uint16"},
    TypeRow{"OtherResourceType", "string"},
    TypeRow{"ResourceSubType", "string"},
    TypeRow{"PoolID", "string"},
    TypeRow{"ConsumerVisibility", "uint16"},
    TypeRow{"HostResource", "string", true},
    TypeRow{"AllocationUnits", "string"},
    TypeRow{"VirtualQuantity", "uint64"},
    TypeRow{"Limit", "uint64"},
    TypeRow{"Weight", "uint32"},
    TypeRow{"StorageQoSPolicyID", "string"},
    TypeRow{"AutomaticAllocation", "boolean"},
    TypeRow{"AutomaticDeallocation", "boolean"},
    TypeRow{"Parent", "string"},
    TypeRow{"Connection", "string", true},
    TypeRow{"Address", "string"},
    TypeRow{"MappingBehavior", "uint16"},
    TypeRow{"AddressOnParent", "string"},
    TypeRow{"VirtualResourceBlockSize", "uint64"},
    TypeRow{"VirtualQuantityUnits", "string"},
    TypeRow{"Access", "uint16"},
    TypeRow{"HostResourceBlockSize", "uint64"},
    TypeRow{"Reservation", "uint64"},
    TypeRow{"HostExtentStartingAddress", "uint64"},
    TypeRow{"HostExtentName", "string"},
    TypeRow{"HostExtentNameFormat", "uint16"},
    TypeRow{"OtherHostExtentNameFormat", "string"},
    TypeRow{"HostExtentNameNamespace", "uint16"},
    TypeRow{"OtherHostExtentNameNamespace", "string"},
    TypeRow{"IOPSLimit", "uint64"},
    TypeRow{"IOPSReservation", "uint64"},
    TypeRow{"IOPSAllocationUnits", "string"},
    TypeRow{"PersistentReservationsSupported", "boolean"},
    TypeRow{"CachingMode", "uint16"},
    TypeRow{"SnapshotId", "string"},
    TypeRow{"IgnoreFlushes", "boolean"},
    TypeRow{"WriteHardeningMethod", "uint16"},
};

// The GUID that an InstanceID begins with: of the VM's own configuration, or of a checkpoint's. Empty: none.
std::string configuration_of(const cim::Instance& instance) {
    const std::string id = instance.text("InstanceID").value_or("");
    if (!text::same_folded(std::string_view(id).substr(0, id_prefix.size()), id_prefix)) return {};
    constexpr std::size_t guid_size = 36;
    const std::string guid = text::fold(id.substr(id_prefix.size(), guid_size));
    const std::size_t end = id_prefix.size() + guid_size;
    const bool ends = id.size() <= end || id[end] == '\\';
    return is_guid(guid) && ends ? guid : std::string();
}

// The VM's own and its checkpoints', which have its identifier and a GUID of their own. What is only planned is none.
Result<std::set<std::string>> configurations(Inquirer& source, const std::string& vm) {
    const auto found = source.enumerate(
        resource_of_all(Source::machine_settings),
        {.wql = fmt::format("SELECT InstanceID, VirtualSystemType FROM {} WHERE VirtualSystemIdentifier = {}",
                            class_row(Source::machine_settings).name, soap::wql_literal(vm)),
         .most = 2 * most_configurations});
    if (!found) return tl::unexpected(found.error());
    std::set<std::string> out;
    for (const cim::Instance& instance : *found) {
        if (text::fold(instance.text("VirtualSystemType").value_or("")).ends_with(":planned")) continue;
        std::string id = configuration_of(instance);
        if (id.empty()) return fail(Code::protocol, "the host reports a configuration of the VM without an identifier");
        out.insert(std::move(id));
    }
    if (out.empty())
        return fail(Code::not_found, "the host reports no configuration of the VM, so its disks are unknown");
    if (out.size() > most_configurations)
        return fail(Code::unsupported, fmt::format("the VM has {} checkpoints; with more than {} a trial move with "
                                                   "storage is not tried: take a VM with fewer",
                                                   out.size() - 1, most_configurations - 1));
    return out;
}

std::string path_of(const cim::Instance& disk) { return text::join(disk.list("HostResource"), ", "); }

Result<std::string> told(const cim::Instance& disk) {
    const auto shared = disk.boolean("PersistentReservationsSupported");
    if (!shared) return tl::unexpected(shared.error());
    if (shared->value_or(false))
        return fail(Code::refused,
                    fmt::format("its virtual hard disk {} is shared with other VMs, and Hyper-V does not "
                                "move such disks; take another VM, or `storage: false`",
                                path_of(disk)));
    cim::Instance out = typed(disk, disk_types);
    out.class_name = class_row(Source::virtual_disks).name;
    return cim::to_text(out);
}

auto too_many() {
    return fail(
        Code::unsupported,
        fmt::format("with its checkpoints the VM has more virtual hard disks than one request can hold (at most "
                    "{}, {} KB); take a smaller VM, or `storage: false`",
                    most_disks, most_bytes / 1024));
}

}  // namespace

Result<std::vector<cim::Instance>> virtual_disks(Inquirer& host, const std::string& vm) {
    const auto owners = configurations(host, vm);
    if (!owners) return tl::unexpected(owners.error());
    std::vector<std::string> terms;
    for (const std::string& owner : *owners) terms.push_back(fmt::format("InstanceID LIKE '{}{}%'", id_prefix, owner));
    auto found = host.enumerate(resource_of_all(Source::virtual_disks),
                                {.wql = fmt::format("SELECT * FROM {} WHERE {}", class_row(Source::virtual_disks).name,
                                                    text::join(terms, " OR "))});
    if (!found) return tl::unexpected(found.error());
    std::vector<cim::Instance> out;
    std::set<std::string> seen;
    for (cim::Instance& disk : *found) {
        const bool ours = owners->contains(configuration_of(disk)) &&
                          text::same_folded(disk.text("ResourceSubType").value_or(""), hard_disk);
        if (!ours || !seen.insert(text::fold(disk.text("InstanceID").value_or(""))).second) continue;
        if (disk.list("HostResource").size() != 1 || path_of(disk).empty())
            return fail(Code::protocol, fmt::format("the virtual hard disk {} has no path, or several",
                                                    disk.text("InstanceID").value_or("")));
        if (out.size() == most_disks) return too_many();
        out.push_back(std::move(disk));
    }
    return out;
}

std::vector<std::string> paths_of(const std::vector<cim::Instance>& disks) {
    std::vector<std::string> out;
    for (const cim::Instance& disk : disks) out.push_back(path_of(disk));
    std::sort(out.begin(), out.end());
    return out;
}

Result<std::vector<std::string>> told(const std::vector<cim::Instance>& disks) {
    std::vector<std::string> out;
    std::size_t bytes = 0;
    for (const cim::Instance& disk : disks) {
        auto text = told(disk);
        if (!text) return tl::unexpected(text.error());
        bytes += text->size();
        if (bytes > most_bytes) return too_many();
        out.push_back(std::move(*text));
    }
    return out;
}

}  // namespace fairway::wmi
