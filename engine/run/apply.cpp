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
#include "engine/run/batch.hpp"
#include "engine/run/glass_behind.hpp"
#include "engine/run/later.hpp"
#include "engine/run/phase_start.hpp"
#include "engine/run/ready.hpp"
#include "engine/run/stale.hpp"

namespace fairway {
namespace {

// One run through the changes of a plan.
class Walk {
public:
    // `moved`: the replicas at which it writes now and that the journal does not name yet.
    Walk(const Plan& plan, std::string run, Hands hands, Known known, std::vector<Replica> moved = {})
        : plan_(plan),
          hands_(std::move(hands)),
          moved_(std::move(moved)),
          known_(std::move(known)),
          start_(plan_, known_, hands_) {
        applied_.run = std::move(run);
        applied_.undoable = is_undoable(applied_.run, hands_.journal);
        for (const Phase& phase : plan.phases)
            for (const Change& change : phase.changes) changes_.push_back({&change, &phase});
    }

    Result<Applied> go() {
        const std::vector<Fate>& before = known_.aside.fates();
        recorded_ = static_cast<std::size_t>(std::count(before.begin(), before.end(), Fate::changed));
        event(Event::Kind::started, 0);
        while (true) {
            std::vector<Flight> batch = next();
            if (batch.empty()) break;
            if (const auto stop = start_.before(batch.front().number, applied_.run)) {
                const bool fails = stop->reason == Stop::Reason::gate || stop->reason == Stop::Reason::failure;
                end_with(fails ? Ending::failed : Ending::stopped, stop->why);
                applied_.reason = stop->reason;
                break;
            }
            if (entered_ != changes_[batch.front().number].phase) event_of(*changes_[batch.front().number].phase);
            if (const auto ready = look_at(*changes_[batch.front().number].phase); !ready) {
                end_with(Ending::failed, ready.error());
                applied_.reason = hands_.stop() ? Stop::Reason::asked : Stop::Reason::failure;
                break;
            }
            std::erase_if(batch, [&](const Flight& one) { return !is_open(one.number); });
            const auto goes_on = make(batch);
            if (!goes_on) return cut_off(goes_on.error());
            if (!*goes_on) break;
        }
        const std::vector<Fate>& fates = known_.aside.fates();
        applied_.done = static_cast<std::size_t>(std::count(fates.begin(), fates.end(), Fate::changed));
        applied_.left = changes_.size() - applied_.done;
        applied_.fates = fates;
        applied_.left_out = known_.aside.left_out();
        applied_.estimates = start_.estimates();
        if (applied_.ending == Ending::complete && applied_.left > 0) end_without(applied_.left_out);
        const std::string_view reason = applied_.reason ? name(*applied_.reason) : std::string_view();
        auto ended = hands_.journal.end(applied_.run, name(applied_.ending), applied_.because, hands_.clock(), reason);
        if (!ended) return cut_off(ended.error());
        return applied_;
    }

private:
    // The journal cannot be written any more. Whoever comes next settles the run by reading.
    Result<Applied> cut_off(const Error& error) const {
        const std::vector<Fate>& fates = known_.aside.fates();
        return fail(
            error.code,
            fmt::format("{}\nRun {} is cut off after {} of {} changes. Go on: fairway apply --resume {}{}", error.text,
                        applied_.run, std::count(fates.begin(), fates.end(), Fate::changed), changes_.size(),
                        applied_.run, applied_.undoable ? "   Go back: fairway rollback " + applied_.run : ""));
    }

    struct Numbered {
        const Change* change;
        const Phase* phase;
    };

    bool is_open(std::size_t number) const { return !known_.aside.is_done(number) && !known_.aside.contains(number); }

    // Time passes before a wave begins, so all of it is looked at again before its first write.
    Result<void> look_at(const Phase& phase) {
        if (entered_ == &phase) return {};
        const bool first = !std::exchange(entered_, &phase);
        if (first || !plan_.rollout) return {};
        return ready_for(known_, plan_, hands_, &phase);
    }

    // What is made next at the same time: changes of one phase and of different objects, in the plan's order. A change
    // waits for those before it of its own object.
    std::vector<Flight> next() {
        std::vector<Flight> out;
        while (first_ < changes_.size() && !is_open(first_)) ++first_;
        std::set<std::string_view> objects;
        for (std::size_t number = first_; number < changes_.size() && out.size() < hands_.in_flight; ++number) {
            if (changes_[number].phase != changes_[first_].phase) break;
            const Change* change = changes_[number].change;
            if (is_open(number) && objects.insert(change->address.object).second)
                out.push_back({.number = number, .change = change, .torn = known_.is_torn(number)});
        }
        return out;
    }

    void event_of(const Phase& phase) {
        hands_.on_event({.kind = Event::Kind::phase_begins,
                         .run = applied_.run,
                         .phase = &phase,
                         .estimate = &start_.estimates().back().second,
                         .recorded = recorded_,
                         .of = changes_.size(),
                         .complaint = {},
                         .moved = {}});
    }

