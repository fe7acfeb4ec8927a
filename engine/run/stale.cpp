// See stale.hpp.
#include "engine/run/stale.hpp"

#include <fmt/format.h>

#include "engine/model/setting.hpp"
#include "engine/plan/comparators.hpp"
#include "engine/plan/settle.hpp"

namespace fairway {
namespace {

std::optional<Error> out_of_step(const Change& change, const Set& held) {
    const Setting& row = *change.address.setting;
    const Set &before = *as_set(change.before), &after = *as_set(change.after);
    const Set there = intersect(row.key, held, subtract(row.key, after, before));
    const Set gone = subtract(row.key, subtract(row.key, before, after), held);
    if (!there.empty() || !gone.empty())
        return Error{Code::stale,
                     fmt::format("{}: came since the plan was made: {}; went: {}", in_words(change.address),
                                 show(row, Value(there)), show(row, Value(gone)))};
    const std::size_t size = as_set(lay_over(change, Value(held)))->size();
    if (row.most_elements == 0 || size <= row.most_elements || size <= held.size()) return std::nullopt;
    return Error{Code::stale, fmt::format("{}: with what others added it would have {} values, and {} are the most: {}",
                                          in_words(change.address), size, row.most_elements, row.capacity)};
}

}  // namespace

std::string in_words(const Address& address) {
    return fmt::format("{} {} {}", name(address.kind()), address.object, address.setting->name);
}

std::optional<Error> out_of_step(const Change& change, const Reading& now) {
    if (!now) return Error{now.error().code, fmt::format("{}: {}", in_words(change.address), now.error().text)};
    if (!*now) return Error{Code::stale, in_words(change.address) + ": the property is no longer there"};
    if (**now == change.before) return std::nullopt;
    if (const Set* held = as_set(**now)) return out_of_step(change, *held);
    const Setting& row = *change.address.setting;
    return Error{Code::stale, fmt::format("{}: the plan saw {}, now it is {}", in_words(change.address),
                                          show(row, change.before), show(row, **now))};
}

std::string moved(const Change& change, const Value& held) {
    const Set *now = as_set(held), *before = as_set(change.before);
    if (!now || held == change.before) return {};
    const Setting& row = *change.address.setting;
    const Set came = subtract(row.key, *now, *before), went = subtract(row.key, *before, *now);
    if (came.empty() && went.empty()) return "others changed the spelling of values since the plan was made";
    return fmt::format("others changed other values since the plan was made, and that stays: came {}; went {}",
                       show(row, Value(came)), show(row, Value(went)));
}

}  // namespace fairway
