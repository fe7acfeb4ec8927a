// The methods that move a machine or ask whether it could be moved, and the errors of a job.
#include <fmt/format.h>

#include <algorithm>

#include "embedded.hpp"
#include "methods.hpp"
#include "move.hpp"
#include "storage.hpp"

namespace lab {
namespace {

constexpr std::uint64_t kTypeCheckMachine = 301;
constexpr std::uint64_t kTypeCheckMachineAndStorage = 302;
constexpr std::uint64_t kTypeMoveMachine = 305;
constexpr std::uint64_t kTypeMoveMachineAndStorage = 306;

struct Wanted {
    MoveOrder order;
    std::string migration_type;
    std::string transport = "5";
    std::string compression;
    bool storage = false;
    std::vector<std::string> resources;
};

const EmbeddedProperty* find(const Embedded& embedded, std::string_view name) {
    const auto at = std::find_if(embedded.properties.begin(), embedded.properties.end(),
                                 [&](const EmbeddedProperty& p) { return p.name == name; });
    return at == embedded.properties.end() ? nullptr : &*at;
}

bool read_migration_settings(const std::string& text, Wanted& wanted) {
    const auto embedded = parse_embedded(text);
    if (!embedded || embedded->class_name != "Msvm_VirtualSystemMigrationSettingData") return false;
    const auto* type = find(*embedded, "MigrationType");
    if (type == nullptr || type->type != "uint16" || !type->values) return false;
    wanted.migration_type = type->values->front();
    wanted.storage = wanted.migration_type == "32771";
    if (const auto* transport = find(*embedded, "TransportType"); transport != nullptr && transport->values) {
        wanted.transport = transport->values->front();
        if (transport->type != "uint16" || (wanted.transport != "5" && wanted.transport != "32768")) return false;
        wanted.order.smb = wanted.transport == "32768";
    }
    if (const auto* compression = find(*embedded, "EnableCompression"); compression != nullptr && compression->values) {
        if (compression->type != "boolean") return false;
        wanted.compression = compression->values->front();
    }
    const auto* addresses = find(*embedded, "DestinationIPAddressList");
    if (addresses != nullptr && !addresses->array) return false;
    if (addresses != nullptr && addresses->values) wanted.order.destination_addresses = *addresses->values;
    // Storage-only, staged and deep-check moves are not simulated.
    return wanted.storage || wanted.migration_type == "32768";
}

// A move with storage may say where the machine's files go.
bool read_new_place(const std::string& text, Wanted& wanted) {
    if (text.empty()) return true;
    const auto embedded = parse_embedded(text);
    if (!embedded || embedded->class_name != "Msvm_VirtualSystemSettingData") return false;
    const auto* root = find(*embedded, "ConfigurationDataRoot");
    if (root != nullptr && root->values && wanted.storage) wanted.order.machine.path = root->values->front();
    return true;
}

std::optional<Machine> machine_named(Host& host, const std::vector<Reference>& references) {
    if (references.size() != 1) return std::nullopt;
    for (const auto& [name, text] : references.front().keys) {
        if (!same_name(name, "Name")) continue;
        return host.with([&, &wanted = text](Host::State& state) -> std::optional<Machine> {
            for (const auto& machine : state.machines) {
                if (same_name(machine.id, wanted)) return machine;
            }
            return std::nullopt;
        });
    }
    return std::nullopt;
}

std::optional<Wanted> read_wanted(Host& host, const Caller& caller, const Arguments& arguments) {
    arguments.allow({"ComputerSystem", "DestinationHost", "MigrationSettingData", "NewSystemSettingData",
                     "NewResourceSettingData"});
    Wanted wanted;
    const auto machine = machine_named(host, arguments.references("ComputerSystem"));
    if (!machine) return std::nullopt;
    wanted.order.machine = *machine;
    wanted.order.caller = caller.principal;
    wanted.order.destination = arguments.text("DestinationHost");
    if (wanted.order.destination.empty()) return std::nullopt;
    if (!read_migration_settings(arguments.text("MigrationSettingData"), wanted)) return std::nullopt;
    if (!read_new_place(arguments.text("NewSystemSettingData"), wanted)) return std::nullopt;
    const auto paths = read_new_paths(*machine, arguments.texts("NewResourceSettingData"));
    if (!paths) return std::nullopt;
    wanted.order.unreachable_disk = place_disks(wanted.order.machine, *paths, wanted.storage);
    for (const auto& [id, path] : *paths) wanted.resources.push_back(path);
    return wanted;
}

std::optional<Failure> framed(std::optional<Failure> failure, const Host& host, const Machine& machine) {
    if (failure) {
        failure->text = "Virtual machine migration operation for '" + machine.name + "' failed at migration source '" +
                        host.estate().host + "'. (Virtual machine ID " + machine.id + ") " + failure->text;
    }
    return failure;
}

// What VMMS-Admin says of a move: 20415 with the blackout in seconds of one that succeeded. That three events come
// together of one that failed is assumed; the cause is in the parameters, not in the number.
void log_move(Host& host, const std::optional<Failure>& failure, const MoveOrder& order) {
    if (!failure && order.only_check) return;
    if (!failure) {
        host.events.add(
            {.channel = kVmmsAdmin,
             .provider = kVmms,
             .id = 20415,
             .level = 4,
             .message = "The live migration of '" + order.machine.name + "' succeeded with a blackout of 0.5 seconds.",
             .data = {{"Parameter0", order.machine.name}, {"Parameter1", order.machine.id}, {"Parameter2", "0.5"}}});
        return;
    }
    constexpr std::uint32_t kNoCredentials = 0x8009030E;
    constexpr std::uint32_t kUnknownCredentials = 0x8009030D;
    constexpr std::uint32_t kError = 2;
    const bool authentication = failure->code == kNoCredentials || failure->code == kUnknownCredentials;
    const auto add = [&](std::uint32_t id, const std::string& message) {
        host.events.add({.channel = kVmmsAdmin,
                         .provider = kVmms,
                         .id = id,
                         .level = kError,
                         .message = message,
                         .data = {{"VmName", order.machine.name},
                                  {"VmId", order.machine.id},
                                  {"DestinationHost", order.destination},
                                  {"ErrorCode", fmt::format("0x{:08X}", failure->code)},
                                  {"ErrorMessage", failure->text}}});
    };
    if (authentication) {
        add(20306,
            "The Virtual Machine Management Service failed to authenticate the connection for a Virtual Machine "
            "migration at the source host: no suitable credentials available.");
    }
    add(21024, failure_text(*failure));
    add(21502, failure_text(*failure));
}

Outcome start_job(Host& host, Wanted wanted, std::uint64_t type, std::string caption) {
    const auto& order = wanted.order;
    Job job{.class_name = "Msvm_MigrationJob",
            .caption = std::move(caption),
            .type = type,
            .extra = {{"MigrationType", std::stoull(wanted.migration_type)},
                      {"VirtualSystemName", order.machine.id},
                      {"DestinationHost", order.destination}}};
    return with_job("Msvm_MigrationJob", host.start(std::move(job), [&host, order] {
        const auto failure = framed(carry_out(host, order), host, order.machine);
        log_move(host, failure, order);
        return failure;
    }));
}

std::string failure_of_job(Host& host, const Instance& object) {
    const auto* id = object.find("InstanceID");
    return host.with([&](Host::State& state) -> std::string {
        const auto* job = state.jobs.find(plain_text(*id));
        if (job == nullptr || !job->failure) return {};
        return embedded_error(std::to_string(job->failure->code), failure_text(*job->failure));
    });
}

}  // namespace

Outcome migrate_to_host(Host& host, const Caller& caller, const Arguments& arguments, const Instance&) {
    auto wanted = read_wanted(host, caller, arguments);
    if (!wanted) return {result::invalid_parameter, {}};
    host.with([&](Host::State& state) {
        state.move_notes.push_back({wanted->order.machine.name, wanted->order.destination, wanted->migration_type,
                                    wanted->transport, wanted->compression, wanted->resources});
    });
    const auto type = wanted->storage ? kTypeMoveMachineAndStorage : kTypeMoveMachine;
    return start_job(host, std::move(*wanted), type, "Moving Virtual Machine");
}

Outcome check_migratable(Host& host, const Caller& caller, const Arguments& arguments, const Instance&) {
    auto wanted = read_wanted(host, caller, arguments);
    if (!wanted) return {result::invalid_parameter, {}};
    wanted->order.only_check = true;
    const auto type = wanted->storage ? kTypeCheckMachineAndStorage : kTypeCheckMachine;
    return start_job(host, std::move(*wanted), type, "Checking Virtual Machine Compatibility");
}

// No job here, and DMTF's numbers: 0 done, 4 invalid parameter.
Outcome check_migratable_to_host(Host& host, const Caller& caller, const Arguments& arguments, const Instance&) {
    auto wanted = read_wanted(host, caller, arguments);
    if (!wanted) return {4, {}};
    wanted->order.only_check = true;
    const auto failure = carry_out(host, wanted->order);
    return {0, {{"IsMigratable", !failure.has_value()}}};
}

Outcome get_error_ex(Host& host, const Caller&, const Arguments& arguments, const Instance& object) {
    arguments.allow({});
    const auto error = failure_of_job(host, object);
    if (error.empty()) return {0, {{"Errors", {}}}};
    return {0, {{"Errors", std::vector<std::string>{error}}}};
}

Outcome get_error(Host& host, const Caller&, const Arguments& arguments, const Instance& object) {
    arguments.allow({});
    const auto error = failure_of_job(host, object);
    return {0, {{"Error", error.empty() ? Value() : Value(error)}}};
}

}  // namespace lab
