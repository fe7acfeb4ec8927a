// One trial migration: asked for at the source, waited for, and then looked for at both ends, since a job that
// ended well proves less than a VM that is there (WMI-50 to WMI-56, WMI-91).
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/wmi/hyperv/hosts.hpp"
#include "providers/wmi/hyperv/migration_service.hpp"
#include "providers/wmi/hyperv/virtual_disks.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view move_vm = "32768";              // MigrationType: the virtual system
constexpr std::string_view move_vm_and_storage = "32771";  // and its storage
constexpr std::string_view over_tcp = "5";                 // TransportType
constexpr std::string_view over_smb = "32768";
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

// A move that failed, one that was broken off, and every Compare-VM leave a planned VM at the destination, under the
// GUID of the VM; the next move then fails there, and Get-VM does not show it. It may be somebody's: it is not removed.
Result<void> no_planned_machine(Inquirer& destination, const std::string& id, const std::string& host) {
    const std::string_view name = class_row(Source::planned_machines).name;
    const auto planned = destination.enumerate(
        resource_of_all(Source::planned_machines),
        {.wql = fmt::format("SELECT Name, ElementName FROM {} WHERE Name = {}", name, soap::wql_literal(id))});
    if (!planned && planned.error().code == Code::not_found) return {};
    if (!planned) return tl::unexpected(planned.error());
    const bool there = std::any_of(planned->begin(), planned->end(), [&](const cim::Instance& machine) {
        return text::same_folded(machine.text("Name").value_or(""), id);
    });
    if (!there) return {};
    return fail(
        Code::refused,
        fmt::format(
            "a planned VM of the same id ({0}) is there, left by a move that failed, by Compare-VM or by an import, "
            "so no move was tried: it would fail. If nobody needs it, remove it in Windows PowerShell on {1}: "
            "(Get-WmiObject -Namespace root\\virtualization\\v2 Msvm_VirtualSystemManagementService)"
            ".DestroySystem((Get-WmiObject -Namespace root\\virtualization\\v2 {2} -Filter \"Name='{0}'\"))",
            id, host, name));
}

// The service's setting of one end. Error: it neither sends VMs nor takes any.
Result<cim::Instance> setting_of(MigrationService& end) {
    auto setting = end.read_only(Source::migration_setting);
    if (!setting) return tl::unexpected(setting.error());
    const auto enabled = setting->boolean("EnableVirtualSystemMigration");
    if (!enabled) return tl::unexpected(enabled.error());
    if (!enabled->value_or(false))
        return fail(Code::refused, "live migration is off there, so no move was tried; turn migration.enabled on");
    return setting;
}

Result<std::vector<std::string>> listeners_of(MigrationService& destination) {
    const auto service = destination.read_only(Source::migration_service);
    if (!service) return tl::unexpected(service.error());
    auto listeners = service->list("MigrationServiceListenerIPAddressList");
    if (listeners.empty())
        return fail(Code::refused,
                    "it listens on no address, so no move was tried; its migration networks cover none "
                    "of its addresses");
    return listeners;
}

// As Move-VM does: what both ends are set to is used, SMB before compression. In the words of migration.performance.
Result<std::string> transport_between(const cim::Instance& source, const cim::Instance& destination) {
    const auto both = [&](std::string_view property) -> Result<bool> {
        bool out = true;
        for (const cim::Instance* end : {&source, &destination}) {
            const auto value = end->boolean(property);
            if (!value) return tl::unexpected(value.error());
            out = out && value->value_or(false);
        }
        return out;
    };
    const auto smb = both("EnableSmbTransport"), compression = both("EnableCompression");
    if (!smb) return tl::unexpected(smb.error());
    if (!compression) return tl::unexpected(compression.error());
    return *smb ? "smb" : *compression ? "compression" : "tcpip";
}

// EnableCompression only where both ends have it: Server 2012 does not know the property.
Result<std::string> move_setting(bool storage, const std::string& transport, std::vector<std::string> listeners) {
    cim::Instance out{"Msvm_VirtualSystemMigrationSettingData", {}};
    out.properties.push_back(
        cim::scalar("MigrationType", "uint16", std::string(storage ? move_vm_and_storage : move_vm)));
    out.properties.push_back(
        cim::scalar("TransportType", "uint16", std::string(transport == "smb" ? over_smb : over_tcp)));
    if (transport == "compression") out.properties.push_back(cim::scalar("EnableCompression", "boolean", "TRUE"));
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
    // Everything that is asked before, so that what stops a move is reported without one.
    struct Prepared {
        std::string id, transport, setting;
        std::vector<std::string> disks;
    };

    static Result<Prepared> prepare(const TrialMove& trial, MigrationService& at_source,
                                    MigrationService& at_destination) {
        const auto source = [&](const Error& error) { return tl::unexpected(named(trial.from, error)); };
        const auto destination = [&](const Error& error) { return tl::unexpected(named(trial.to, error)); };
        const auto vm = find_vm(at_source.client(), trial.vm);
        if (!vm) return source(vm.error());
        Prepared out{.id = vm->text("Name").value_or(""), .transport = {}, .setting = {}, .disks = {}};
        const auto here = setting_of(at_source), there = here ? setting_of(at_destination) : here;
        if (!here) return source(here.error());
        if (!there) return destination(there.error());
        auto listeners = listeners_of(at_destination);
        if (!listeners) return destination(listeners.error());
        const auto free = no_planned_machine(at_destination.client(), out.id, trial.to);
        if (!free) return destination(free.error());
        auto transport = transport_between(*here, *there);
        if (!transport) return source(transport.error());
        auto setting = move_setting(trial.storage, *transport, std::move(*listeners));
        if (!setting) return destination(setting.error());
        if (trial.storage) {
            auto disks = disks_to_move(at_source.client(), out.id);
            if (!disks) return source(disks.error());
            out.disks = std::move(*disks);
        }
        out.transport = std::move(*transport);
        out.setting = std::move(*setting);
        return out;
    }

    Result<MoveProof> move(const TrialMove& trial, const std::string& destination, MigrationService& at_source,
                           MigrationService& at_destination, const MoveProgress& progress) {
        auto order = prepare(trial, at_source, at_destination);
        if (!order) return tl::unexpected(order.error());

        // In the order of the method's declaration; a name, not an address, or Kerberos finds no principal.
        const cim::Reference vm{resource_of(Source::machines),
                                {{"CreationClassName", "Msvm_ComputerSystem"}, {"Name", order->id}}};
        std::vector<soap::Argument> arguments = {
            {"ComputerSystem", vm}, {"DestinationHost", destination}, {"MigrationSettingData", order->setting}};
        for (std::string& disk : order->disks) arguments.push_back({"NewResourceSettingData", std::move(disk)});
        const auto started = pace_.now();
        const auto end = at_source.perform("MigrateVirtualSystemToHost", arguments, move_deadline, progress);
        if (!end) return tl::unexpected(named(trial.from, end.error()));
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(pace_.now() - started);
        if (const auto arrived = confirm(trial, order->id, at_source, at_destination); !arrived)
            return tl::unexpected(arrived.error());
        return MoveProof{.job = end->id,
                         .took = took,
                         .detail = fmt::format("{}; {} ({}) is on {} and gone from {}", end->detail, trial.vm,
                                               order->id, trial.to, trial.from),
                         .transport = order->transport,
                         .disks = trial.storage ? std::optional(order->disks.size()) : std::nullopt};
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
