// See apply.hpp.
#include "engine/run/apply.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

#include "engine/model/catalogue.hpp"
#include "engine/plan/premises.hpp"
#include "engine/plan/rights.hpp"
#include "engine/plan/settle.hpp"
#include "engine/run/stale.hpp"

namespace fairway {
namespace {

Reading read_one(Reader& reader, const Address& address) {
    const Snapshot snapshot = reader.read(std::span(&address, 1));
    return snapshot.at(address);
}

// Did the far side itself say no? A reply that was lost, late or unreadable says nothing.
bool was_refused(const Result<void>& wrote) {
    return !wrote && wrote.error().code != Code::unreachable && wrote.error().code != Code::protocol;
}

// One run through the changes of a plan.
class Walk {
public:
    // `moved`: the replicas at which it writes now and that the journal does not name yet.
    Walk(const Plan& plan, std::string run, Hands hands, std::vector<Replica> moved = {})
        : hands_(std::move(hands)), moved_(std::move(moved)) {
        applied_.run = std::move(run);
        for (const Phase& phase : plan.phases)
            for (const Change& change : phase.changes) changes_.push_back({&change, phase.kind});
    }

    // `last`: what is known of each change that an earlier stretch of the run came to.
    Result<Applied> go(const std::map<std::size_t, Outcome>& last) {
        event(Event::Kind::started, 0, {});
        for (std::size_t number = 0; number < changes_.size(); ++number) {
            const auto known = last.find(number);
            if (known != last.end() && known->second == Outcome::done) {
                ++applied_.done;
                continue;
            }
            if (hands_.stop()) {
                stop_with(Ending::stopped, {Code::refused, "stopped on request, between two changes"});
                break;
            }
            auto made = make(number, known != last.end() && known->second == Outcome::torn);
            if (!made) return cut_off(made.error());
            if (!*made) break;
            ++applied_.done;
        }
        applied_.left = changes_.size() - applied_.done;
        auto ended = hands_.journal.end(applied_.run, name(applied_.ending), applied_.because, hands_.clock());
        if (!ended) return cut_off(ended.error());
        return applied_;
    }

private:
    // The journal cannot be written any more. Whoever comes next settles the run by reading.
    Result<Applied> cut_off(const Error& error) const {
        return fail(error.code,
                    fmt::format("{}\nRun {} is cut off after {} of {} changes. Go on: fairway apply --resume {}   "
                                "Go back: fairway rollback {}",
                                error.text, applied_.run, applied_.done, changes_.size(), applied_.run, applied_.run));
    }

    struct Numbered {
        const Change* change;
        PhaseKind phase;
    };

    void event(Event::Kind kind, std::size_t number, Outcome outcome) {
        const bool of_change = kind != Event::Kind::started;
        hands_.on_event({.kind = kind,
                         .run = applied_.run,
                         .change = of_change ? changes_[number].change : nullptr,
                         .number = number,
                         .of = changes_.size(),
                         .phase = of_change ? changes_[number].phase : PhaseKind{},
                         .outcome = outcome});
    }

    void stop_with(Ending ending, Error because) {
        applied_.ending = ending;
        applied_.because = std::move(because.text);
        applied_.code = because.code;
    }

    // A write to a host moves the run to no other replica.
    Result<void> intend(std::size_t number) {
        const bool there = changes_[number].change->address.kind() == Kind::computer;
        const std::vector<Replica> moved = there ? std::exchange(moved_, {}) : std::vector<Replica>();
        return hands_.journal.intend(applied_.run, number, hands_.clock(), moved);
    }

