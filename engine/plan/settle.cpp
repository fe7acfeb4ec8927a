// See settle.hpp.
#include "engine/plan/settle.hpp"

namespace fairway {
namespace {

struct Delta {
    Key key;
    Set added, taken;
};

Delta delta(const Change& change) {
    const Key key = change.address.setting->key;
    const Set &before = *as_set(change.before), &after = *as_set(change.after);
    return {key, subtract(key, after, before), subtract(key, before, after)};
}

Outcome settle_set(const Change& change, const Set& held) {
    const auto [key, added, taken] = delta(change);
    const bool all_there = covers(key, held, added), none_there = intersect(key, held, added).empty();
    const bool all_gone = intersect(key, held, taken).empty(), none_gone = covers(key, held, taken);
    if (all_there && all_gone) return Outcome::done;
    if (none_there && none_gone) return Outcome::not_done;
    return change.address.setting->atomic == Atomic::no ? Outcome::torn : Outcome::in_doubt;
}

Outcome settled(const Change& change, const Reading& now) {
    if (!now || !*now) return Outcome::in_doubt;
    const Value& held = **now;
    if (held == change.after) return Outcome::done;
    if (held == change.before) return Outcome::not_done;
    const Set* set = as_set(held);
    return set ? settle_set(change, *set) : Outcome::in_doubt;
}

}  // namespace

Outcome settle(const Change& change, const Reading& now, bool refused) {
    const Outcome outcome = settled(change, now);
    return outcome == Outcome::not_done && !refused ? Outcome::unanswered : outcome;
}

Value lay_over(const Change& change, const Value& held) {
    const Set* set = as_set(held);
    if (!set) return change.after;
    const auto [key, added, taken] = delta(change);
    return unite(key, subtract(key, *set, taken), added);
}

}  // namespace fairway
