// See plan.hpp.
#include "engine/plan/plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>

#include "engine/base/by_key.hpp"
#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/run.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/estate.hpp"
#include "engine/plan/grounds.hpp"
#include "engine/plan/premises.hpp"
#include "engine/plan/risk.hpp"
#include "engine/plan/waves.hpp"

namespace fairway {
namespace {

// Lays one want's remedy over what the others of its address made. Of a set, each adds and takes its own
// elements; of a number, wants that agree all pull the same way, and the farthest satisfies them all.
Value combine(const Setting& setting, const Value& held, const Value& so_far, const Value& remedy) {
    if (const Set* base = as_set(held)) {
        const Set added = subtract(setting.key, *as_set(remedy), *base);
        const Set taken = subtract(setting.key, *base, *as_set(remedy));
        return unite(setting.key, subtract(setting.key, *as_set(so_far), taken), added);
    }
    const auto* number = std::get_if<std::int64_t>(&held);
    if (!number) return remedy;
    const auto distance = [&](const Value& value) { return std::abs(std::get<std::int64_t>(value) - *number); };
    return distance(remedy) > distance(so_far) ? remedy : so_far;
}

// What none of the address's wants names, and what its change leaves there.
Set kept(const Finding* first, const Finding* last, const Value& after) {
    if (!as_set(after)) return {};
    const Key key = first->address.setting->key;
    Set out = first->foreign;
    for (const Finding* finding = first + 1; finding != last; ++finding) out = intersect(key, out, finding->foreign);
    return intersect(key, out, *as_set(after));
}

// What no want of the address takes but those that take what has vanished: it may go only while that is so.
Set only_vanished(const Finding* first, const Finding* last, const Change& change) {
    if (!as_set(change.before)) return {};
    const Key key = change.address.setting->key;
    Set out, otherwise;
    for (const Finding* finding = first; finding != last; ++finding) {
        if (finding->verdict != Verdict::drifted) continue;
        const Premise* gone = finding->premises.about({finding->address.object, &setting::delegation_vanished});
        if (gone) out = unite(key, out, *as_set(*gone->holds));
        else otherwise = unite(key, otherwise, subtract(key, *as_set(change.before), *as_set(*finding->remedy)));
    }
    return subtract(key, out, otherwise);
}

// The findings of one address become at most one change.
std::optional<Change> change_of(const Finding* first, const Finding* last) {
    std::optional<Change> change;
    for (const Finding* finding = first; finding != last; ++finding) {
        if (finding->verdict != Verdict::drifted) continue;
        if (!change) change = Change{finding->address, *finding->held, *finding->remedy, {}, {}};
        else change->after = combine(*finding->address.setting, change->before, change->after, *finding->remedy);
        if (std::find(change->rules.begin(), change->rules.end(), finding->rule) == change->rules.end())
            change->rules.push_back(finding->rule);
    }
    if (!change || change->before == change->after) return std::nullopt;
    change->keeps = kept(first, last, change->after);
    for (const Finding* finding = first; finding != last; ++finding)
        for (const auto& one : finding->premises)
            if (one->address.setting != &setting::delegation_vanished) change->premises.add(one);
    if (const Set gone = only_vanished(first, last, *change); !gone.empty())
        change->premises.add(premise(change->address.object, setting::delegation_vanished, Value(gone)));
    return change;
}

// A directory change that both adds and takes becomes two: the first is safe early, the second is not.
std::vector<std::pair<PhaseKind, Change>> phased(const Change& change) {
    if (row_of(change.address.kind()).stage == Stage::host) return {{PhaseKind::hosts, change}};
    const Set* before = as_set(change.before);
    if (!before) {
        const bool grants = change.after == Value(true);
        return {{grants ? PhaseKind::directory_additions : PhaseKind::directory_removals, change}};
    }
    const Key key = change.address.setting->key;
    const Set& after = *as_set(change.after);
    const Value both(covers(key, after, *before) ? after : unite(key, *before, after));
    std::vector<std::pair<PhaseKind, Change>> out;
    Premises of_addition;  // whether a computer is gone matters to what is taken only
    for (const auto& one : change.premises)
        if (one->address.setting != &setting::delegation_vanished) of_addition.append(one);
    if (both != change.before)
        out.emplace_back(PhaseKind::directory_additions,
                         Change{change.address, change.before, both, change.rules, change.keeps, of_addition});
    if (both != change.after)
        out.emplace_back(PhaseKind::directory_removals,
                         Change{change.address, both, change.after, change.rules, change.keeps, change.premises});
    return out;
}

bool made_before(const Change& a, const Change& b) {
    if (a.address.object != b.address.object) return a.address.object < b.address.object;
    return a.address.setting->rank < b.address.setting->rank;
}

std::vector<Phase> phases(const std::vector<Change>& all, Purpose purpose) {
    std::map<PhaseKind, std::vector<Change>> by_kind;
    for (const Change& change : all)
        for (auto& [kind, part] : phased(change)) by_kind[kind].push_back(std::move(part));
    std::vector<Phase> out;
    for (auto& [kind, list] : by_kind) {
        std::stable_sort(list.begin(), list.end(), made_before);
        if (purpose == Purpose::rollback) std::reverse(list.begin(), list.end());
        out.push_back({.kind = kind, .changes = std::move(list), .paths = {}, .closes = 0});
    }
    return out;
}

// Hosts that a plan would switch under migrations that run now: said when it is made; apply looks again.
std::vector<Finding> busy_hosts(const Plan& plan, const Snapshot& snapshot) {
    std::vector<Finding> out;
    std::set<Address> gates;
    for (const Change* change : numbered(plan))
        if (const Address gate{change->address.object, &setting::host_running_migrations}; change->premises.about(gate))
            gates.insert(gate);
    for (const Address& gate : gates) {
        const auto read = snapshot.readings.find(gate);
        if (read == snapshot.readings.end() || !read->second || !*read->second) continue;
        const auto running = std::get<std::int64_t>(**read->second);
        if (running == 0) continue;
        out.push_back({.address = gate,
                       .verdict = Verdict::busy,
                       .held = *read->second,
                       .foreign = {},
                       .remedy = {},
                       .rule = {},
                       .severity = Severity::medium,
                       .because = fmt::format("{} running now; apply begins when none is", running),
                       .where = {}});
    }
    return out;
}

bool worth_a_note(Verdict verdict) { return verdict != Verdict::compliant && verdict != Verdict::drifted; }

std::string all_of(const Set& set) {
    std::vector<std::string> names;
    for (const std::string_view element : set) names.push_back(text::printable(element));
    return text::join(names, ", ");
}

// What others did with a list since the run that is rolled back: every value, for a person must look at each.
std::optional<Finding> note_of_others(const Finding& finding) {
    std::vector<std::string> told;
    if (!finding.taken.empty())
        told.push_back(
            fmt::format("others took {} since the run, and {} not put back: {}",
                        finding.taken.size() == 1 ? "1 value" : fmt::format("{} values", finding.taken.size()),
                        finding.taken.size() == 1 ? "it is" : "they are", all_of(finding.taken)));
    for (const TakenOver& other : finding.taken_over)
        told.push_back(fmt::format("run {} changed these values later, so they stay as it left them: {}", other.run,
                                   all_of(other.values)));
    if (told.empty()) return std::nullopt;
    Finding out = finding;
    out.verdict = Verdict::conflict;
    out.remedy.reset();
    out.because = text::join(told, "; ");
    return out;
}

}  // namespace

std::vector<Change> changes(const std::vector<Finding>& findings) {
    std::vector<Change> out;
    const Finding* const end = findings.data() + findings.size();
    for (const Finding* first = findings.data(); first != end;) {
        const Finding* last = std::find_if(first, end, [&](const Finding& f) { return f.address != first->address; });
        if (std::optional<Change> change = change_of(first, last)) out.push_back(std::move(*change));
        first = last;
    }
    return out;
}

Plan plan(const PlanHeading& heading, const std::vector<Finding>& findings, const Snapshot& snapshot,
          const Inventory& inventory) {
    Plan out;
    out.purpose = heading.purpose;
    out.estate = inventory.estate;
    out.inventory_digest = inventory.digest;
    out.found = inventory.found();
    out.since = heading.since;
    out.source = heading.source;
    out.source_digest = heading.source_digest;
    out.ticket = heading.ticket;
    out.limits = heading.limits;
    out.not_covered = not_covered(inventory);
    out.phases = phases(changes(findings), heading.purpose);
    out.rollout = heading.rollout;
    out.run_rules = heading.run_rules;
    if (out.rollout) out.phases = in_waves(std::move(out.phases), *out.rollout, inventory, snapshot);
    if (heading.undone) out.phases = waves_back(std::move(out.phases), *heading.undone);
    Grounds grounds(inventory, snapshot);
    for (Phase& phase : out.phases)
        for (Change& change : phase.changes) grounds.lay(change);
    for (const Finding& finding : findings) {
        if (worth_a_note(finding.verdict)) out.notes.push_back(finding);
        if (heading.purpose != Purpose::rollback) continue;
        if (auto note = note_of_others(finding)) out.notes.push_back(std::move(*note));
    }
    for (Finding& busy : busy_hosts(out, snapshot)) out.notes.push_back(std::move(busy));
    out.estate_findings = heading.estate_findings;
    const Outlook outlook = simulate(out, for_any_caller(meshes(inventory, snapshot)));
    if (heading.purpose == Purpose::apply && !heading.partial)
        for (EstateFinding& closed : closed_paths(outlook.meshes, outlook.matrices, findings))
            out.estate_findings.push_back(std::move(closed));
    return out;
}

}  // namespace fairway
