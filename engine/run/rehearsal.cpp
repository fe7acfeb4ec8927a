// See rehearsal.hpp.
#include "engine/run/rehearsal.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/paths/end.hpp"
#include "engine/plan/scope.hpp"
#include "engine/run/rollback.hpp"
#include "engine/run/stale.hpp"
#include "engine/run/survey.hpp"
#include "engine/run/verify.hpp"

namespace fairway {
namespace {

constexpr std::size_t at_once = 1'000;  // there is no network to spare

// The estate as it was read, kept up to date with what is written.
class Remembered : public Reader, public Writer {
public:
    explicit Remembered(const Snapshot& seen) : now_(seen) {
        for (auto& [address, reading] : now_.readings)
            if (address.setting == &setting::host_running_migrations && reading && *reading)
                reading = Held(std::int64_t{0});
    }

    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        Snapshot out;
        std::set<std::pair<std::string_view, Kind>> objects;
        for (const Address& address : addresses) {
            objects.emplace(address.object, address.kind());
            out.readings.insert_or_assign(address, now_.at(address));
        }
        work_.readings += objects.size();
        return out;
    }
    void write_all(std::span<const Write> writes, const MayBegin&, const WriteAnswered& answered) override {
        for (std::size_t i = 0; i < writes.size(); ++i) answered(i, make(writes[i]));
        work_.writes += writes.size();
    }

    const Snapshot& now() const { return now_; }
    Rehearsal::Work work() { return std::exchange(work_, {}); }  // since the last time

private:
    Result<void> make(const Write& write) {
        const Reading held = now_.at(write.address);
        const Change change{
            .address = write.address, .before = write.before, .after = write.after, .rules = {}, .keeps = {}};
        if (auto off = out_of_step(change, held)) return tl::unexpected(std::move(*off));
        Value after = write.after;
        if (const Set* set = as_set(**held)) {
            const Key key = write.address.setting->key;
            const Set &was = *as_set(write.before), &is = *as_set(write.after);
            after = unite(key, subtract(key, *set, subtract(key, was, is)), subtract(key, is, was));
        }
        now_.readings.insert_or_assign(write.address, Held(std::move(after)));
        if (write.address.kind() == Kind::host) listen(write.address.object);
        return {};
    }

    // Where a host listens follows from its settings.
    void listen(const std::string& host) {
        End end;
        const Decoder decoder{Mesh()};
        for (const Setting* row : {&setting::migration_enabled, &setting::migration_networks})
            decoder.apply(end, *row, now_.at({host, row}));
        const auto listeners = now_.readings.find({host, &setting::host_listeners});
        const Reading& all = now_.at({host, &setting::host_addresses});
        if (listeners == now_.readings.end() || !all || !*all || !end.networks) return;
        Set::Elements out;
        for (const std::string_view text : *as_set(**all))
            if (const auto address = parse_address(text);
                address && end.enabled == true && lies_in(*address, *end.networks))
                out.push_back(text);
        listeners->second = Held(Set::of(std::move(out)));
    }

    Snapshot now_;
    Rehearsal::Work work_;
};

// What became of the change: as the rollback's plan says it, or why it was left out or not made.
Rehearsal::Part compared(const Change& change, const Reading& before, const Reading& now,
                         const Result<RolledBack>& back) {
    if (before && now && *before == *now) return {&change, PutBack::exactly};
    if (!back) return {&change, PutBack::stays, back.error().text};
    for (const Finding& note : back->first->plan->notes)
        if (note.address == change.address)
            return {&change, note.verdict == Verdict::conflict ? PutBack::conflict : PutBack::stays, note.because};
    for (const LeftOut& one : back->left_out)
        if (one.address == change.address) return {&change, PutBack::stays, one.why.text};
    for (const RolledBack::Attempt& attempt : back->attempts)
        if (!attempt.applied) return {&change, PutBack::stays, attempt.applied.error().text};
    return {&change, PutBack::stays, "the rollback does not name it"};
}

// The run was made here alone: what it undoes is the plan.
Plan named_for(Plan back, const std::string& run, const PlanFile& plan) {
    const std::string id = fmt::format("(plan {})", plan.id());
    back.source = id;
    for (Phase& phase : back.phases)
        for (Change& change : phase.changes) std::replace(change.rules.begin(), change.rules.end(), run, id);
    for (Finding& note : back.notes)
        if (note.rule == run) note.rule = id;
    return back;
}

}  // namespace

std::string_view name(PutBack how) {
    constexpr std::array<std::string_view, 3> words = {"exactly", "conflict", "stays"};
    return words.at(static_cast<std::size_t>(how));
}

std::size_t Rehearsal::exact() const {
    return static_cast<std::size_t>(
        std::count_if(parts.begin(), parts.end(), [](const Part& part) { return part.how == PutBack::exactly; }));
}

Snapshot seen_for(const Plan& plan, Inventory& inventory, Reader& reader, const Progress& progress) {
    Desired all;
    for (const Change* change : numbered(plan)) {
        all[change->address];
        for (const auto& premise : change->premises) all[premise->address];
    }
    Snapshot out = observe(reader, scope(all, inventory), progress);
    inventory = read_further(std::move(inventory), out, reader, progress);
    return out;
}

Result<Rehearsal> rehearse(const PlanFile& plan, const Snapshot& seen, const Inventory& inventory,
                           const OpenNames& open_names, const std::vector<Allowance>& allowed) {
    auto journal = Journal::open_to_append(":memory:");
    if (!journal) return tl::unexpected(journal.error());
    Remembered estate(seen);
    const auto apply_to_it = [&](const PlanFile& what, const std::string& rolls_back) {
        return apply(what, {.who = "rehearsal", .host = {}, .rolls_back = rolls_back},
                     {.reader = estate,
                      .writer = estate,
                      .journal = *journal,
                      .clock = [] { return std::int64_t{0}; },
                      .in_flight = at_once});
    };
    Rehearsal out;
    const auto applied = apply_to_it(plan, {});
    if (!applied) return tl::unexpected(applied.error());
    if (applied->ending != Ending::complete) return fail(applied->code, applied->because);
    out.there = estate.work();
    const auto back = roll_back({.run = applied->run, .allowed = allowed},
                                {.reader = estate,
                                 .journal = *journal,
                                 .inventory = inventory,
                                 .open_names = open_names,
                                 .clock = [] { return std::int64_t{0}; },
                                 .apply = [&](const PlanFile& what) { return apply_to_it(what, applied->run); }});
    out.back = estate.work();
    if (back) out.way_back = named_for(*back->first->plan, applied->run, plan);
    else out.refused = back.error();
    for (const Change* change : numbered(*plan))
        out.parts.push_back(compared(*change, seen.at(change->address), estate.now().at(change->address), back));
    return out;
}

Rehearsed outcome(const Rehearsal& rehearsal) {
    Rehearsed out{.exact = rehearsal.exact(), .others = {}};
    for (const Rehearsal::Part& part : rehearsal.parts)
        if (part.how != PutBack::exactly)
            out.others.push_back(
                fmt::format("{} {}: {}", in_words(part.change->address), name(part.how), part.because));
    return out;
}

}  // namespace fairway
