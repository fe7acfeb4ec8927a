// See remedies.hpp.
#include "tests/laws/remedies.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/model/catalogue.hpp"
#include "engine/plan/comparators.hpp"
#include "tests/laws/hold.hpp"

namespace fairway::laws {
namespace {

// What a comparator means, told again without the engine's bounds, so that the two can be held against
// each other. Not for restore.
bool means(const Setting& row, const Want& want, const Value& held) {
    if (row.type == Type::set) {
        const auto has = keys(row, held), named = keys(row, want.operand);
        if (want.comparator == Comparator::without)
            return std::none_of(has.begin(), has.end(), [&](const std::string& key) { return globbed(named, key); });
        if (want.comparator == Comparator::vanished)
            return std::none_of(has.begin(), has.end(), [&](const std::string& key) { return named.contains(key); });
        if (want.comparator == Comparator::equals) return has == named;
        const bool includes = want.comparator == Comparator::includes;
        const auto &large = includes ? has : named, &small = includes ? named : has;
        return std::includes(large.begin(), large.end(), small.begin(), small.end());
    }
    if (want.comparator == Comparator::equals) return held == want.operand;
    const auto has = std::get<std::int64_t>(held), named = std::get<std::int64_t>(want.operand);
    return want.comparator == Comparator::at_least ? has >= named : has <= named;
}

}  // namespace

void remedies(Dice& dice, const Case& c) {
    for (const Setting* row : catalogue()) {
        if (row->access != Access::managed) continue;
        const Value held = make_value(dice, *row, c.inventory);
        Want want{.comparator = Comparator::equals,
                  .operand = make_value(dice, *row, c.inventory),
                  .from = {},
                  .rule = "r",
                  .severity = {},
                  .exception = {},
                  .where = {}};
        if (row->type == Type::set) want.comparator = dice.among(comparators_for(*row));
        if (want.comparator == Comparator::without) want.operand = make_patterns(dice);
        if (row->type == Type::integer) want.comparator = dice.one_in(2) ? Comparator::at_least : Comparator::at_most;
        if (dice.one_in(4)) {
            want.comparator = Comparator::restore;
            want.operand = make_value(dice, *row, c.inventory);
            want.from = make_value(dice, *row, c.inventory);
        }
        const std::string which = fmt::format("{} {}", row->name, show(*row, want));
        if (want.comparator != Comparator::restore)
            hold(satisfied(*row, want, held) == means(*row, want, held), "6 a comparator means what it says", which);
        if (satisfied(*row, want, held)) continue;
        const std::optional<Value> remedied = remedy(*row, want, held);
        if (!remedied) continue;
        hold(satisfied(*row, want, *remedied), "6 a remedy satisfies its comparator", which);
        const Set *had = as_set(held), *has = as_set(*remedied), *operand = as_set(want.operand);
        if (!had) continue;
        const auto sub = [&](const Set& a, const Set& b) { return subtract(row->key, a, b); };
        const Set lost = sub(*had, *has), gained = sub(*has, *had);
        // What may go, and what may come, by the meaning of each comparator.
        if (want.comparator == Comparator::vanished) {
            hold(sub(lost, *operand).empty() && gained.empty(), "7 a remedy keeps what the rule does not name", which);
            continue;
        }
        if (want.comparator == Comparator::without) {
            const auto named = keys(*row, want.operand);
            for (const std::string_view element : lost)
                hold(globbed(named, text::fold(element)), "7 a remedy keeps what the rule does not name",
                     std::string(element));
            hold(gained.empty(), "7 a remedy adds only what the rule names", std::string(row->name));
            continue;
        }
        const Set may_go = want.comparator == Comparator::includes  ? Set()
                           : want.comparator == Comparator::restore ? sub(*as_set(*want.from), *operand)
                                                                    : sub(*had, *operand);
        hold(sub(lost, may_go).empty(), "7 a remedy keeps what the rule does not name", std::string(row->name));
        hold(sub(gained, *operand).empty(), "7 a remedy adds only what the rule names", std::string(row->name));
        for (const std::string_view element : *has)
            if (!gained.contains(element))
                hold(had->contains(element), "7 a remedy keeps the spelling", std::string(element));
    }
}

}  // namespace fairway::laws
