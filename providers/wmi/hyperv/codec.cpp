// See codec.hpp. Facts: WMI-30 to WMI-36 and WMI-39 to WMI-45, WMI-93.
#include "providers/wmi/hyperv/codec.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>
#include <set>

#include "engine/base/characters.hpp"
#include "engine/base/log.hpp"
#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/hyperv/networks.hpp"
#include "providers/wmi/wsman/soap.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view hyper_v_namespace = "root/virtualization/v2";
constexpr std::string_view windows = "root/cimv2";

constexpr std::array classes = {
    ClassRow{Source::migration_setting,
             hyper_v_namespace,
             "Msvm_VirtualSystemMigrationServiceSettingData",
             true,
             {"InstanceID"}},
    ClassRow{Source::migration_network,
             hyper_v_namespace,
             "Msvm_VirtualSystemMigrationNetworkSettingData",
             false,
             {"InstanceID"}},
    ClassRow{Source::migration_service,
             hyper_v_namespace,
             "Msvm_VirtualSystemMigrationService",
             true,
             {"SystemName", "Name"}},
    ClassRow{Source::adapters, windows, "Win32_NetworkAdapterConfiguration", false},
    ClassRow{Source::computer, windows, "Win32_ComputerSystem", true, {"Name"}},
    ClassRow{Source::operating_system, windows, "Win32_OperatingSystem", true, {"Name"}},
    ClassRow{Source::machines, hyper_v_namespace, "Msvm_ComputerSystem", false, {"Name"}},
    ClassRow{
        Source::device_guard, "root/Microsoft/Windows/DeviceGuard", "Win32_DeviceGuard", true, {"InstanceIdentifier"}},
    ClassRow{Source::cluster_service, windows, "Win32_Service", false, {"Name"}},
    ClassRow{Source::cluster, "root/mscluster", "MSCluster_Cluster", false, {"Name"}},
    ClassRow{Source::planned_machines, hyper_v_namespace, "Msvm_PlannedComputerSystem", false, {"Name"}},
    ClassRow{Source::machine_settings, hyper_v_namespace, "Msvm_VirtualSystemSettingData", false, {"InstanceID"}},
    ClassRow{Source::virtual_disks, hyper_v_namespace, "Msvm_StorageAllocationSettingData", false, {"InstanceID"}},
};

// Without the display texts (Caption, Description, ElementName): nobody needs them back, and a host in another language
// may have characters in them that it refuses to read itself.
constexpr std::array setting_types = {
    TypeRow{"InstanceID", "string"},
    TypeRow{"EnableVirtualSystemMigration", "boolean"},
    TypeRow{"MaximumActiveVirtualSystemMigration", "uint32"},
    TypeRow{"MaximumActiveStorageMigration", "uint32"},
    TypeRow{"AuthenticationType", "uint32"},
    TypeRow{"EnableCompression", "boolean"},
    TypeRow{"EnableSmbTransport", "boolean"},
};

// A class that is there and shows no instance: Hyper-V hides its objects from those who may not see them.
Error none_of(Source source) {
    return {Code::not_found, fmt::format("the host shows no instance of {}; do its services run, and is the account in "
                                         "Hyper-V Administrators there?",
                                         classes.at(static_cast<std::size_t>(source)).name)};
}

Result<Held> boolean_of(const cim::Instance& instance, std::string_view property) {
    const auto value = instance.boolean(property);
    if (!value) return tl::unexpected(value.error());
    return *value ? Held(Value(**value)) : Held{};
}

