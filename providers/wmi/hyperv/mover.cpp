// Trial migrations: what stops one is looked for first, then the source checks it as Compare-VM does, makes it, and
// both ends are looked at, since a job that ended well proves less than a VM that runs there (WMI-50 to WMI-56, WMI-91,
// WMI-111).
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/wmi/hyperv/hosts.hpp"
#include "providers/wmi/hyperv/machines.hpp"
#include "providers/wmi/hyperv/migration_service.hpp"
#include "providers/wmi/hyperv/virtual_disks.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view move_vm = "32768";              // MigrationType: the virtual system
constexpr std::string_view move_vm_and_storage = "32771";  // and its storage
constexpr std::string_view over_tcp = "5";                 // TransportType
constexpr std::string_view over_smb = "32768";
constexpr std::chrono::seconds arrival_deadline{60};

// A move that failed, one that was broken off, and every Compare-VM leave a planned VM at the destination, under the
// GUID of the VM; the next move then fails there, and Get-VM does not show it. It may be somebody's: it is not removed.
Result<void> no_planned_machine(Inquirer& destination, const std::string& id, const std::string& host) {
    const auto there = has_planned(destination, id);
    if (!there) return tl::unexpected(there.error());
    if (!*there) return {};
    return fail(
        Code::refused,
        fmt::format("a planned VM of the same id ({}) is there, left by a move that failed, by Compare-VM or by "
                    "an import, so no move was tried: it would fail. If nobody needs it, remove it {}",
                    id, removal_by_hand(host, id)));
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

// One end of a move, by name.
struct MoveEnd {
    const Host& host;
    MigrationService service;

    Client& client() { return service.client(); }
    auto named(const Error& error) const { return tl::unexpected(wmi::named(host.name, error)); }
};

class HostMoving : public Moving {
public:
    HostMoving(Result<MoveEnd> from, Result<MoveEnd> to, TrialMove trial, Pace pace)
        : from_(std::move(from)), to_(std::move(to)), trial_(std::move(trial)), pace_(std::move(pace)) {}

    const MoveProof& proof() const override { return proof_; }

    std::optional<Result<void>> step() override {
        const auto went_on = go_on();
        if (!went_on) return tl::unexpected(went_on.error());
        if (proof_.stage == MoveProof::Stage::proved) return Result<void>();
        return std::nullopt;
    }

private:
    Result<void> go_on() {
        switch (proof_.stage) {
            case MoveProof::Stage::preparing: return prepare().and_then([this] { return check(); });
            case MoveProof::Stage::checking: return look_at_check();
            case MoveProof::Stage::moving: return look_at_move();
            case MoveProof::Stage::arriving: return look_for_machine();
            case MoveProof::Stage::proved: break;
        }
        return {};
    }

    // Everything that is asked before, so that what stops a move is reported without one.
    Result<void> prepare() {
        if (!from_) return tl::unexpected(from_.error());
        if (!to_) return tl::unexpected(to_.error());
        const auto vm = find_machine(from_->client(), trial_.id.empty() ? trial_.vm : trial_.id);
        if (!vm) return from_->named(vm.error());
        if (!*vm) return from_->named({Code::not_found, fmt::format("there is no VM called {}", trial_.vm)});
        id_ = (*vm)->id;
        const auto here = setting_of(from_->service);
        if (!here) return from_->named(here.error());
        const auto there = setting_of(to_->service);
        if (!there) return to_->named(there.error());
        auto listeners = listeners_of(to_->service);
        if (!listeners) return to_->named(listeners.error());
        if (const auto free = no_planned_machine(to_->client(), id_, to_->host.name); !free)
            return to_->named(free.error());
        const auto disks = virtual_disks(from_->client(), id_);
        if (!disks) return from_->named(disks.error());
        paths_ = paths_of(*disks);
        const auto transport = transport_between(*here, *there);
        if (!transport) return from_->named(transport.error());
        proof_.transport = *transport;
        return compose(*disks, std::move(*listeners));
    }

    // In the order of the method's declaration; a name, not an address, or Kerberos finds no principal.
    Result<void> compose(const std::vector<cim::Instance>& disks, std::vector<std::string> listeners) {
        const auto setting = move_setting(trial_.storage, proof_.transport, std::move(listeners));
        if (!setting) return to_->named(setting.error());
        const cim::Reference vm{resource_of(Source::machines),
                                {{"CreationClassName", "Msvm_ComputerSystem"}, {"Name", id_}}};
        arguments_ = {{"ComputerSystem", vm}, {"DestinationHost", to_->host.dns}, {"MigrationSettingData", *setting}};
        if (!trial_.storage) return {};
        auto texts = told(disks);
        if (!texts) return from_->named(texts.error());
        proof_.disks = texts->size();
        for (std::string& text : *texts) arguments_.push_back({"NewResourceSettingData", std::move(text)});
        return {};
    }

    Result<void> check() {
        proof_.stage = MoveProof::Stage::checking;
        return ask("CheckVirtualSystemIsMigratable", setting_deadline).and_then([this] { return look_at_check(); });
    }

    // A method that ended at once has no job.
    Result<void> ask(const char* method, std::chrono::milliseconds deadline) {
        job_.reset();
        auto begun = from_->service.begin(method, arguments_, deadline);
        if (!begun) return from_->named(begun.error());
        if (auto* job = std::get_if<JobInView>(&*begun)) job_ = std::move(*job);
        return {};
    }

    // Whether the job has ended.
    Result<bool> ended() {
        if (!job_) return true;
        auto end = from_->client().look(*job_);
        proof_.percent = std::max(job_->percent, 0);
        if (!end) return from_->named(end.error());
        return end->has_value();
    }

    Result<void> look_at_check() {
        if (job_) proof_.check = job_->id();
        const auto over = ended();
        if (!over) {
            Error error = over.error();
            error.text = "the check before the move: " + error.text;
            return tl::unexpected(std::move(error));
        }
        if (!*over) return {};
        if (const auto cleared = clear_after_check(); !cleared) return tl::unexpected(cleared.error());
        started_ = pace_.now();
        proof_.stage = MoveProof::Stage::moving;
        proof_.percent = 0;
        return ask("MigrateVirtualSystemToHost", move_deadline);
    }

    // There was none before, so it is of this check; with it the move would fail (WMI-53).
    Result<void> clear_after_check() {
        const auto planned = has_planned(to_->client(), id_);
        if (!planned) return to_->named(planned.error());
        if (!*planned) return {};
        const auto gone = remove_planned(to_->client(), id_, to_->host.name);
        if (gone) return {};
        return to_->named(
            {gone.error().code, fmt::format("the check left a planned VM there, which could not be removed: "
                                            "{}; remove it {}",
                                            gone.error().text, removal_by_hand(to_->host.name, id_))});
    }

    Result<void> look_at_move() {
        if (job_) proof_.job = job_->id();
        const auto over = ended();
        if (job_) proof_.states = job_->states;
        if (!over) return tl::unexpected(over.error());
        if (!*over) return {};
        proof_.took = std::chrono::duration_cast<std::chrono::milliseconds>(pace_.now() - started_);
        proof_.stage = MoveProof::Stage::arriving;
        give_up_ = pace_.now() + arrival_deadline;
        return look_for_machine();
    }

    Result<void> look_for_machine() {
        const auto there = find_machine(to_->client(), id_);
        if (!there) return to_->named(there.error());
        const auto here = find_machine(from_->client(), id_);
        if (!here) return from_->named(here.error());
        if (*there && (*there)->running && !*here) return look_at_disks();
        if (pace_.now() + longest_pause <= give_up_) return {};
        return fail(Code::unsupported, fmt::format("the job ended well, but {} {} on {} and {} {}", trial_.vm,
                                                   !*there             ? "is not"
                                                   : (*there)->running ? "runs"
                                                                       : "does not run",
                                                   trial_.to, *here ? "still on" : "gone from", trial_.from));
    }

    Result<void> look_at_disks() {
        const auto disks = virtual_disks(to_->client(), id_);
        if (!disks) return to_->named(disks.error());
        proof_.paths = paths_of(*disks);
        if (proof_.paths != paths_)
            return fail(Code::unsupported,
                        fmt::format("{} is on {} and runs, but its virtual hard disks are not where they should be: "
                                    "{} instead of {}",
                                    trial_.vm, trial_.to, text::join(proof_.paths, ", "), text::join(paths_, ", ")));
        proof_.stage = MoveProof::Stage::proved;
        return {};
    }

    Result<MoveEnd> from_, to_;
    TrialMove trial_;
    Pace pace_;
    MoveProof proof_;
    std::string id_;
    std::vector<std::string> paths_;
    std::vector<soap::Argument> arguments_;
    std::optional<JobInView> job_;
    Pace::Moment started_{}, give_up_{};
};

class HostMover : public Mover {
public:
    HostMover(SharedHosts hosts, Pace pace) : hosts_(std::move(hosts)), pace_(std::move(pace)) {}

    std::unique_ptr<Moving> begin(const TrialMove& trial) override {
        auto from = end(trial.from), to = end(trial.to);
        if (from && to && &from->host == &to->host)
            from = fail(Code::bad_input, trial.from + ": source and destination are the same host");
        return std::make_unique<HostMoving>(std::move(from), std::move(to), trial, pace_);
    }

    Result<std::optional<Machine>> find(const std::string& host, const std::string& vm) override {
        auto at = end(host);
        if (!at) return tl::unexpected(at.error());
        auto found = find_machine(at->client(), vm);
        if (!found) return at->named(found.error());
        if (!*found) return found;
        const auto memory = memory_of(at->client(), (*found)->id);
        if (!memory) return at->named(memory.error());
        (*found)->memory_mb = *memory;
        return found;
    }

    Result<MoveRoom> room(const std::string& host) override {
        auto at = end(host);
        if (!at) return tl::unexpected(at.error());
        auto out = room_at(*at);
        if (!out) return at->named(out.error());
        return out;
    }

    Result<Sighting> sight(const std::string& host, const std::string& id) override {
        auto at = end(host);
        if (!at) return tl::unexpected(at.error());
        Sighting out;
        auto machine = find_machine(at->client(), id);
        if (!machine) return at->named(machine.error());
        out.machine = std::move(*machine);
        const auto planned = has_planned(at->client(), id);
        if (!planned) return at->named(planned.error());
        out.planned = *planned;
        const auto moving = is_moving(at->client(), out.machine.value_or(Machine{.id = id, .name = {}}));
        if (!moving) return at->named(moving.error());
        out.moving = *moving;
        return out;
    }

    Result<void> remove_planned(const std::string& host, const std::string& id) override {
        auto at = end(host);
        if (!at) return tl::unexpected(at.error());
        if (const auto gone = wmi::remove_planned(at->client(), id, at->host.name); !gone)
            return at->named(gone.error());
        return {};
    }

private:
    Result<MoveEnd> end(const std::string& name) {
        const Host* host = hosts_->find(name);
        if (host == nullptr) return fail(Code::not_found, name + ": is not in the inventory");
        const auto channel = hosts_->channel(*host);
        if (!channel) return tl::unexpected(named(name, channel.error()));
        return MoveEnd{*host, MigrationService(**channel, pace_, host->name, hosts_->seen(*host))};
    }

    static Result<MoveRoom> room_at(MoveEnd& at) {
        const auto setting = at.service.read_only(Source::migration_setting);
        if (!setting) return tl::unexpected(setting.error());
        const auto service = at.service.read_only(Source::migration_service);
        if (!service) return tl::unexpected(service.error());
        const auto number = [](const cim::Instance& of, std::string_view property) {
            const auto value = of.integer(property);
            return value && *value ? static_cast<std::int64_t>(std::min<std::uint64_t>(**value, 1u << 20)) : 0;
        };
        MoveRoom out{.most_live = number(*setting, "MaximumActiveVirtualSystemMigration"),
                     .most_storage = number(*setting, "MaximumActiveStorageMigration"),
                     .live = number(*service, "ActiveVirtualSystemMigrationCount"),
                     .storage = number(*service, "ActiveStorageMigrationCount"),
                     .draining = {}};
        auto draining = draining_of(at.client(), at.host.name);
        if (!draining) return tl::unexpected(draining.error());
        out.draining = std::move(*draining);
        return out;
    }

    SharedHosts hosts_;
    Pace pace_;
};

}  // namespace

std::unique_ptr<Mover> make_mover(SharedHosts hosts, Pace pace) {
    return std::make_unique<HostMover>(std::move(hosts), std::move(pace));
}

}  // namespace fairway::wmi
