// See comparators.hpp.
#include "engine/plan/comparators.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

struct Interval {
    const Value* lower = nullptr;  // null: no bound
    const Value* upper = nullptr;
};

Interval bounds(const Want& want) {
    switch (want.comparator) {
        case Comparator::equals: return {&want.operand, &want.operand};
        case Comparator::includes:
        case Comparator::at_least: return {&want.operand, nullptr};
        case Comparator::within:
        case Comparator::at_most: return {nullptr, &want.operand};
        case Comparator::without:
        case Comparator::vanished:
        case Comparator::restore: break;
    }
    return {};
}

// Part of, for sets; not more than, for numbers; the same, for words and switches.
bool fits_below(const Setting& setting, const Value& low, const Value& high) {
    if (const Set* set = as_set(low)) return covers(setting.key, *as_set(high), *set);
    if (const auto* number = std::get_if<std::int64_t>(&low)) return *number <= std::get<std::int64_t>(high);
    return low == high;
}

Set fitting(const Setting& setting, const Set& patterns, const Set& held) {
    const auto fits = [&](std::string_view element) {
        return std::any_of(patterns.begin(), patterns.end(), [&](std::string_view pattern) {
            return text::matches(pattern, key_of(setting.key, element));
        });
    };
    Set::Elements out;
    std::copy_if(held.begin(), held.end(), std::back_inserter(out), fits);
    return Set::of(std::move(out));
}

// What an upper bound that is defined by what it forbids excludes.
Set excluded(const Setting& setting, const Want& want, const Value& held) {
    if (want.comparator == Comparator::without) return fitting(setting, *as_set(want.operand), *as_set(held));
    if (want.comparator == Comparator::vanished) return intersect(setting.key, *as_set(held), *as_set(want.operand));
    return {};
}

Value raise(const Setting& setting, const Value& held, const Value& lower) {
    if (const Set* set = as_set(held)) return unite(setting.key, *set, *as_set(lower));
    return lower;
}

Value lower_to(const Setting& setting, const Value& held, const Value& upper) {
    if (const Set* set = as_set(held)) return intersect(setting.key, *set, *as_set(upper));
    return upper;
}

// Takes away what the run added and puts back what it took, element by element: whatever else has come or gone since
// then is somebody else's and stays, and so does what is another run's now.
Set restored(Key key, const Want& want, const Set& held) {
    const Set &before = *as_set(want.operand), &after = *as_set(*want.from);
    Set spared = want.put_back;
    for (const TakenOver& other : want.taken_over) spared = unite(key, spared, other.values);
    const Set added = subtract(key, subtract(key, after, before), spared);
    const Set taken = subtract(key, subtract(key, before, after), spared);
    return unite(key, subtract(key, held, added), taken);
}

}  // namespace

bool demands(const Want& want) {
    return want.comparator == Comparator::includes || want.comparator == Comparator::equals;
}

bool satisfied(const Setting& setting, const Want& want, const Value& held) {
    if (want.comparator == Comparator::restore) {
        const Set* set = as_set(held);
        if (!set && !want.taken_over.empty()) return false;
        if (!set || !want.from) return held == want.operand;
        return restored(setting.key, want, *set) == *set;
    }
    const auto [lower, upper] = bounds(want);
    return (!lower || fits_below(setting, *lower, held)) && (!upper || fits_below(setting, held, *upper)) &&
           excluded(setting, want, held).empty();
}

std::optional<Value> remedy(const Setting& setting, const Want& want, const Value& held) {
    if (want.comparator == Comparator::restore) {
        if (!want.from) return std::nullopt;
        if (const Set* set = as_set(held)) return restored(setting.key, want, *set);
        if (!want.taken_over.empty()) return std::nullopt;
        if (held == *want.from) return want.operand;
        return std::nullopt;
    }
    const auto [lower, upper] = bounds(want);
    Value out = held;
    if (const Set goes = excluded(setting, want, held); !goes.empty()) out = subtract(setting.key, *as_set(held), goes);
    if (upper && !fits_below(setting, out, *upper)) out = lower_to(setting, out, *upper);
    if (lower && !fits_below(setting, *lower, out)) out = raise(setting, out, *lower);
    return out;
}

bool agree(const Setting& setting, const Want& a, const Want& b) {
    const Interval x = bounds(a), y = bounds(b);
    const auto below = [&](const Value* low, const Value* high) {
        return !low || !high || fits_below(setting, *low, *high);
    };
    const auto spared = [&](const Value* low, const Want& other) {
        return !low || other.comparator != Comparator::without || excluded(setting, other, *low).empty();
    };
    return below(x.lower, y.upper) && below(y.lower, x.upper) && spared(x.lower, b) && spared(y.lower, a);
}

Set beyond(const Setting& setting, const Want& want, const Set& held) {
    if (forbids(want.comparator)) return excluded(setting, want, held);
    return subtract(setting.key, held, *as_set(want.operand));
}

std::string show(const Setting& setting, const Want& want) {
    const std::string operand = show(setting, want.operand);
    switch (want.comparator) {
        case Comparator::equals: return operand;
        case Comparator::includes: return "including " + operand;
        case Comparator::within: return "nothing beyond " + operand;
        case Comparator::without: return "nothing like " + operand;
        case Comparator::vanished:
            return "nothing for computers that are gone" +
                   (as_set(want.operand)->empty() ? std::string() : " of the classes " + operand);
        case Comparator::at_least: return "at least " + operand;
        case Comparator::at_most: return "at most " + operand;
        case Comparator::restore: return operand + " again";
    }
    return operand;
}

}  // namespace fairway
