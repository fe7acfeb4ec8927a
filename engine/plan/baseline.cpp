// See baseline.hpp.
#include "engine/plan/baseline.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/plan/late.hpp"

namespace fairway {
namespace {

// Where the run's writes to one address began and where they ended.
struct Span {
    Value before, after;
    bool sure = true;                  // none of them is in doubt
    bool whole = true;                 // all of them are done
    const Premise* account = nullptr;  // whose address it was; null: the run does not say
};

// `late_too`: with those that may still arrive. Putting such an address back is nothing to do until one has.
enum class Count { arrived, late_too };

std::map<Address, Span> written(const Run& run, Count count) {
    const std::vector<const Change*> changes = numbered(run.plan);
    std::map<Address, Span> out;
    for (const auto& [number, step] : last_steps(run)) {
        const std::optional<Outcome> outcome = step->outcome;
        if (number >= changes.size() || outcome == Outcome::not_done) continue;
        if (outcome == Outcome::unanswered && count == Count::arrived) continue;
        const Change& change = *changes[number];
        const auto [it, first] = out.try_emplace(change.address, Span{change.before, change.after});
        it->second.account = change.premises.about({change.address.object, &setting::account_sid});
        if (!first) it->second.after = change.after;
        if (outcome == Outcome::in_doubt) it->second.sure = false;
        if (outcome != Outcome::done) it->second.whole = false;
    }
    return out;
}

// The account must be the one that the run wrote to, whatever is called so by now.
Want back_to(const Value& wanted, const Value& from, const Span& span, const Run& run) {
    Want out{.comparator = Comparator::restore,
             .operand = wanted,
             .from = span.sure ? std::optional(from) : std::nullopt,
             .rule = run.id,
             .severity = Severity::high,
             .exception = {},
             .where = {}};
    out.partly = !span.whole;
    if (span.account) out.premises.add(*span.account);
    return out;
}

// An element of a set by its key, or the whole of a scalar (an empty key). Other runs may spell the host otherwise.
using Part = std::pair<Address, std::string>;

Part part(const Address& address, std::string_view element = {}) {
    return {{text::fold(address.object), address.setting}, text::fold(key_of(address.setting->key, element))};
}

std::vector<Part> parts(const Address& address, const Value& before, const Value& after) {
    const Set *old = as_set(before), *fresh = as_set(after);
    if (!old) return {part(address)};
    const Key key = address.setting->key;
    std::vector<Part> out;
    for (const Set& some : {subtract(key, *fresh, *old), subtract(key, *old, *fresh)})
        for (const std::string_view element : some) out.push_back(part(address, element));
    return out;
}

struct Touch {
    std::int64_t entry;
    const Run* run;
};

// Who changed what, in the order of the journal. Of the run itself every attempt counts, of others what is done.
class Touches {
public:
    Touches(const Run& run, std::span<const Run> later) : own_(run) {
        add(run);
        for (const Run& other : later) add(other);
        for (auto& [part, all] : touches_) {
            std::stable_sort(all.begin(), all.end(), [](const Touch& a, const Touch& b) { return a.entry < b.entry; });
            all = without_undone(all);
        }
    }

    // The other run to which it belongs now; null: it is this run's, or nobody's.
    const Run* taken_over(const Part& part) const {
        const auto it = touches_.find(part);
        if (it == touches_.end() || it->second.empty()) return nullptr;  // another run touched it, and undid that
        return it->second.back().run == &own_ ? nullptr : it->second.back().run;
    }
    // The rollback of this run that put it back last; null: none did.
    const Run* put_back(const Part& part) const {
        const auto it = touches_.find(part);
        if (it == touches_.end()) return nullptr;
        const Run* out = nullptr;
        for (const Touch& touch : it->second)
            if (touch.run == &own_) out = nullptr;
            else if (touch.run->rolls_back == own_.id) out = touch.run;
        return out;
    }

private:
    // Another run and the rollback that follows it leave a value as it was, and whose it was. A rollback of this run
    // stays in view, also where it was rolled back itself: this run was put back, and what is there now is the other's.
    std::vector<Touch> without_undone(const std::vector<Touch>& all) const {
        const auto is_other = [&](const Run& run) { return &run != &own_ && run.rolls_back != own_.id; };
        std::vector<Touch> out;
        for (const Touch& touch : all) {
            const bool undoes =
                !out.empty() && is_other(*out.back().run) && touch.run->rolls_back == out.back().run->id;
            if (undoes) out.pop_back();
            else out.push_back(touch);
        }
        return out;
    }

    void add(const Run& run) {
        const std::vector<const Change*> changes = numbered(run.plan);
        for (const auto& [number, step] : last_steps(run)) {
            if (number >= changes.size() || step->outcome == Outcome::not_done) continue;
            if (&run != &own_ && step->outcome != Outcome::done) continue;
            const Change& change = *changes[number];
            for (Part& one : parts(change.address, change.before, change.after))
                touches_[std::move(one)].push_back({step->entry, &run});
        }
    }