    void event(Event::Kind kind, std::size_t number, Outcome outcome = {}, const Remark& remark = {}) {
        const bool of_change = kind != Event::Kind::started;
        hands_.on_event({.kind = kind,
                         .run = applied_.run,
                         .change = of_change ? changes_[number].change : nullptr,
                         .phase = of_change ? changes_[number].phase : nullptr,
                         .recorded = recorded_,
                         .of = changes_.size(),
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
    Result<void> intend(std::span<const Flight> batch) {
        std::vector<std::size_t> numbers;
        for (const Flight& one : batch) numbers.push_back(one.number);
        const bool there = row_of(batch.front().change->address.kind()).in_directory;
        const std::vector<Replica> moved = there ? std::exchange(moved_, {}) : std::vector<Replica>();
        return hands_.journal.intend(applied_.run, numbers, hands_.clock(), moved);
    }

    Result<void> record(std::span<const Flight> batch, std::int64_t took_ms) {
        std::vector<StepOutcome> outcomes;
        for (const Flight& one : batch)
            outcomes.push_back({one.number, one.outcome, one.note(), one.begun, one.begun ? took_ms : 0});
        return hands_.journal.record(applied_.run, outcomes, hands_.clock());
    }

    // Leaves in the batch what can be made. False: it ends here.
    bool looked_at(std::vector<Flight>& batch) {
        look(batch, hands_.reader);
        bool goes_on = true;
        for (const Flight& one : batch)
            if (one.off && goes_on) goes_on = goes_on_without(one, Ending::failed, *one.off, true);
        std::erase_if(batch, [&](const Flight& one) { return one.off || !is_open(one.number); });
        return goes_on;
    }

    // Until so many failed that the run ends. Whether a complaint is a failure, only the reading back shows.
    MayBegin unless_failing(std::span<const Flight> batch) {
        const auto ask = [this, batch] {
            Failed failing;
            for (const Flight& one : batch)
                if (one.failing()) failing[known_.aside.phase_of(*one.change)].insert(one.change->address.object);
            return (failing.empty() || known_.aside.bears(failing)) && !start_.stopped();
        };
        return {ask, start_.deadline()};
    }

    // Whether the run goes on. Error: the journal is gone.
    Result<bool> make(std::vector<Flight>& batch) {
        const std::int64_t began_ms = hands_.steady_ms();
        if (!looked_at(batch)) return false;
        if (batch.empty()) return true;
        if (auto intended = intend(batch); !intended) return tl::unexpected(intended.error());
        for (const Flight& one : batch) event(Event::Kind::intended, one.number);
        write(batch, hands_.reader, hands_.writer, unless_failing(batch));
        for (const Flight& one : batch)
            if (one.begun) event(Event::Kind::written, one.number);
        read_back(batch, hands_.reader);
        const std::int64_t took_ms = hands_.steady_ms() - began_ms;
        for (const Flight& one : batch) start_.took(one.change->address.kind(), took_ms);
        if (auto recorded = record(batch, took_ms); !recorded) return tl::unexpected(recorded.error());
        bool goes_on = true;
        for (const Flight& one : batch) {
            if (!one.begun) continue;
            remark(one);
            if (one.done()) known_.aside.done(one.number);
            else
                goes_on = goes_on_without(one, one.outcome == Outcome::in_doubt ? Ending::in_doubt : Ending::failed,
                                          one.why_not_done(), one.outcome == Outcome::not_done) &&
                          goes_on;
        }
        return goes_on;
    }

    void remark(const Flight& one) {
        const bool done = one.done();
        remark(one.number, one.outcome,
               {one.change->address, done && one.refused() ? one.note() : "", done ? one.moved : ""});
    }

    // A list that two phases change is reported once.
    void remark(std::size_t number, Outcome outcome, Remark remark) {
        if (!remark.moved.empty() && !told_.insert(remark.address).second) remark.moved.clear();
        ++recorded_;
        event(Event::Kind::recorded, number, outcome, remark);
        if (!remark.complaint.empty() || !remark.moved.empty()) applied_.remarks.push_back(std::move(remark));
    }

    bool goes_on_without(const Flight& one, Ending ending, const Error& because, bool untouched) {
        if (!applied_.at) {
            applied_.at = one.change->address;
            applied_.untouched = untouched;
        }
        end_with(ending, because);
        if (known_.aside.goes_on_after(one.number, ending == Ending::in_doubt)) return true;
        applied_.reason = Stop::Reason::failure;
        return false;
    }

    const Plan& plan_;
    Hands hands_;
    std::vector<Replica> moved_;
    Known known_;
    PhaseStart start_;
    const Phase* entered_ = nullptr;
    std::vector<Numbered> changes_;
    std::size_t recorded_ = 0;
    std::size_t first_ = 0;  // all before it are made or left out
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
    auto known = known_before(plan, hands);
    if (!known) return tl::unexpected(known.error());
    Result<std::string> run = hands.journal.begin(file, heading, hands.clock());
    if (!run)
        return fail(run.error().code,
                    run.error().text + "\nNothing was written; correct that, then run the same command again");
    return Walk(plan, std::move(*run), std::move(hands), std::move(*known)).go();
}

Result<Applied> resume(const std::string& id, Hands hands) {
    Result<Settled> settled = settle_run(id, hands.reader, hands.journal, hands.clock);
    if (!settled) return tl::unexpected(settled.error());
    const Run& run = settled->run;
    if (auto may = may_go_on(run, hands.journal); !may) return tl::unexpected(may.error());
    if (auto free = not_rolled_back(run, hands.journal); !free) return tl::unexpected(free.error());
    auto known = known_again(*settled, hands);
    if (!known) return tl::unexpected(known.error());
    std::vector<Replica> moved = moved_since(run, hands.writer);
    return Walk(run.plan, id, std::move(hands), std::move(*known), std::move(moved)).go();
}

}  // namespace fairway
