// The VM for trial moves: `verify --prepare HOST` makes it and `verify --remove HOST` takes it away. Each is the plan
// of one change of verify.trial_vms, which is shown, confirmed, applied and journalled like any other.
#include <fmt/format.h>

#include "engine/base/file.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/advice.hpp"
#include "engine/cli/carry_out.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/confirm.hpp"
#include "engine/cli/contacts.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/ground.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/trial_vms.hpp"
#include "engine/plan/limits.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/scope.hpp"
#include "engine/report/matrix.hpp"
#include "engine/report/plan.hpp"
#include "engine/run/grading.hpp"
#include "engine/run/survey.hpp"
#include "engine/run/verify.hpp"

namespace fairway::cli {
namespace {

struct Task {
    bool make = false;  // or take away
    std::string host, name = std::string(usual_trial_name);

    std::string command() const { return fmt::format("verify --{} {}", make ? "prepare" : "remove", host); }
};

// The elements of a row at one host; none where it could not be read.
Set held_at(const Snapshot& snapshot, const std::string& host, const Setting& row) {
    const Reading& reading = snapshot.at({host, &row});
    const Set* set = reading && *reading ? as_set(**reading) : nullptr;
    return set ? *set : Set();
}

// What is asked beside the paths: who has a VM of that name, at every host, since a trial move finds it by its name.
Snapshot look_around(const Task& task, const Inventory& inventory, Reader& reader, const Progress& progress) {
    const Address address{task.host, &setting::verify_trial_vms};
    std::vector<Address> asked = scope({{address, {Want{}}}}, inventory);
    for (const Host& host : inventory.hosts) {
        asked.push_back({host.name, &setting::host_machines});
        if (host.name != task.host) asked.push_back({host.name, &setting::verify_trial_vms});
    }
    return observe(reader, asked, progress);
}

// Why the VM may not be made or taken away there; nothing: it may.
Result<void> may_be(const Task& task, const Inventory& inventory, const Snapshot& snapshot) {
    const std::string ours = element({task.name, inventory.estate});
    if (held_at(snapshot, task.host, setting::verify_trial_vms).contains(ours)) return {};
    for (const Host& host : inventory.hosts) {
        const bool here = host.name == task.host;
        if (held_at(snapshot, host.name, setting::verify_trial_vms).contains(ours))
            return fail(Code::refused,
                        task.make
                            ? fmt::format("the trial VM {} is on {} already, and two of one name could be mistaken "
                                          "for each other; it can be moved from there, or taken away: fairway "
                                          "verify --remove {}",
                                          task.name, host.name, argument_word(host.name))
                            : fmt::format("the trial VM {0} is on {1}, not on {2}; to take it away: fairway verify "
                                          "--remove {3}",
                                          task.name, host.name, task.host, argument_word(host.name)));
        if ((task.make || here) && held_at(snapshot, host.name, setting::host_machines).contains(task.name))
            return fail(Code::refused,
                        fmt::format("the VM {} on {} does not carry the note of a trial VM of estate {}: "
                                    "it is somebody else's, so it stays{}",
                                    task.name, host.name, inventory.estate,
                                    task.make ? ", and none of the same name is made" : ""));
    }
    return {};
}

// Hosts that could not be asked whether they have such a VM.
std::string unasked(const Task& task, const Inventory& inventory, const Snapshot& snapshot) {
    std::vector<std::string> hosts;
    for (const Host& host : inventory.hosts)
        if (host.name != task.host && !snapshot.at({host.name, &setting::host_machines})) hosts.push_back(host.name);
    if (hosts.empty()) return {};
    constexpr std::size_t most_named = 5;
    return fmt::format("Whether {} has a VM called {} could not be read.\n",
                       text::some(hosts, most_named, text::printable), task.name);
}

Plan plan_of(const Task& task, const std::string& ticket, const Inventory& inventory, const Snapshot& snapshot) {
    const Address address{task.host, &setting::verify_trial_vms};
    const Set held = held_at(snapshot, task.host, setting::verify_trial_vms);
    const Value both = whole(task.name, inventory.estate);
    const Key key = address.setting->key;
    const Set after = task.make ? unite(key, held, *as_set(both)) : subtract(key, held, *as_set(both));
    Finding finding{.address = address,
                    .verdict = after == held ? Verdict::compliant : Verdict::drifted,
                    .held = Value(held),
                    .foreign = subtract(key, held, *as_set(both)),
                    .remedy = Value(after),
                    .rule = fmt::format("verify --{}", task.make ? "prepare" : "remove"),
                    .severity = Severity::low,
                    .because = {},
                    .where = {}};
    return plan(
        {.purpose = Purpose::apply, .source = task.command(), .source_digest = {}, .ticket = ticket, .partial = true},
        {std::move(finding)}, snapshot, inventory);
}

struct Prepared {
    PlanFile file;
    std::string unasked;
};

Loaded<Prepared> planned(const Task& task, const Request& request, Inventory& inventory, Reader& reader,
                         const Connections& connections, const Progress& progress) {
    Snapshot snapshot = look_around(task, inventory, reader, progress);
    for (const Setting* row : {&setting::verify_trial_vms, &setting::host_machines})
        if (const Reading& reading = snapshot.at({task.host, row}); !reading)
            return tl::unexpected(trouble(reading.error()));
    if (auto may = may_be(task, inventory, snapshot); !may) return tl::unexpected(trouble(may.error()));
    inventory = read_further(std::move(inventory), snapshot, reader, progress);
    Plan made = plan_of(task, request.get("ticket"), inventory, snapshot);
    grade_with(made, inventory, snapshot, [&] { return connections.names(); });
    return Prepared{PlanFile(std::move(made)), unasked(task, inventory, snapshot)};
}

// The fields that every result of verify has; nothing was verified.
Json fields(const PlanFile& file) {
    const PathCount& paths = file->phases.empty() ? file->paths : file->phases.back().paths;
    Json out = {{"run", ""},
                {"changes", file->size()},
                {"done", 0},
                {"rolled_back_by", Json::array()},
                {"findings", Json::array()},
                {"paths", report::to_json(paths)},
                {"trials", Json::array()},
                {"vms", Json::array()},
                {"seed", nullptr},
                {"plan", file.json()}};
    out.update(report::provenance(*file));
    return out;
}

// --out and --dry-run: no lock, no journal, nothing to write with.
Answer only_planned(Task task, const Request& request, const Stage& stage) {
    auto inventory = load_inventory(request);
    if (!inventory) return inventory.error();
    const Connections connections(*inventory, request.recording);
    const auto reader = connections.reader();
    if (!reader) return trouble(reader.error());
    const auto made = planned(task, request, *inventory, **reader, connections, unless_interrupted(stage));
    if (!made) return made.error();
    const PlanFile& file = made->file;
    Answer out{.exit = file->size() > 0 ? Exit::changes : Exit::fine,
               .text = stage.text([&] { return report::text(file, stage.style, {}) + made->unasked; }),
               .json = stage.json([&] { return fields(file); }),
               .trouble = {}};
    out.text += "Nothing was changed.\n";
    if (!request.has("out")) return out;
    constexpr mode_t ours_alone = 0600;
    const std::string path = request.get("out");
    if (auto written = write_file_atomically(path, file.bytes(), ours_alone); !written) return trouble(written.error());
    out.text += fmt::format("To make the change: fairway apply {}\n", argument_word(path));
    return out;
}

std::string what_next(const Task& task, const std::string& run) {
    const std::string back = fmt::format("fairway rollback {}", run);
    if (!task.make) return fmt::format("The trial VM is gone from {}. To have it again: {}\n", task.host, back);
    return fmt::format(
        "A policy has it moved by `verify: {{moves: {{vm: {}, storage: true}}}}`: its disk is in a folder of this "
        "host, "
        "so without `storage` it moves only if that folder is a share. To take it away: fairway verify --remove {}, or "
        "{}\n",
        task.name, argument_word(task.host), back);
}

Answer carried_out(Task task, const Request& request, const Stage& stage) {
    auto held = ground(request, task.command(), Store::may_be_new);
    if (!held) return held.error();
    const auto settled = settle_unfinished(*held, {});
    if (!settled) return trouble(settled.error());
    stage.say(*settled);
    const auto made =
        planned(task, request, held->inventory, *held->reader, held->connections, unless_interrupted(stage));
    if (!made) return made.error();
    const PlanFile& file = made->file;
    stage.say(stage.text([&] { return report::text(file, stage.style, {}) + made->unasked; }));
    if (file->size() == 0)
        return {.exit = Exit::fine,
                .text = fmt::format("{} {} a trial VM of estate {}{}.\n", task.host, task.make ? "has" : "has not",
                                    held->inventory.estate, task.make ? " already" : ""),
                .json = stage.json([&] { return fields(file); }),
                .trouble = {}};
    if (auto within = within_limits(*file, held->inventory); !within) return trouble(within.error());
    const auto unknown = warn_not_probed(*file, *held, stage);
    if (!unknown) return unknown.error();
    const std::string question =
        task.make ? fmt::format("Make the VM {} on {} now?", task.name, task.host)
                  : fmt::format("Take the VM {} on {} away now, with its disk?", task.name, task.host);
    if (!confirmed(request, stage, question))
        return trouble(Exit::refused, "refused", "not confirmed; nothing was changed");
    Carried carried = carry_out(*held, file, {}, stage);
    Answer& out = carried.answer;
    if (!carried.applied || !*carried.applied) return std::move(out);
    const Applied& applied = **carried.applied;
    Json json = fields(file);
    json.update(out.json);
    json["warnings"] = *unknown;
    json["run"] = applied.run;
    json["done"] = applied.done;
    out.json = std::move(json);
    if (out.exit == Exit::fine) out.text += what_next(task, applied.run);
    return std::move(out);
}

}  // namespace

Answer prepare(const Request& request, const Stage& stage) {
    if (request.has("prepare") && request.has("remove"))
        return trouble(Exit::usage, "bad_input",
                       "--prepare makes a VM and --remove takes it away; give one of the two");
    if (request.get("out") == "-")
        return trouble(Exit::usage, "bad_input", "--out takes the name of a file here; standard output has the text");
    const auto inventory = load_inventory(request);
    if (!inventory) return inventory.error();
    const Host* host = inventory->find(request.arguments[0]);
    if (host == nullptr)
        return trouble(Exit::usage, "not_found",
                       fmt::format("{} has no host {}", inventory->file, text::printable(request.arguments[0])));
    const Task task{.make = request.has("prepare"), .host = host->name};
    return request.has("out") || request.has("dry-run") ? only_planned(task, request, stage)
                                                        : carried_out(task, request, stage);
}

}  // namespace fairway::cli