    // True: made and seen. False: stop here; why is in applied_. Error: the journal is gone.
    Result<bool> make(std::size_t number, bool torn) {
        const Change& change = *changes_[number].change;
        std::vector<Address> asked = {change.address};
        for (const auto& premise : change.premises) asked.push_back(premise->address);
        const Snapshot snapshot = hands_.reader.read(asked);
        for (const auto& premise : change.premises)
            if (auto gone = broken(*premise, snapshot.at(premise->address))) {
                stop_with(Ending::failed, std::move(*gone));
                return false;
            }
        const Reading now = snapshot.at(change.address);
        const auto off = out_of_step(change, now);
        if (off && !(torn && now && *now)) {
            stop_with(Ending::failed, *off);
            return false;
        }
        if (auto intended = intend(number); !intended) return tl::unexpected(intended.error());
        event(Event::Kind::intended, number, {});
        const Result<void> wrote =
            hands_.writer.write(change.address, **now, torn ? lay_over(change, **now) : change.after);
        event(Event::Kind::written, number, {});
        const Reading after = read_one(hands_.reader, change.address);
        // After `stale` nothing was written, whatever is there now: the same value from another hand is not ours.
        const bool untouched = !wrote && wrote.error().code == Code::stale;
        const Outcome outcome = untouched ? Outcome::not_done : settle(change, after, was_refused(wrote));
        const std::string note = !wrote ? wrote.error().text : !after ? after.error().text : std::string();
        if (auto recorded = hands_.journal.record(applied_.run, number, outcome, note, hands_.clock()); !recorded)
            return tl::unexpected(recorded.error());
        event(Event::Kind::recorded, number, outcome);
        if (outcome == Outcome::done) return true;
        const Error why = !wrote   ? wrote.error()
                          : !after ? after.error()
                                   : Error{Code::stale, "the write was accepted, but the value read back is another"};
        stop_with(outcome == Outcome::in_doubt ? Ending::in_doubt : Ending::failed,
                  {why.code, fmt::format("{}: {}", in_words(change.address), why.text)});
        return false;
    }

