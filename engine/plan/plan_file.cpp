// See plan_file.hpp.
#include "engine/plan/plan_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <unordered_map>

#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/model/limits.hpp"
#include "engine/model/run.hpp"
#include "engine/model/setting.hpp"
#include "engine/model/value_json.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/estate.hpp"
#include "engine/plan/limits.hpp"
#include "engine/plan/number_ranges.hpp"
#include "engine/plan/path_letters.hpp"
#include "engine/plan/premises.hpp"
#include "engine/plan/rollout.hpp"
#include "engine/plan/step_paths.hpp"

namespace fairway {
namespace {

Json to_json(const PathCount& paths) {
    return {{"open", paths.open}, {"closed", paths.closed}, {"unknown", paths.unknown}};
}

// The premises of a plan, each once, in the order in which its changes come to them: changes name them by number.
class PremiseTable {
public:
    explicit PremiseTable(const Plan& plan) {
        for (const Change* change : numbered(plan))
            for (const auto& one : change->premises) take(*one);
    }
    const std::vector<const Premise*>& all() const { return all_; }

    std::vector<std::string> ranges(const Premises& premises) const {
        std::vector<std::size_t> numbers;
        numbers.reserve(premises.size());
        for (const auto& one : premises) numbers.push_back(numbers_.at(one.get()));
        return in_ranges(numbers);
    }

private:
    void take(const Premise& premise) {
        const auto [it, fresh] = numbers_.try_emplace(&premise, all_.size());
        if (!fresh) return;
        auto& same_place = places_[premise.address];
        for (const std::size_t other : same_place)
            if (*all_[other] == premise) {
                it->second = other;
                return;
            }
        same_place.push_back(all_.size());
        all_.push_back(&premise);
    }

    std::vector<const Premise*> all_;
    std::unordered_map<const Premise*, std::size_t> numbers_;
    std::map<Address, std::vector<std::size_t>> places_;
};

// A list up to this long stands in its change, where people see it. Of the longer ones the names stand once in the
// file: where no host of a migration domain has any delegation yet, each of them gets the names of all others.
constexpr std::size_t longest_spelled_out = 32;

// The four lists of a change of a set.
struct Lists {
    explicit Lists(const Change& change)
        : before(*as_set(change.before)),
          add(subtract(change.address.setting->key, *as_set(change.after), before)),
          remove(subtract(change.address.setting->key, before, *as_set(change.after))),
          keeps(change.keeps) {}

    template <class Visit>
    void each(Visit visit) const {
        visit("before", before);
        visit("add", add);
        visit("remove", remove);
        visit("keeps", keeps);
    }

    Set before, add, remove, keeps;
};

// The names of long lists, each once, in the order in which changes come to them.
class NameTable {
public:
    explicit NameTable(const Plan& plan) {
        for (const Change* change : numbered(plan))
            if (as_set(change->before)) Lists(*change).each([&](std::string_view, const Set& list) { take(list); });
    }
    const std::vector<std::string_view>& all() const { return all_; }

    void print(JsonWriter& to, std::string_view key, const Set& list) const {
        if (list.size() <= longest_spelled_out) return to.list(key, list.elements());
        std::vector<std::size_t> numbers;
        numbers.reserve(list.size());
        for (const std::string_view name : list) numbers.push_back(numbers_.at(name));
        std::sort(numbers.begin(), numbers.end());
        to.open_map(key);
        to.list("names", in_ranges(numbers));
        to.close();
    }

private:
    void take(const Set& list) {
        if (list.size() <= longest_spelled_out) return;
        for (const std::string_view name : list)
            if (numbers_.try_emplace(name, all_.size()).second) all_.push_back(name);
    }