Result<Held> integer_of(const cim::Instance& instance, std::string_view property) {
    const auto value = instance.integer(property);
    if (!value) return tl::unexpected(value.error());
    if (!*value) return Held{};
    if (**value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return fail(Code::protocol, fmt::format("{} is {}, which cannot be right", property, **value));
    return Held(Value(static_cast<std::int64_t>(**value)));
}

// An address without the zone index that Windows writes behind link-local ones (fe80::1%6): which of the host's own
// interfaces it belongs to says nothing to others.
std::optional<IpAddress> address_of(std::string_view text) {
    const std::string_view plain = text.substr(0, text.find('%'));
    const auto address = parse_address(plain);
    return address && (plain == text || address->v6) ? address : std::nullopt;
}

// Addresses as values. One odd text must not hide the others, so it is left out and reported.
struct Addresses {
    std::vector<std::string> good;
    std::string odd;  // what was left out last, in words
};

Addresses addresses_of(const std::vector<std::string>& texts, std::string_view property) {
    Addresses out;
    for (const std::string& raw : texts) {
        const std::string_view text = text::trim(raw);
        if (text.empty()) continue;
        if (const auto address = address_of(text)) out.good.push_back(show(*address));
        else out.odd = fmt::format("{} holds `{}`, which is no IP address", property, text::whole(text, 80));
    }
    return out;
}

// If nothing but odd texts is there, that is an Error, because nothing would look like an answer.
Result<Held> held_of(const Addresses& addresses) {
    if (addresses.good.empty() && !addresses.odd.empty()) return fail(Code::protocol, addresses.odd);
    return Held(Value(Set(addresses.good)));
}

Addresses of_adapters(const Instances& all) {
    std::vector<std::string> texts;
    std::string odd;
    for (const cim::Instance& adapter : all) {
        const auto enabled = adapter.boolean("IPEnabled");
        if (!enabled) odd = enabled.error().text;
        if (!enabled || !enabled->value_or(false)) continue;
        for (std::string& text : adapter.list("IPAddress")) texts.push_back(std::move(text));
    }
    Addresses out = addresses_of(texts, "IPAddress");
    if (out.odd.empty()) out.odd = odd;
    return out;
}

constexpr std::string_view listener_list = "MigrationServiceListenerIPAddressList";

Result<Held> read_enabled(const Instances& all) { return boolean_of(all.front(), "EnableVirtualSystemMigration"); }

Result<Held> read_max_live(const Instances& all) {
    return integer_of(all.front(), "MaximumActiveVirtualSystemMigration");
}

Result<Held> read_max_storage(const Instances& all) { return integer_of(all.front(), "MaximumActiveStorageMigration"); }

Result<Held> read_authentication(const Instances& all) {
    const auto type = all.front().integer("AuthenticationType");
    if (!type) return tl::unexpected(type.error());
    if (!*type) return Held{};
    if (**type == 0) return Held(Value(std::string(setting::credssp)));
    if (**type == 1) return Held(Value(std::string(setting::kerberos)));
    return fail(Code::protocol, fmt::format("AuthenticationType is {}; only 0 (CredSSP) and 1 (Kerberos) are known to "
                                            "this program",
                                            **type));
}

// Both TRUE: the class's page says that SMB wins, PowerShell shows Compression. We never write both, so it can
// only come from elsewhere; the wire does what the page says.
Result<Held> read_performance(const Instances& all) {
    const auto compression = all.front().boolean("EnableCompression");
    const auto smb = all.front().boolean("EnableSmbTransport");
    if (!compression) return tl::unexpected(compression.error());
    if (!smb) return tl::unexpected(smb.error());
    if (!*compression || !*smb) return Held{};  // Server 2012 without R2
    if (**compression && **smb)
        log::info(
            "EnableCompression and EnableSmbTransport are both TRUE; SMB is what counts, PowerShell shows "
            "Compression");
    return Held(Value(std::string(**smb ? "smb" : **compression ? "compression" : "tcpip")));
}

Result<Held> read_networks_value(const Instances& all) {
    const auto networks = read_networks(all);
    if (!networks) return tl::unexpected(networks.error());
    return Held(Value(elements_of(*networks)));
}

Result<Held> read_build(const Instances& all) { return integer_of(all.front(), "BuildNumber"); }

Result<Held> read_domain(const Instances& all) {
    const auto joined = all.front().boolean("PartOfDomain");
    if (!joined) return tl::unexpected(joined.error());
    const auto domain = all.front().text("Domain");
    if (*joined && !**joined) return Held{};  // then Domain is the name of a workgroup
    return domain ? Held(Value(text::fold(*domain))) : Held{};
}

Result<Held> read_addresses(const Instances& all) { return held_of(of_adapters(all)); }

Result<Held> read_listeners(const Instances& all) {
    if (!all.front().has(listener_list)) return Held{};
    return held_of(addresses_of(all.front().list(listener_list), listener_list));
}

Result<Held> read_running(const Instances& all) {
    std::int64_t sum = 0;
    for (const char* property : {"ActiveVirtualSystemMigrationCount", "ActiveStorageMigrationCount"}) {
        const auto count = integer_of(all.front(), property);
        if (!count || !*count) return count;
        sum += std::get<std::int64_t>(**count);
    }
    return Held(Value(sum));
}

// The host itself is always among them.
Result<Held> read_machines(const Instances& all) {
    if (all.empty()) return tl::unexpected(none_of(Source::machines));
    std::vector<std::string> names;
    for (const cim::Instance& system : all)
        if (is_machine(system)) names.push_back(system.text("ElementName").value_or(""));
    return Held(Value(Set(names)));
}

Result<Held> read_cluster(const Instances& all) {
    if (all.empty()) return Held{};
    const auto name = all.front().text("Name");
    if (!name || name->empty()) return fail(Code::protocol, "the host is in a cluster without a name");
    return Held(Value(*name));
}

// 1 is Credential Guard (WMI-43).
Result<Held> read_credential_guard(const Instances& all) {
    constexpr std::string_view property = "SecurityServicesRunning";
    if (!all.front().has(property)) return Held{};
    const auto running = all.front().list(property);
    return Held(Value(std::find(running.begin(), running.end(), "1") != running.end()));
}

std::string word(bool on) { return on ? "TRUE" : "FALSE"; }

std::vector<cim::Property> write_enabled(const Value& after) {
    return {cim::scalar("EnableVirtualSystemMigration", "boolean", word(std::get<bool>(after)))};
}

std::vector<cim::Property> write_authentication(const Value& after) {
    const bool kerberos = std::get<std::string>(after) == setting::kerberos;
    return {cim::scalar("AuthenticationType", "uint32", kerberos ? "1" : "0")};
}

std::vector<cim::Property> write_performance(const Value& after) {
    const auto& choice = std::get<std::string>(after);
    return {cim::scalar("EnableCompression", "boolean", word(choice == "compression")),
            cim::scalar("EnableSmbTransport", "boolean", word(choice == "smb"))};
}

std::vector<cim::Property> write_max_live(const Value& after) {
    const auto text = std::to_string(std::get<std::int64_t>(after));
    return {cim::scalar("MaximumActiveVirtualSystemMigration", "uint32", text)};
}

std::vector<cim::Property> write_max_storage(const Value& after) {
    const auto text = std::to_string(std::get<std::int64_t>(after));
    return {cim::scalar("MaximumActiveStorageMigration", "uint32", text)};
}

const std::array codec_rows = {
    CodecRow{&setting::migration_enabled, Source::migration_setting, read_enabled, write_enabled},
    CodecRow{&setting::migration_authentication, Source::migration_setting, read_authentication, write_authentication},
    CodecRow{&setting::migration_performance, Source::migration_setting, read_performance, write_performance},
    CodecRow{&setting::migration_max_live, Source::migration_setting, read_max_live, write_max_live},
    CodecRow{&setting::migration_max_storage, Source::migration_setting, read_max_storage, write_max_storage},
    CodecRow{&setting::migration_networks, Source::migration_network, read_networks_value, nullptr},
    CodecRow{&setting::host_build, Source::operating_system, read_build, nullptr},
    CodecRow{&setting::host_domain, Source::computer, read_domain, nullptr},
    CodecRow{&setting::host_addresses, Source::adapters, read_addresses, nullptr},
    CodecRow{&setting::host_listeners, Source::migration_service, read_listeners, nullptr},
    CodecRow{&setting::host_running_migrations, Source::migration_service, read_running, nullptr},
    CodecRow{&setting::host_machines, Source::machines, read_machines, nullptr},
    CodecRow{&setting::host_cluster, Source::cluster, read_cluster, nullptr},
    CodecRow{&setting::host_credential_guard, Source::device_guard, read_credential_guard, nullptr},
};

}  // namespace