    Hands hands_;
    std::vector<Replica> moved_;
    std::vector<Numbered> changes_;
    Applied applied_;
};

// The first change at each address that is still to be made, and the addresses of all of them.
Result<void> preflight(const std::vector<const Change*>& changes, const std::map<std::size_t, Outcome>& last,
                       Reader& reader, const Progress& progress) {
    std::map<Address, std::size_t> first;
    std::vector<const Premise*> premises;
    std::set<const Premise*> known_premises;
    std::vector<Address> addresses;
    for (std::size_t number = 0; number < changes.size(); ++number) {
        const auto known = last.find(number);
        if (known != last.end() && known->second == Outcome::done) continue;
        first.try_emplace(changes[number]->address, number);
        for (const auto& premise : changes[number]->premises)
            if (known_premises.insert(premise.get()).second) premises.push_back(premise.get());
    }
    for (const auto& [address, number] : first) addresses.push_back(address);
    for (const Premise* premise : premises) addresses.push_back(premise->address);
    std::sort(addresses.begin(), addresses.end());
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
    const Snapshot snapshot = reader.read(addresses, progress);
    std::vector<std::string> lines;
    Code code = Code::unreachable;
    const auto tell = [&](const Error& error) {
        const bool first_line = lines.empty() && code == Code::unreachable;
        if (error.code == Code::stale || (error.code == Code::refused && code != Code::stale) || first_line)
            code = error.code;
        lines.push_back(error.text);
    };
    for (const auto& [address, number] : first) {
        const auto known = last.find(number);
        const auto off = out_of_step(*changes[number], snapshot.at(address));
        if (!off || (known != last.end() && known->second == Outcome::torn && off->code == Code::stale)) continue;
        tell(*off);
    }
    for (const Premise* premise : premises)
        if (const auto gone = broken(*premise, snapshot.at(premise->address))) tell(*gone);
    if (lines.empty()) return {};
    return fail(code, text::join(lines, "\n"));
}

Progress until_stopped(const Hands& hands) {
    return [stop = hands.stop](std::size_t, std::size_t) { return !stop(); };
}

// Whether the caller may make the changes that are left, as far as can be told before the first of them.
Result<void> permitted(const std::vector<const Change*>& changes, const std::map<std::size_t, Outcome>& last,
                       const Hands& hands) {
    if (!hands.rights) return {};
    std::set<Address> left;
    for (std::size_t number = 0; number < changes.size(); ++number) {
        const auto known = last.find(number);
        if (known == last.end() || known->second != Outcome::done) left.insert(changes[number]->address);
    }
    const std::vector<Address> addresses(left.begin(), left.end());
    return check_rights(hands.rights->may_write(addresses, until_stopped(hands)));
}

// Where the writer stands and the run did not stand when it was last heard of.
std::vector<Replica> moved_since(const Run& run, const Writer& writer) {
    const std::vector<Replica> before = last_replicas(run);
    std::vector<Replica> out = writer.replicas();
    std::erase_if(out,
                  [&](const Replica& one) { return std::find(before.begin(), before.end(), one) != before.end(); });
    return out;
}

std::map<std::size_t, Outcome> last_outcomes(const Run& run) {
    std::map<std::size_t, Outcome> out;
    for (const Step& step : run.steps) out[step.number] = step.outcome.value_or(Outcome::in_doubt);
    return out;
}

}  // namespace

std::string_view name(Ending ending) {
    constexpr std::array<std::string_view, 4> words = {"complete", "stopped", "failed", "in_doubt"};
    return words.at(static_cast<std::size_t>(ending));
}

Result<void> preflight(const Plan& plan, Reader& reader, const Progress& progress) {
    return preflight(numbered(plan), {}, reader, progress);
}

Result<Applied> apply(const Plan& plan, const RunHeading& heading, Hands hands) {
    if (auto ready = preflight(plan, hands.reader, until_stopped(hands)); !ready) return tl::unexpected(ready.error());
    if (auto may = permitted(numbered(plan), {}, hands); !may) return tl::unexpected(may.error());
    Result<std::string> run = hands.journal.begin(plan, heading, hands.clock());
    if (!run)
        return fail(run.error().code,
                    run.error().text + "\nNothing was written; mend that, then run the same command again");
    return Walk(plan, std::move(*run), std::move(hands)).go({});
}

Result<Run> settle_run(const std::string& id, Reader& reader, Journal& journal, const Clock& clock) {
    Result<Run> run = journal.load(id);
    if (!run) return run;
    const std::vector<const Change*> changes = numbered(run->plan);
    bool settled = false;
    std::map<std::size_t, Step*> last;  // a step may have been taken again when the run was gone on with
    for (Step& step : run->steps) last[step.number] = &step;
    for (const auto& [number, pointed] : last) {
        Step& step = *pointed;
        // In doubt is also what could not be read just then; when it can be read, it may be plain.
        const bool open = !step.outcome || *step.outcome == Outcome::unanswered || *step.outcome == Outcome::in_doubt;
        if (!open || step.number >= changes.size()) continue;
        const Reading now = read_one(reader, changes[step.number]->address);
        if (!now && now.error().code != Code::not_found)
            return fail(now.error().code, fmt::format("run {} stopped in the middle of a write at {}, which cannot be "
                                                      "read now to settle it: {}",
                                                      id, in_words(changes[step.number]->address), now.error().text));
        const Outcome outcome = settle(*changes[step.number], now, false);
        if (step.outcome == outcome) continue;  // still unanswered, and that is in the journal
        step.outcome = outcome;
        step.note = "settled by reading after the run was cut off";
        if (auto recorded = journal.record(id, step.number, *step.outcome, step.note, clock()); !recorded)
            return tl::unexpected(recorded.error());
        settled = true;
    }
    if (settled || run->end.empty()) {
        if (auto ended = journal.end(id, "interrupted", "settled", clock()); !ended)
            return tl::unexpected(ended.error());
        run->end = "interrupted";
    }
    return run;
}

Result<Applied> resume(const std::string& id, Hands hands) {
    Result<Run> run = settle_run(id, hands.reader, hands.journal, hands.clock);
    if (!run) return tl::unexpected(run.error());
    const std::map<std::size_t, Outcome> last = last_outcomes(*run);
    const std::vector<const Change*> changes = numbered(run->plan);
    for (const auto& [number, outcome] : last)
        if (outcome == Outcome::in_doubt)
            return fail(Code::refused,
                        fmt::format("{} is in doubt: it is neither what it was nor what run {} wrote; look "
                                    "at it, then make a fresh plan or roll back",
                                    in_words(changes.at(number)->address), id));
    if (auto ready = preflight(changes, last, hands.reader, until_stopped(hands)); !ready)
        return tl::unexpected(ready.error());
    if (auto may = permitted(changes, last, hands); !may) return tl::unexpected(may.error());
    std::vector<Replica> moved = moved_since(*run, hands.writer);
    return Walk(run->plan, id, std::move(hands), std::move(moved)).go(last);
}

}  // namespace fairway
