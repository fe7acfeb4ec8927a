// The four methods that change settings. Parameters are judged at once (32773); the effect comes with the
// job when there is one, so that a client which trusts the 4096 reads the old value.
#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <charconv>

#include "embedded.hpp"
#include "guid.hpp"
#include "methods.hpp"
#include "subnet.hpp"

namespace lab {
namespace {

using Texts = std::vector<std::string>;

const Outcome kInvalid{result::invalid_parameter, {}};

bool read_boolean(const std::string& text, bool& to) {
    const auto lower = boost::algorithm::to_lower_copy(text);
    if (lower != "true" && lower != "false") return false;
    to = lower == "true";
    return true;
}

bool read_number(const std::string& text, std::uint32_t& to, std::uint32_t most) {
    std::uint32_t number = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (wrong != std::errc{} || end != text.data() + text.size() || number > most) return false;
    to = number;
    return true;
}

bool is_display_text(const std::string& name) {
    return name == "Caption" || name == "Description" || name == "ElementName";
}

constexpr std::uint32_t kAny = 0xFFFFFFFF;

// Takes one property over; false when name, type or value is not of the class.
bool take(const EmbeddedProperty& from, MigrationSettings& to) {
    if (from.array) return false;
    if (from.name == "InstanceID" || is_display_text(from.name)) return from.type == "string";
    struct Flag {
        const char* name;
        bool MigrationSettings::*field;
    };
    struct Number {
        const char* name;
        std::uint32_t MigrationSettings::*field;
        std::uint32_t most;
    };
    static constexpr Flag flags[] = {{"EnableVirtualSystemMigration", &MigrationSettings::enabled},
                                     {"EnableCompression", &MigrationSettings::compression},
                                     {"EnableSmbTransport", &MigrationSettings::smb}};
    static constexpr Number numbers[] = {
        {"AuthenticationType", &MigrationSettings::authentication, 1},
        {"MaximumActiveVirtualSystemMigration", &MigrationSettings::max_migrations, kAny},
        {"MaximumActiveStorageMigration", &MigrationSettings::max_storage_migrations, kAny}};
    for (const auto& row : flags) {
        if (from.name != row.name) continue;
        // NULL and absent both mean: leave it as it is.
        return from.type == "boolean" && (!from.values || read_boolean(from.values->front(), to.*row.field));
    }
    for (const auto& row : numbers) {
        if (from.name != row.name) continue;
        return from.type == "uint32" && (!from.values || read_number(from.values->front(), to.*row.field, row.most));
    }
    return false;
}

bool take(const EmbeddedProperty& from, MigrationNetwork& to) {
    if (from.name == "Tags") {
        if (!from.array || from.type != "string") return false;
        if (from.values) to.tags = *from.values;
        return true;
    }
    if (from.array) return false;
    if (is_display_text(from.name)) return from.type == "string";
    if (from.name == "InstanceID" || from.name == "SubnetNumber") {
        if (from.type != "string") return false;
        if (from.values) (from.name == "InstanceID" ? to.instance_id : to.subnet) = from.values->front();
        return true;
    }
    if (from.name == "PrefixLength") {
        return from.type == "uint8" && (!from.values || read_number(from.values->front(), to.prefix, 255));
    }
    if (from.name == "Metric") {
        std::uint32_t metric = 0;
        if (from.type != "uint32") return false;
        if (from.values && !read_number(from.values->front(), metric, kAny)) return false;
        if (from.values) to.metric = metric;
        return true;
    }
    return false;
}

template <class To>
bool take_all(const std::string& text, std::string_view class_name, To& to) {
    const auto embedded = parse_embedded(text);
    if (!embedded || embedded->class_name != class_name) return false;
    return std::all_of(embedded->properties.begin(), embedded->properties.end(),
                       [&](const EmbeddedProperty& property) { return take(property, to); });
}

std::string instance_id_in(const std::string& text) {
    const auto embedded = parse_embedded(text);
    if (!embedded) return {};
    for (const auto& property : embedded->properties) {
        if (property.name == "InstanceID" && property.values) return property.values->front();
    }
    return {};
}

// Does it now, or starts a job that will; as the estate says.
Outcome apply(Host& host, std::string caption, std::function<void(Host::State&)> change) {
    if (!host.next_answer_is_job()) {
        host.with(change);
        host.changed();
        host.limit_changed();
        return {};
    }
    Job job{.class_name = "Msvm_ConcreteJob", .caption = std::move(caption), .type = 1};
    return with_job("Msvm_ConcreteJob", host.start(std::move(job), [&host, change]() -> std::optional<Failure> {
        host.with(change);
        host.limit_changed();
        return std::nullopt;
    }));
}

constexpr std::string_view kNetworkClass = "Msvm_VirtualSystemMigrationNetworkSettingData";

bool is_valid(const MigrationNetwork& network) { return parse_subnet(network.subnet, network.prefix).has_value(); }

auto network_at(Host::State& state, const std::string& id) {
    return std::find_if(state.networks.begin(), state.networks.end(),
                        [&](const MigrationNetwork& network) { return same_name(network.instance_id, id); });
}

}  // namespace

Outcome modify_service_settings(Host& host, const Caller&, const Arguments& arguments, const Instance&) {
    arguments.allow({"ServiceSettingData"});
    const auto text = arguments.text("ServiceSettingData");
    auto wanted = host.with([](Host::State& state) { return state.settings; });
    if (!same_name(instance_id_in(text), wanted.instance_id)) return kInvalid;
    if (!take_all(text, "Msvm_VirtualSystemMigrationServiceSettingData", wanted)) return kInvalid;
    // The text is read again over the settings of then, not over those of now: only what it names changes.
    return apply(host, "Modifying Migration Service Settings", [text](Host::State& state) {
        take_all(text, "Msvm_VirtualSystemMigrationServiceSettingData", state.settings);
    });
}

Outcome add_network_settings(Host& host, const Caller&, const Arguments& arguments, const Instance&) {
    arguments.allow({"NetworkSettings"});
    std::vector<MigrationNetwork> added;
    for (const auto& text : arguments.texts("NetworkSettings")) {
        MigrationNetwork network;
        if (!take_all(text, kNetworkClass, network) || !is_valid(network)) return kInvalid;
        network.instance_id = new_guid();
        added.push_back(std::move(network));
    }
    if (added.empty()) return kInvalid;
    return apply(host, "Adding Migration Network Settings", [added](Host::State& state) {
        state.networks.insert(state.networks.end(), added.begin(), added.end());
    });
}

Outcome modify_network_settings(Host& host, const Caller&, const Arguments& arguments, const Instance&) {
    arguments.allow({"NetworkSettings"});
    const auto texts = arguments.texts("NetworkSettings");
    if (texts.empty()) return kInvalid;
    const bool valid = host.with([&](Host::State& state) {
        return std::all_of(texts.begin(), texts.end(), [&](const std::string& text) {
            const auto at = network_at(state, instance_id_in(text));
            if (at == state.networks.end()) return false;
            auto network = *at;
            return take_all(text, kNetworkClass, network) && is_valid(network);
        });
    });
    if (!valid) return kInvalid;
    return apply(host, "Modifying Migration Network Settings", [texts](Host::State& state) {
        for (const auto& text : texts) {
            const auto at = network_at(state, instance_id_in(text));
            if (at != state.networks.end()) take_all(text, kNetworkClass, *at);
        }
    });
}

Outcome remove_network_settings(Host& host, const Caller&, const Arguments& arguments, const Instance&) {
    arguments.allow({"NetworkSettings"});
    Texts ids;
    for (const auto& reference : arguments.references("NetworkSettings")) {
        const bool right = same_name(reference.class_name, kNetworkClass) && reference.keys.size() == 1 &&
                           same_name(reference.keys.front().first, "InstanceID");
        if (!right) return kInvalid;
        ids.push_back(reference.keys.front().second);
    }
    const bool known = host.with([&](Host::State& state) {
        return !ids.empty() && std::all_of(ids.begin(), ids.end(), [&](const std::string& id) {
            return network_at(state, id) != state.networks.end();
        });
    });
    if (!known) return kInvalid;
    return apply(host, "Removing Migration Network Settings", [ids](Host::State& state) {
        std::erase_if(state.networks, [&](const MigrationNetwork& network) {
            return std::any_of(ids.begin(), ids.end(),
                               [&](const std::string& id) { return same_name(id, network.instance_id); });
        });
    });
}

}  // namespace lab
