// See machines.hpp.
#include "providers/wmi/hyperv/machines.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/wmi/hyperv/codec.hpp"

namespace fairway::wmi {
namespace {

constexpr std::uint64_t paused = 2;             // State of MSCluster_Node
constexpr std::uint64_t drain_in_progress = 1;  // NodeDrainStatus

Result<std::vector<cim::Instance>> matching(Inquirer& host, Source source, const std::string& columns,
                                            const std::string& where) {
    auto found =
        host.enumerate(resource_of_all(source),
                       {.wql = fmt::format("SELECT {} FROM {} WHERE {}", columns, class_row(source).name, where)});
    if (!found && found.error().code == Code::not_found) return std::vector<cim::Instance>();
    return found;
}

}  // namespace

Result<std::optional<Machine>> find_machine(Inquirer& host, const std::string& wanted) {
    const auto systems = host.enumerate(resource_of(Source::machines));
    if (!systems) return tl::unexpected(systems.error());
    std::optional<Machine> out;
    for (const cim::Instance& system : *systems) {
        const std::string id = system.text("Name").value_or(""), name = system.text("ElementName").value_or("");
        if (!is_machine(system) || (!text::same_folded(name, wanted) && !text::same_folded(id, wanted))) continue;
        if (out && !text::same_folded(out->id, id))
            return fail(Code::bad_input,
                        fmt::format("several VMs are called {}; say which one by its id (`id` in the policy)", wanted));
        const auto state = system.integer("EnabledState");
        out = Machine{.id = id, .name = name, .running = state && *state == state_running};
    }
    return out;
}

Result<std::optional<std::int64_t>> memory_of(Inquirer& host, const std::string& id) {
    const auto found = matching(host, Source::machine_memory, "InstanceID, VirtualQuantity, AllocationUnits",
                                fmt::format("InstanceID LIKE 'Microsoft:{}%'", id));
    if (!found) return tl::unexpected(found.error());
    for (const cim::Instance& memory : *found) {
        const auto quantity = memory.integer("VirtualQuantity");
        const bool in_mb =
            text::same_folded(memory.text("AllocationUnits").value_or(std::string(mebibytes)), mebibytes);
        if (quantity && *quantity && in_mb)
            return static_cast<std::int64_t>(std::min<std::uint64_t>(**quantity, 1u << 30));
    }
    return std::nullopt;
}

Result<bool> has_planned(Inquirer& host, const std::string& id) {
    const auto found =
        matching(host, Source::planned_machines, "Name, ElementName", fmt::format("Name = {}", soap::wql_literal(id)));
    if (!found) return tl::unexpected(found.error());
    return std::any_of(found->begin(), found->end(), [&](const cim::Instance& machine) {
        return text::same_folded(machine.text("Name").value_or(""), id);
    });
}

// Which of its names VirtualSystemName is, no source says; a job that names none may be its.
Result<bool> is_moving(Inquirer& host, const Machine& machine) {
    const auto jobs = host.enumerate(resource_of(Source::migration_jobs));
    if (!jobs && jobs.error().code == Code::not_found) return false;
    if (!jobs) return tl::unexpected(jobs.error());
    return std::any_of(jobs->begin(), jobs->end(), [&](const cim::Instance& job) {
        const std::string of = job.text("VirtualSystemName").value_or("");
        const auto report = read_job(job);
        const bool its = of.empty() || text::same_folded(of, machine.id) || text::same_folded(of, machine.name);
        return its && (!report || report->progress == JobProgress::running);
    });
}

Result<void> remove_planned(Client& host, const std::string& id, const std::string& name) {
    const cim::Reference service{resource_of(Source::management_service),
                                 {{"SystemCreationClassName", "Msvm_ComputerSystem"},
                                  {"SystemName", name},
                                  {"CreationClassName", std::string(class_row(Source::management_service).name)},
                                  {"Name", "vmms"}}};
    const std::vector<soap::Argument> planned = {
        {"AffectedSystem",
         cim::Reference{resource_of(Source::planned_machines),
                        {{"CreationClassName", std::string(class_row(Source::planned_machines).name)}, {"Name", id}}}}};
    const auto end = host.perform(service, "DestroySystem", planned, setting_deadline);
    if (!end) return tl::unexpected(end.error());
    return {};
}

Result<std::string> draining_of(Inquirer& host, const std::string& name) {
    const auto service = host.enumerate(resource_of_all(Source::cluster_service),
                                        {.wql = std::string(class_row(Source::cluster_service).query)});
    if (!service && service.error().code != Code::not_found) return tl::unexpected(service.error());
    if (!service || !is_node(*service)) return std::string();
    const auto nodes = host.enumerate(resource_of(Source::cluster_nodes));
    if (!nodes && nodes.error().code == Code::not_found) return std::string();
    if (!nodes) return tl::unexpected(nodes.error());
    for (const cim::Instance& node : *nodes) {
        if (!text::same_folded(node.text("Name").value_or(""), name)) continue;
        const auto state = node.integer("State"), drain = node.integer("NodeDrainStatus");
        if (drain && *drain == drain_in_progress) return std::string("its cluster drains it");
        if (state && *state == paused) return std::string("it is paused in its cluster");
    }
    return std::string();
}

std::string removal_by_hand(const std::string& host, const std::string& id) {
    return fmt::format(
        "in Windows PowerShell on {}: (Get-WmiObject -Namespace root\\virtualization\\v2 {}).DestroySystem("
        "(Get-WmiObject -Namespace root\\virtualization\\v2 {} -Filter \"Name='{}'\"))",
        host, class_row(Source::management_service).name, class_row(Source::planned_machines).name, id);
}

}  // namespace fairway::wmi
