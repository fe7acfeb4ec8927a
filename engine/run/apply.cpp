// See apply.hpp.
#include "engine/run/apply.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

#include "engine/model/setting.hpp"
#include "engine/plan/baseline.hpp"
#include "engine/plan/premises.hpp"
#include "engine/plan/settle.hpp"
#include "engine/run/later.hpp"
#include "engine/run/preflight.hpp"
#include "engine/run/stale.hpp"

namespace fairway {
namespace {

Reading read_one(Reader& reader, const Address& address) {
    const Snapshot snapshot = reader.read(std::span(&address, 1));
    return snapshot.at(address);
}

// Did the server itself say no? A reply that was lost, late or unreadable says nothing.
bool was_refused(const Result<void>& wrote) {
    return !wrote && wrote.error().code != Code::unreachable && wrote.error().code != Code::protocol;
}

// What an earlier stretch of a run came to, and what this one leaves out.
struct Known {
    std::map<std::size_t, Outcome> last;
    Aside aside;

    bool is_torn(std::size_t number) const {
        const auto it = last.find(number);
        return it != last.end() && it->second == Outcome::torn;
    }
};

// One run through the changes of a plan.
class Walk {
public:
    // `moved`: the replicas at which it writes now and that the journal does not name yet.
    Walk(const Plan& plan, std::string run, Hands hands, Known known, std::vector<Replica> moved = {})
        : hands_(std::move(hands)), moved_(std::move(moved)), known_(std::move(known)) {
        applied_.run = std::move(run);
        for (const Phase& phase : plan.phases)
            for (const Change& change : phase.changes) changes_.push_back({&change, phase.kind});
    }

    Result<Applied> go() {
        event(Event::Kind::started, 0);
        for (std::size_t number = 0; number < changes_.size(); ++number) {
            if (known_.aside.is_done(number) || known_.aside.contains(number)) continue;
            if (hands_.stop()) {
                end_with(Ending::stopped, {Code::refused, "stopped on request, between two changes"});
                break;
            }
            const auto made = make(number, known_.is_torn(number));
            if (!made) return cut_off(made.error());
            if (*made) known_.aside.done(number);
            else if (!known_.aside.goes_on_after(number, in_doubt_)) break;
        }
        const std::vector<Fate>& fates = known_.aside.fates();
        applied_.done = static_cast<std::size_t>(std::count(fates.begin(), fates.end(), Fate::changed));
        applied_.left = changes_.size() - applied_.done;
        applied_.fates = fates;
        applied_.left_out = known_.aside.left_out();
        if (applied_.ending == Ending::complete && applied_.left > 0) end_without(applied_.left_out);
        auto ended = hands_.journal.end(applied_.run, name(applied_.ending), applied_.because, hands_.clock());
        if (!ended) return cut_off(ended.error());
        return applied_;
    }

private:
    // The journal cannot be written any more. Whoever comes next settles the run by reading.
    Result<Applied> cut_off(const Error& error) const {
        const std::vector<Fate>& fates = known_.aside.fates();
        return fail(error.code,
                    fmt::format("{}\nRun {} is cut off after {} of {} changes. Go on: fairway apply --resume {}   "
                                "Go back: fairway rollback {}",
                                error.text, applied_.run, std::count(fates.begin(), fates.end(), Fate::changed),
                                changes_.size(), applied_.run, applied_.run));
    }

    struct Numbered {
        const Change* change;
        PhaseKind phase;
    };

    void event(Event::Kind kind, std::size_t number, Outcome outcome = {}, const Remark& remark = {}) {
        const bool of_change = kind != Event::Kind::started;
        hands_.on_event({.kind = kind,
                         .run = applied_.run,
                         .change = of_change ? changes_[number].change : nullptr,
                         .number = number,
                         .of = changes_.size(),
                         .phase = of_change ? changes_[number].phase : PhaseKind{},
                         .outcome = outcome,
                         .complaint = remark.complaint,
                         .moved = remark.moved});
    }

    // All is made but what was left out.
    void end_without(const std::vector<LeftOut>& left_out) {
        const auto any = [&](bool LeftOut::*is) {
            return std::any_of(left_out.begin(), left_out.end(), [&](const LeftOut& one) { return one.*is; });
        };
        const auto unread = [](const LeftOut& one) { return !one.in_doubt && !one.skipped; };
        const Code code = left_out.front().why.code;
        if (any(&LeftOut::in_doubt)) end_with(Ending::in_doubt, {code, "everything was made but what is in doubt"});
        else if (std::any_of(left_out.begin(), left_out.end(), unread))
            end_with(Ending::failed, {code, "everything was made but what could not be"});
        else end_with(Ending::stopped, {code, "everything was made but what was left out"});
    }

    // The gravest ending counts, and every reason is reported.
    void end_with(Ending ending, const Error& because) {
        if (applied_.because.empty()) applied_.code = because.code;
        else applied_.because += "\n";
        applied_.because += because.text;
        applied_.ending = std::max(applied_.ending, ending);
    }