std::span<const ClassRow> class_rows() { return classes; }
const ClassRow& class_row(Source source) { return classes.at(static_cast<std::size_t>(source)); }

std::string resource_of(Source source) {
    return soap::resource(class_row(source).wmi_namespace, class_row(source).name);
}

std::string resource_of_all(Source source) { return soap::resource(class_row(source).wmi_namespace, "*"); }

const CodecRow* codec_row(const Setting& setting) {
    const auto it = std::find_if(codec_rows.begin(), codec_rows.end(),
                                 [&](const CodecRow& row) { return row.setting == &setting; });
    return it == codec_rows.end() ? nullptr : &*it;
}

bool is_guid(std::string_view text) {
    constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    return std::equal(text.begin(), text.end(), form.begin(), form.end(),
                      [](char c, char wanted) { return wanted == 'x' ? text::hex_digit(c) >= 0 : c == wanted; });
}

bool is_machine(const cim::Instance& system) { return is_guid(system.text("Name").value_or("")); }

// Installed with the feature and disabled until the host joins a cluster (WMI-42); a node's may be stopped for a
// while.
bool is_node(const Instances& services) {
    return std::any_of(services.begin(), services.end(), [](const cim::Instance& service) {
        const auto says = [&](const char* property, std::string_view word) {
            return text::same_folded(service.text(property).value_or(""), word);
        };
        return says("State", "Running") || !says("StartMode", "Disabled");
    });
}

