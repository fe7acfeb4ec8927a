// The rows of codec.hpp: one for each setting and fact of a host. Facts: WMI-30 to WMI-36 and WMI-39 to WMI-45, WMI-93.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>

#include "engine/base/characters.hpp"
#include "engine/base/log.hpp"
#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "providers/wmi/hyperv/codec.hpp"
#include "providers/wmi/hyperv/networks.hpp"
#include "providers/wmi/hyperv/trial_vm.hpp"

namespace fairway::wmi {
namespace {

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

// The value of the row's one property.
Result<Held> read_boolean(const CodecRow& row, const Instances& all) {
    return boolean_of(all.front(), row.properties.front().property);
}

Result<Held> read_integer(const CodecRow& row, const Instances& all) {
    return integer_of(all.front(), row.properties.front().property);
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

std::string odd_of_adapters(const CodecRow&, const Instances& all) { return of_adapters(all).odd; }

constexpr std::string_view listener_list = "MigrationServiceListenerIPAddressList";

Result<Held> read_authentication(const CodecRow&, const Instances& all) {
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
Result<Held> read_performance(const CodecRow&, const Instances& all) {
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

Result<Held> read_networks_value(const CodecRow&, const Instances& all) {
    const auto networks = read_networks(all);
    if (!networks) return tl::unexpected(networks.error());
    return Held(Value(elements_of(*networks)));
}

Result<Held> read_domain(const CodecRow&, const Instances& all) {
    const auto joined = all.front().boolean("PartOfDomain");
    if (!joined) return tl::unexpected(joined.error());
    const auto domain = all.front().text("Domain");
    if (*joined && !**joined) return Held{};  // then Domain is the name of a workgroup
    return domain ? Held(Value(text::fold(*domain))) : Held{};
}

Result<Held> read_addresses(const CodecRow&, const Instances& all) { return held_of(of_adapters(all)); }

Result<Held> read_listeners(const CodecRow&, const Instances& all) {
    if (!all.front().has(listener_list)) return Held{};
    return held_of(addresses_of(all.front().list(listener_list), listener_list));
}

std::string odd_of_listeners(const CodecRow&, const Instances& all) {
    return addresses_of(all.front().list(listener_list), listener_list).odd;
}

Result<Held> read_running(const CodecRow&, const Instances& all) {
    std::int64_t sum = 0;
    for (const char* property : {"ActiveVirtualSystemMigrationCount", "ActiveStorageMigrationCount"}) {
        const auto count = integer_of(all.front(), property);
        if (!count || !*count) return count;
        sum += std::get<std::int64_t>(**count);
    }
    return Held(Value(sum));
}

// The host itself is always among them.
Result<Held> read_machines(const CodecRow&, const Instances& all) {
    if (all.empty()) return tl::unexpected(none_of(Source::machines));
    std::vector<std::string> names;
    for (const cim::Instance& system : all)
        if (is_machine(system)) names.push_back(system.text("ElementName").value_or(""));
    return Held(Value(Set(names)));
}

Result<Held> read_cluster(const CodecRow&, const Instances& all) {
    if (all.empty()) return Held{};
    const auto name = all.front().text("Name");
    if (!name || name->empty()) return fail(Code::protocol, "the host is in a cluster without a name");
    return Held(Value(*name));
}

// 1 is Credential Guard (WMI-43).
Result<Held> read_credential_guard(const CodecRow&, const Instances& all) {
    constexpr std::string_view property = "SecurityServicesRunning";
    if (!all.front().has(property)) return Held{};
    const auto running = all.front().list(property);
    return Held(Value(std::find(running.begin(), running.end(), "1") != running.end()));
}

cim::Property written(const CodecRow& row, std::size_t property, std::string text) {
    const TypeRow& type = row.properties.at(property);
    return cim::scalar(type.property, type.type, std::move(text));
}

std::string word(bool on) { return on ? "TRUE" : "FALSE"; }

std::vector<cim::Property> write_boolean(const CodecRow& row, const Value& after) {
    return {written(row, 0, word(std::get<bool>(after)))};
}

std::vector<cim::Property> write_integer(const CodecRow& row, const Value& after) {
    return {written(row, 0, std::to_string(std::get<std::int64_t>(after)))};
}

std::vector<cim::Property> write_authentication(const CodecRow& row, const Value& after) {
    return {written(row, 0, std::get<std::string>(after) == setting::kerberos ? "1" : "0")};
}

std::vector<cim::Property> write_performance(const CodecRow& row, const Value& after) {
    const auto& choice = std::get<std::string>(after);
    return {written(row, 0, word(choice == "compression")), written(row, 1, word(choice == "smb"))};
}

// One for each kind of row, so that one without its property, type or way does not compile.
CodecRow boolean(const Setting& setting, Source source, std::string_view property) {
    return {&setting, source, Way::instance, {{property, "boolean"}}, read_boolean, write_boolean};
}
CodecRow integer(const Setting& setting, Source source, std::string_view property, std::string_view type) {
    return {&setting, source, Way::instance, {{property, type}}, read_integer, write_integer};
}
CodecRow fact(const Setting& setting, Source source, decltype(CodecRow::decode) decode,
              std::vector<TypeRow> properties = {}, decltype(CodecRow::left_out) left_out = nullptr) {
    return {&setting, source, Way::never, std::move(properties), decode, nullptr, left_out};
}

const std::array codec_table = {
    boolean(setting::migration_enabled, Source::migration_setting, "EnableVirtualSystemMigration"),
    integer(setting::migration_max_live, Source::migration_setting, "MaximumActiveVirtualSystemMigration", "uint32"),
    integer(setting::migration_max_storage, Source::migration_setting, "MaximumActiveStorageMigration", "uint32"),
    CodecRow{&setting::migration_authentication,
             Source::migration_setting,
             Way::instance,
             {{"AuthenticationType", "uint32"}},
             read_authentication,
             write_authentication},
    CodecRow{&setting::migration_performance,
             Source::migration_setting,
             Way::instance,
             {{"EnableCompression", "boolean"}, {"EnableSmbTransport", "boolean"}},
             read_performance,
             write_performance},
    CodecRow{&setting::migration_networks, Source::migration_network, Way::networks, {}, read_networks_value},
    CodecRow{&setting::verify_trial_vms, Source::machine_settings, Way::trial_vm, {}, read_trial_vms},
    fact(setting::host_build, Source::operating_system, read_integer, {{"BuildNumber", "string"}}),
    fact(setting::host_domain, Source::computer, read_domain),
    fact(setting::host_addresses, Source::adapters, read_addresses, {}, odd_of_adapters),
    fact(setting::host_listeners, Source::migration_service, read_listeners, {}, odd_of_listeners),
    fact(setting::host_running_migrations, Source::migration_service, read_running),
    fact(setting::host_machines, Source::machines, read_machines),
    fact(setting::host_cluster, Source::cluster, read_cluster),
    fact(setting::host_credential_guard, Source::device_guard, read_credential_guard),
};

}  // namespace

std::span<const CodecRow> codec_rows() { return codec_table; }

}  // namespace fairway::wmi