    // A write to a host moves the run to no other replica.
    Result<void> intend(std::size_t number) {
        const bool there = row_of(changes_[number].change->address.kind()).in_directory;
        const std::vector<Replica> moved = there ? std::exchange(moved_, {}) : std::vector<Replica>();
        return hands_.journal.intend(applied_.run, number, hands_.clock(), moved);
    }

    // What the address holds now, if the change can be made of it; else why not.
    Result<Value> look(const Change& change, bool torn) {
        std::vector<Address> asked = {change.address};
        for (const auto& premise : change.premises) asked.push_back(premise->address);
        const Snapshot snapshot = hands_.reader.read(asked);
        for (const auto& premise : change.premises)
            if (auto gone = broken(*premise, snapshot.at(premise->address))) return tl::unexpected(std::move(*gone));
        const Reading& now = snapshot.at(change.address);
        const auto off = out_of_step(change, now);
        if (off && !(torn && now && *now)) return tl::unexpected(*off);
        return **now;
    }

    struct Written {
        Result<void> wrote;
        bool untouched;  // somebody else was first every time, so the same value from another hand is not ours
        std::string moved;
    };

    // Compare and swap: where others edit the same list between reading and writing, it is laid over what is there
    // then.
    Written write(const Change& change, Value held, bool torn) {
        constexpr int most_tries = 5;
        for (int tries = 1;; ++tries) {
            const Value wanted = held == change.before ? change.after : lay_over(change, held);
            Result<void> wrote = hands_.writer.write(change.address, held, wanted);
            const bool stale = !wrote && wrote.error().code == Code::stale;
            if (!stale || !as_set(held) || tries == most_tries) return {std::move(wrote), stale, moved(change, held)};
            Result<Value> again = look(change, torn);
            if (!again) return {fail(again.error().code, again.error().text + "; " + wrote.error().text), true, {}};
            held = std::move(*again);
        }
    }

    // True: made and seen. False: it failed; why is in applied_. Error: the journal is gone.
    Result<bool> make(std::size_t number, bool torn) {
        const Change& change = *changes_[number].change;
        Result<Value> held = look(change, torn);
        if (!held) {
            failed_at(change.address, Ending::failed, held.error(), true);
            return false;
        }
        if (auto intended = intend(number); !intended) return tl::unexpected(intended.error());
        event(Event::Kind::intended, number);
        const Written written = write(change, std::move(*held), torn);
        event(Event::Kind::written, number);
        const Reading after = read_one(hands_.reader, change.address);
        const Result<void>& wrote = written.wrote;
        const Outcome outcome = written.untouched ? Outcome::not_done : settle(change, after, was_refused(wrote));
        const std::string note = !wrote ? wrote.error().text : !after ? after.error().text : std::string();
        if (auto recorded = hands_.journal.record(applied_.run, number, outcome, note, hands_.clock()); !recorded)
            return tl::unexpected(recorded.error());
        const bool done = outcome == Outcome::done;
        remark(number, outcome, {change.address, done && was_refused(wrote) ? note : "", done ? written.moved : ""});
        if (done) return true;
        Error why = !wrote   ? wrote.error()
                    : !after ? after.error()
                             : Error{Code::stale, "the write was accepted, but the value read back is another"};
        const std::string where = in_words(change.address);
        if (!why.text.starts_with(where)) why.text = fmt::format("{}: {}", where, why.text);
        failed_at(change.address, outcome == Outcome::in_doubt ? Ending::in_doubt : Ending::failed, why,
                  outcome == Outcome::not_done);
        return false;
    }

    // A list that two phases change is reported once.
    void remark(std::size_t number, Outcome outcome, Remark remark) {
        if (!remark.moved.empty() && !told_.insert(remark.address).second) remark.moved.clear();
        event(Event::Kind::recorded, number, outcome, remark);
        if (!remark.complaint.empty() || !remark.moved.empty()) applied_.remarks.push_back(std::move(remark));
    }

    void failed_at(const Address& address, Ending ending, const Error& because, bool untouched) {
        in_doubt_ = ending == Ending::in_doubt;
        if (!applied_.at) {
            applied_.at = address;
            applied_.untouched = untouched;
        }
        end_with(ending, because);
    }