    const Run& own_;
    std::map<Part, std::vector<Touch>> touches_;
};

// Sorts the elements that the span speaks of by whose they are now. `late`: a write may still arrive there, so what was
// put back once is not done with.
void share_out(Want& want, const Address& address, const Span& span, const Touches& touches, const Run& run,
               bool late) {
    const Key key = address.setting->key;
    std::map<std::string, Set::Elements> others;
    Set::Elements back;
    const Set all = unite(key, *as_set(span.after), *as_set(span.before));
    for (const std::string_view element : all) {
        const Run* owner = touches.taken_over(part(address, element));
        if (!owner) continue;
        if (owner->rolls_back != run.id) others[owner->id].push_back(element);
        else if (!late) back.push_back(element);
    }
    want.put_back = Set::of(std::move(back));
    for (auto& [id, elements] : others) want.taken_over.push_back({id, Set::of(std::move(elements))});
}

// Where a write of the run, or of a rollback of it, may arrive still, or did arrive after the next rollback had begun.
// A host's late write brings all of its settings with it, so what was put back on that host is not done with.
class LateWrites {
public:
    LateWrites(const Run& run, std::span<const Run> later) {
        std::vector<const Run*> ours = {&run};
        for (const Run& other : later)
            if (other.rolls_back == run.id && !other.steps.empty()) ours.push_back(&other);
        for (std::size_t i = 0; i < ours.size(); ++i) {
            for (const Address& address : may_still_arrive(*ours[i])) add(address);
            if (i + 1 < ours.size()) add_those_after(*ours[i], ours[i + 1]->steps.front().entry);
        }
    }

    bool concern(const Address& address) const {
        return row_of(address.kind()).written_whole ? hosts_.contains(address.object) : others_.contains(address);
    }

private:
    void add(const Address& address) {
        if (row_of(address.kind()).written_whole) hosts_.insert(address.object);
        else others_.insert(address);
    }
    void add_those_after(const Run& run, std::int64_t entry) {
        const std::vector<const Change*> changes = numbered(run.plan);
        for (const Step& step : run.steps)
            if (step.number < changes.size() && step.answer > entry &&
                row_of(changes[step.number]->address.kind()).written_whole)
                add(changes[step.number]->address);
    }

    std::set<std::string> hosts_;
    std::set<Address> others_;
};

// Where a later run tried to write and it is not known to be done: what is missing there nobody else need have taken.
std::set<Address> unsure(std::span<const Run> later) {
    std::set<Address> out;
    for (const Run& run : later) {
        const std::vector<const Change*> changes = numbered(run.plan);
        for (const Step& step : run.steps)
            if (step.number < changes.size() && step.outcome != Outcome::done && step.outcome != Outcome::not_done)
                out.insert(changes[step.number]->address);
    }
    return out;
}

void add_once(std::vector<std::string>& out, const std::string& id) {
    if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
}

}  // namespace

Desired baseline(const Run& run, std::span<const Run> later) {
    const Touches touches(run, later);
    const LateWrites late(run, later);
    const std::set<Address> unknown = unsure(later);
    Desired out;
    for (const auto& [address, span] : written(run, Count::late_too)) {
        if (span.before == span.after) continue;
        Want want = back_to(span.before, span.after, span, run);
        const bool is_late = late.concern(address);
        if (is_late || unknown.contains(address)) want.partly = true;
        if (as_set(span.before)) {
            share_out(want, address, span, touches, run, is_late);
        } else if (const Run* owner = touches.taken_over(part(address))) {
            if (owner->rolls_back != run.id) want.taken_over.push_back({owner->id, {}});
            else if (!is_late) continue;
        }
        out[address].push_back(std::move(want));
    }
    return out;
}

// To "restore" the after from the before is satisfied when what was added is there and what was taken is
// gone, whatever else others have put beside it. Of what is no set, the value before says nothing.
Desired results(const Run& run) {
    Desired out;
    for (const auto& [address, span] : written(run, Count::arrived)) {
        Want want = back_to(span.after, span.before, span, run);
        if (want.from && !as_set(span.after)) want.comparator = Comparator::equals;
        out[address].push_back(std::move(want));
    }
    return out;
}

std::set<std::string> still_changed(const Run& run, std::span<const Run> later) {
    const Touches touches(run, later);
    const LateWrites late(run, later);
    std::set<std::string> out;
    for (const auto& [address, span] : written(run, Count::late_too)) {
        if (span.before == span.after) continue;
        for (const Part& one : parts(address, span.before, span.after)) {
            const Run* owner = touches.taken_over(one);
            const bool put_back = owner && owner->rolls_back == run.id && !late.concern(address);
            const bool others = owner && owner->rolls_back != run.id;
            if (!put_back && !others) out.insert(address.object);
        }
    }
    return out;
}

Undone undone(const Run& run, std::span<const Run> later,
              const std::function<bool(const Address&, std::string_view element)>& wanted) {
    const Touches touches(run, later);
    const LateWrites late(run, later);
    Undone out;
    bool some = false, left = false;
    for (const auto& [address, span] : written(run, Count::late_too)) {
        for (const Part& one : parts(address, span.before, span.after)) {
            if (!wanted(address, one.second)) continue;
            left = left || late.concern(address);
            some = true;
            const Run* by = touches.put_back(one);
            const Run* owner = touches.taken_over(one);
            if (by) add_once(out.by, by->id);
            else left = true;
            if (owner && owner->rolls_back != run.id) add_once(out.again, owner->id);
        }
    }
    const auto place = [&](const std::string& id) {
        return std::find_if(later.begin(), later.end(), [&](const Run& other) { return other.id == id; });
    };
    for (std::vector<std::string>* ids : {&out.by, &out.again})
        std::sort(ids->begin(), ids->end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
    out.all = some && !left;
    return out;
}

}  // namespace fairway
