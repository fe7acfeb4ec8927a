// One trial migration: asked for at the source, waited for, and then looked for at both ends, since a job that
// ended well proves less than a VM that is there (hyperv sheet section 5).
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/wmi/hosts.hpp"
#include "providers/wmi/migration_service.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view move_vm = "32768";              // MigrationType: the virtual system
constexpr std::string_view move_vm_and_storage = "32771";  // and its storage
constexpr std::string_view over_tcp = "5";                 // TransportType
constexpr std::chrono::seconds arrival_deadline{60};

// By display name or by GUID. Error: none, or several of that name.
Result<cim::Instance> find_vm(Client& client, const std::string& wanted) {
    const auto systems = client.enumerate(resource_of(Source::machines));
    if (!systems) return tl::unexpected(systems.error());
    std::vector<cim::Instance> found;
    for (const cim::Instance& system : *systems) {
        const bool fits = text::same_folded(system.text("ElementName").value_or(""), wanted) ||
                          text::same_folded(system.text("Name").value_or(""), wanted);
        if (is_machine(system) && fits) found.push_back(system);
    }
    if (found.empty()) return fail(Code::not_found, fmt::format("there is no VM called {}", wanted));
    if (found.size() > 1)
        return fail(Code::bad_input,
                    fmt::format("{} VMs are called {}; name it by its id instead", found.size(), wanted));
    return std::move(found.front());
}

Result<bool> has_vm(Client& client, const std::string& id) {
    const auto found = find_vm(client, id);
    if (found) return true;
    if (found.error().code == Code::not_found) return false;
    return tl::unexpected(found.error());
}

// What the source is told about the destination. Error: the destination takes no VM.
Result<std::string> migration_setting(MigrationService& destination, bool storage) {
    const auto setting = destination.read_only(Source::migration_setting);
    if (!setting) return tl::unexpected(setting.error());
    const auto enabled = setting->boolean("EnableVirtualSystemMigration");
    if (!enabled) return tl::unexpected(enabled.error());
    if (!enabled->value_or(false))
        return fail(Code::refused, "live migration is off there, so no move was tried; turn migration.enabled on");
    const auto service = destination.read_only(Source::migration_service);
    if (!service) return tl::unexpected(service.error());
    auto listeners = service->list("MigrationServiceListenerIPAddressList");
    if (listeners.empty())
        return fail(Code::refused,
                    "it listens on no address, so no move was tried; its migration networks cover none "
                    "of its addresses");
    cim::Instance out{"Msvm_VirtualSystemMigrationSettingData", {}};
    out.properties.push_back(
        cim::scalar("MigrationType", "uint16", std::string(storage ? move_vm_and_storage : move_vm)));
    out.properties.push_back(cim::scalar("TransportType", "uint16", std::string(over_tcp)));
    out.properties.push_back(cim::array("DestinationIPAddressList", "string", std::move(listeners)));
    return cim::to_text(out);
}

class HostMover : public Mover {
public:
    HostMover(SharedHosts hosts, Pace pace) : hosts_(std::move(hosts)), pace_(std::move(pace)) {}

    Result<MoveProof> move(const TrialMove& trial, const MoveProgress& progress) override {
        const Host* from = hosts_->find(trial.from);
        const Host* to = hosts_->find(trial.to);
        if (from == nullptr) return fail(Code::not_found, trial.from + ": is not in the inventory");
        if (to == nullptr) return fail(Code::not_found, trial.to + ": is not in the inventory");
        if (from == to) return fail(Code::bad_input, trial.from + ": source and destination are the same host");
        const auto source = hosts_->channel(*from), destination = hosts_->channel(*to);
        if (!source) return tl::unexpected(named(trial.from, source.error()));
        if (!destination) return tl::unexpected(named(trial.to, destination.error()));
        MigrationService at_source(**source, pace_, from->name, hosts_->seen(*from));
        MigrationService at_destination(**destination, pace_, to->name, hosts_->seen(*to));
        return move(trial, to->dns, at_source, at_destination, progress);
    }

private:
    Result<MoveProof> move(const TrialMove& trial, const std::string& destination, MigrationService& at_source,
                           MigrationService& at_destination, const MoveProgress& progress) {
        const auto vm = find_vm(at_source.client(), trial.vm);
        if (!vm) return tl::unexpected(named(trial.from, vm.error()));
        const std::string id = vm->text("Name").value_or("");
        const auto setting = migration_setting(at_destination, trial.storage);
        if (!setting) return tl::unexpected(named(trial.to, setting.error()));

        // In the order of the method's declaration; a name, not an address, or Kerberos finds no principal.
        const cim::Reference vm_reference{
            resource_of(Source::machines),
            {{"CreationClassName", vm->text("CreationClassName").value_or("Msvm_ComputerSystem")}, {"Name", id}}};
        const std::vector<soap::Argument> arguments = {
            {"ComputerSystem", vm_reference}, {"DestinationHost", destination}, {"MigrationSettingData", *setting}};
        const auto started = pace_.now();
        const auto end = at_source.perform("MigrateVirtualSystemToHost", arguments, move_deadline, progress);
        if (!end) return tl::unexpected(named(trial.from, end.error()));
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(pace_.now() - started);
        if (const auto arrived = confirm(trial, id, at_source, at_destination); !arrived)
            return tl::unexpected(arrived.error());
        return MoveProof{
            end->id, took,
            fmt::format("{}; {} ({}) is on {} and gone from {}", end->detail, trial.vm, id, trial.to, trial.from)};
    }

    Result<void> confirm(const TrialMove& trial, const std::string& id, MigrationService& at_source,
                         MigrationService& at_destination) {
        const auto give_up = pace_.now() + arrival_deadline;
        for (auto pause = first_pause;; pause = next_pause(pause)) {
            const auto there = has_vm(at_destination.client(), id);
            if (!there) return tl::unexpected(named(trial.to, there.error()));
            const auto here = has_vm(at_source.client(), id);
            if (!here) return tl::unexpected(named(trial.from, here.error()));
            if (*there && !*here) return {};
            if (pace_.now() + pause > give_up)
                return fail(Code::unsupported,
                            fmt::format("the job ended well, but {} is {}on {} and {} {}", trial.vm,
                                        *there ? "" : "not ", trial.to, *here ? "still on" : "gone from", trial.from));
            pace_.sleep(pause);
        }
    }

    SharedHosts hosts_;
    Pace pace_;
};

}  // namespace

std::unique_ptr<Mover> make_mover(SharedHosts hosts, Pace pace) {
    return std::make_unique<HostMover>(std::move(hosts), std::move(pace));
}

}  // namespace fairway::wmi