    Hands hands_;
    std::vector<Replica> moved_;
    Known known_;
    bool in_doubt_ = false;  // what failed last
    std::vector<Numbered> changes_;
    std::set<Address> told_;
    Applied applied_;
};

// Where the writer stands and the run did not stand when it was last heard of.
std::vector<Replica> moved_since(const Run& run, const Writer& writer) {
    const std::vector<Replica> before = last_replicas(run);
    std::vector<Replica> out = writer.replicas();
    std::erase_if(out,
                  [&](const Replica& one) { return std::find(before.begin(), before.end(), one) != before.end(); });
    return out;
}

// The changes that are still to be made.
std::vector<ToMake> to_make(const Plan& plan, const Known& known) {
    const std::vector<const Change*> changes = numbered(plan);
    std::vector<ToMake> out;
    for (std::size_t number = 0; number < changes.size(); ++number)
        if (!known.aside.contains(number) && !known.aside.is_done(number))
            out.push_back({changes[number], known.is_torn(number)});
    return out;
}

Progress until_stopped(const Hands& hands) {
    return [stop = hands.stop](std::size_t, std::size_t) { return !stop(); };
}

// Reads everything before the first write. Hosts that fail already now are left out, as far as the caller bears it.
Result<void> ready_for(Known& known, const Plan& plan, const Hands& hands) {
    const std::vector<Complaint> complaints = preflight(to_make(plan, known), hands.reader, until_stopped(hands));
    std::set<std::string> hosts;
    for (const Complaint& one : complaints) hosts.insert(one.host);
    if (!hosts.empty() && !known.aside.bears(hosts)) return together(complaints);
    for (const Complaint& one : complaints) known.aside.leave_failed(*one.change, one.host, one.why);
    const std::vector<ToMake> left = to_make(plan, known);
    if (left.empty() && !complaints.empty()) return together(complaints);
    return hands.rights ? permitted(left, *hands.rights, until_stopped(hands)) : Result<void>();
}

Known known_of(const Settled& settled, const Tolerance& tolerance) {
    Known out{.last = {}, .aside = Aside(settled.run.plan, tolerance)};
    for (const auto& [number, step] : last_steps(settled.run)) {
        out.last[number] = step->outcome.value_or(Outcome::in_doubt);
        if (step->outcome == Outcome::done) out.aside.done(number);
    }
    for (const LeftOut& one : settled.in_doubt) out.aside.leave_object(one);
    return out;
}

// What cannot be read now, of what is still to be made. An Error: that is all of it.
Result<void> leave_unreadable(Known& known, const Plan& plan, const Hands& hands) {
    const std::vector<ToMake> wanted = to_make(plan, known);
    std::vector<Address> addresses;
    for (const ToMake& one : wanted) addresses.push_back(one.change->address);
    if (addresses.empty()) return {};
    const Snapshot snapshot = hands.reader.read(addresses, until_stopped(hands));
    std::vector<std::string> lines;
    Code code{};
    for (const Address& address : addresses) {
        const Reading& now = snapshot.at(address);
        if (now) continue;
        if (lines.empty()) code = now.error().code;
        lines.push_back(fmt::format("{}: {}", in_words(address), now.error().text));
        known.aside.leave_object({address, {now.error().code, lines.back()}});
    }
    if (lines.empty() || !to_make(plan, known).empty()) return {};
    return fail(code, text::join(lines, "\n"));
}

Result<void> not_rolled_back(const Run& run, Journal& journal) {
    const auto later = later_runs(run, journal);
    if (!later) return tl::unexpected(later.error());
    const Undone gone = undone(run, *later);
    if (gone.by.empty()) return {};
    return fail(Code::refused,
                fmt::format("run {} was rolled back by run {}, so it is not continued; make a fresh plan", run.id,
                            text::join(gone.by, " and ")));
}

}  // namespace

std::string_view name(Ending ending) {
    constexpr std::array<std::string_view, 4> words = {"complete", "stopped", "failed", "in_doubt"};
    return words.at(static_cast<std::size_t>(ending));
}

Result<Applied> apply(const PlanFile& file, const RunHeading& heading, Hands hands) {
    const Plan& plan = *file;
    Known known{.last = {}, .aside = Aside(plan, hands.tolerance)};
    known.aside.leave_by_choice();
    if (plan.size() > 0 && to_make(plan, known).empty())
        return fail(Code::refused, "the plan changes nothing at the hosts that are not left out, so no run was made");
    if (auto ready = ready_for(known, plan, hands); !ready) return tl::unexpected(ready.error());
    Result<std::string> run = hands.journal.begin(file, heading, hands.clock());
    if (!run)
        return fail(run.error().code,
                    run.error().text + "\nNothing was written; correct that, then run the same command again");
    return Walk(plan, std::move(*run), std::move(hands), std::move(known)).go();
}

Result<Applied> resume(const std::string& id, Hands hands) {
    Result<Settled> settled = settle_run(id, hands.reader, hands.journal, hands.clock);
    if (!settled) return tl::unexpected(settled.error());
    const Run& run = settled->run;
    if (auto free = not_rolled_back(run, hands.journal); !free) return tl::unexpected(free.error());
    Known known = known_of(*settled, hands.tolerance);
    known.aside.leave_by_choice();
    if (auto seen = leave_unreadable(known, run.plan, hands); !seen) return tl::unexpected(seen.error());
    if (auto ready = ready_for(known, run.plan, hands); !ready) return tl::unexpected(ready.error());
    std::vector<Replica> moved = moved_since(run, hands.writer);
    return Walk(run.plan, id, std::move(hands), std::move(known), std::move(moved)).go();
}

}  // namespace fairway