    std::vector<std::string_view> all_;  // in the texts of the plan's sets
    std::unordered_map<std::string_view, std::size_t> numbers_;
};

void print(JsonWriter& to, const Premise& premise) {
    to.open_map();
    to.put("object", premise.address.object);
    to.put("setting", premise.address.setting->name);
    if (premise.holds) to.put("holds", fairway::to_json(*premise.holds));
    to.put("why", premise.why);
    to.close();
}

void print(JsonWriter& to, const Change& change, const PremiseTable& premises, const NameTable& names) {
    to.open_map();
    to.put("object", change.address.object);
    to.put("setting", change.address.setting->name);
    if (as_set(change.before)) {
        Lists(change).each([&](std::string_view key, const Set& list) { names.print(to, key, list); });
    } else {
        to.put("before", fairway::to_json(change.before));
        to.put("after", fairway::to_json(change.after));
    }
    to.list("rules", change.rules);
    if (!change.grade.because.empty()) {
        to.put("risk", name(change.grade.risk));
        to.put("risk_because", change.grade.because);
    }
    if (!change.premises.empty()) to.list("premises", premises.ranges(change.premises));
    to.close();
}

Json to_json(const Limits& limits) {
    Json out = Json::object();
    for (const LimitRow& row : limit_table()) {
        const Amount amount = row.amount ? limits.*row.amount : Amount();
        if (!row.amount) out[row.name] = name(limits.risk);
        if (amount.count) out[row.name] = *amount.count;
        if (amount.percent) out[fmt::format("{}_percent", row.name)] = *amount.percent;
    }
    if (limits.rollbacks) out["rollbacks"] = true;
    if (limits.risk_by_default) out["risk_by_default"] = true;
    if (limits.probed) out["probed"] = true;
    return out;
}

Json to_json(const Finding& note) {
    return {{"object", note.address.object},   {"setting", note.address.setting->name},
            {"verdict", name(note.verdict)},   {"rule", note.rule},
            {"severity", name(note.severity)}, {"because", note.because}};
}

// Which paths steps close, or open again; nothing where there are none.
void print(JsonWriter& to, std::string_view key, const std::vector<StepPaths>& steps) {
    if (steps.empty()) return;
    to.open_list(key);
    for (const StepPaths& one : steps) to.put({}, to_json(one));
    to.close();
}

// A plan that says nothing which is new in the format is written as before: the same plan has the same digest.
std::int64_t format_of(const Plan& plan) {
    const bool any_new = std::any_of(plan.phases.begin(), plan.phases.end(), [](const Phase& phase) {
        return phase.wave > 0 || !phase.closed.empty() || !phase.opened.empty();
    });
    if (!plan.picture.now.empty()) return plan_format;
    return plan.rollout || plan.run_rules.any() || plan.rehearsed || any_new ? plan_format - 1 : plan_format - 2;
}

// The file up to its digest; written part by part, so that a large plan never stands in memory as a tree.
std::string body(const Plan& plan) {
    JsonWriter to(2);
    to.open_map();
    to.put("fairway_plan", format_of(plan));
    to.put("purpose", name(plan.purpose));
    to.put("estate", plan.estate);
    to.put("inventory_sha256", plan.inventory_digest);
    if (!plan.found.empty()) to.list("found", plan.found);
    if (plan.since) to.put("found_since", to_json(*plan.since));
    to.put("source", plan.source);
    to.put("source_sha256", plan.source_digest);
    to.put("ticket", plan.ticket);
    if (plan.limits) to.put("limits", to_json(*plan.limits));
    if (!plan.allowed.empty()) to.put("allowed", to_json(plan.allowed));
    if (plan.rollout) to.put("rollout", to_json(*plan.rollout));
    if (plan.run_rules.any()) to.put("run_rules", to_json(plan.run_rules));
    if (!plan.not_covered.empty()) to.put("not_covered", to_json(plan.not_covered));
    to.put("paths", to_json(plan.paths));
    const PremiseTable premises(plan);
    if (!premises.all().empty()) {
        to.open_list("premises");
        for (const Premise* premise : premises.all()) print(to, *premise);
        to.close();
    }
    const NameTable names(plan);
    if (!names.all().empty()) to.list("names", names.all());
    to.open_list("phases");
    for (const Phase& phase : plan.phases) {
        to.open_map();
        to.put("phase", name(phase.kind));
        if (phase.wave > 0) to.put("wave", phase.wave);
        if (phase.canary) to.put("canary", true);
        to.open_list("changes");
        for (const Change& change : phase.changes) print(to, change, premises, names);
        to.close();
        to.put("paths", to_json(phase.paths));
        to.put("closes", phase.closes);
        print(to, "closed", phase.closed);
        print(to, "opened", phase.opened);
        if (phase.then.any()) to.put("then", to_json(phase.then));
        if (!phase.letters.empty()) to.put("path_letters", to_json(phase.letters));
        to.close();
    }
    to.close();
    to.open_list("notes");
    for (const Finding& note : plan.notes) to.put({}, to_json(note));
    to.close();
    if (!plan.estate_findings.empty()) {
        to.open_list("estate_findings");
        for (const EstateFinding& finding : plan.estate_findings) to.put({}, to_json(finding));
        to.close();
    }
    if (plan.rehearsed) to.put("rehearsed", Json{{"exact", plan.rehearsed->exact}, {"others", plan.rehearsed->others}});
    if (!plan.picture.now.empty()) to.put("path_letters", to_json(plan.picture));
    return to.take();
}

// The digest is the last key of the file, over every byte before it: to check it, nothing need be printed.
constexpr std::string_view digest_key = ",\n  \"digest\": \"";
constexpr std::string_view file_end = "\"\n}\n";
constexpr std::size_t digest_size = 64;

// The file without its digest and end; empty if it does not end as our files do.
std::string_view digested(std::string_view file) {
    const std::size_t tail = digest_key.size() + digest_size + file_end.size();
    if (file.size() < tail || !file.ends_with(file_end)) return {};
    const std::string_view head = file.substr(0, file.size() - tail);
    return file.substr(head.size()).starts_with(digest_key) ? head : std::string_view();
}

}  // namespace

std::string print_plan(const Plan& plan) {
    std::string file = body(plan);
    const std::string digest = sha256(file);
    return file.append(digest_key).append(digest).append(file_end);
}

bool has_its_digest(std::string_view file) { return digest_in(file) == sha256(digested(file)); }

std::string_view digest_in(std::string_view file) {
    return digested(file).empty() ? std::string_view()
                                  : file.substr(digested(file).size() + digest_key.size(), digest_size);
}

std::string_view plan_id(std::string_view digest) {
    constexpr std::size_t digits = 12;
    return digest.substr(0, digits);
}

}  // namespace fairway