Instances distinct(Instances all, Source source) {
    std::set<std::string> seen;
    std::erase_if(all, [&](const cim::Instance& instance) {
        std::string whole;
        for (const std::string_view key : class_row(source).keys) {
            if (key.empty()) continue;
            const auto value = instance.text(key);
            if (!value) return false;  // not distinguishable from others
            whole += text::fold(*value) + '\n';
        }
        return !whole.empty() && !seen.insert(std::move(whole)).second;
    });
    return all;
}

Result<const cim::Instance*> only(const Instances& instances, Source source) {
    if (instances.size() == 1) return &instances.front();
    const std::string_view name = class_row(source).name;
    if (instances.empty()) return tl::unexpected(none_of(source));
    return fail(Code::protocol,
                fmt::format("the host has {} instances of {}; one is expected", instances.size(), name));
}

Result<Held> decode(const CodecRow& row, const Instances& instances) {
    if (class_row(row.source).single) {
        if (const auto instance = only(instances, row.source); !instance) return tl::unexpected(instance.error());
    }
    return row.decode(instances);
}

std::string left_out(const CodecRow& row, const Instances& instances) {
    if (row.source == Source::adapters) return of_adapters(instances).odd;
    if (row.setting != &setting::host_listeners || instances.empty()) return {};
    return addresses_of(instances.front().list(listener_list), listener_list).odd;
}

cim::Instance typed(const cim::Instance& read, std::span<const TypeRow> types) {
    cim::Instance out{read.class_name, {}};
    for (const TypeRow& type : types) {
        const cim::Property* property = read.find(type.property);
        if (property == nullptr || property->null) continue;
        cim::Property& copy = out.properties.emplace_back(*property);
        copy.type = type.type;
        copy.array = type.array;
    }
    return out;
}

Result<cim::Instance> changed(const CodecRow& row, const cim::Instance& read, const Value& after) {
    if (row.encode == nullptr) return fail(Code::unsupported, fmt::format("{} cannot be written", row.setting->name));
    cim::Instance out = typed(read, setting_types);
    for (cim::Property& fresh : row.encode(after)) {
        const auto it = std::find_if(out.properties.begin(), out.properties.end(),
                                     [&](const cim::Property& p) { return text::same_folded(p.name, fresh.name); });
        if (it == out.properties.end())
            return fail(Code::unsupported, fmt::format("the host has no {}; its release is too old for {}", fresh.name,
                                                       row.setting->name));
        *it = std::move(fresh);
    }
    return out;
}

std::string show(const Value& value) {
    if (const bool* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
    if (const auto* i = std::get_if<std::int64_t>(&value)) return std::to_string(*i);
    if (const auto* s = std::get_if<std::string>(&value)) return *s;
    const auto& elements = as_set(value)->elements();
    return elements.empty() ? "nothing" : text::join(elements, ", ");
}

}  // namespace fairway::wmi
