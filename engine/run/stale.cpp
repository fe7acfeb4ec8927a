// See stale.hpp.
#include "engine/run/stale.hpp"

#include <fmt/format.h>

#include "engine/model/catalogue.hpp"
#include "engine/plan/comparators.hpp"

namespace fairway {

std::string in_words(const Address& address) {
    return fmt::format("{} {} {}", name(address.kind()), address.object, address.setting->name);
}

std::optional<Error> out_of_step(const Change& change, const Reading& now) {
    if (!now) return Error{now.error().code, fmt::format("{}: {}", in_words(change.address), now.error().text)};
    if (!*now) return Error{Code::stale, in_words(change.address) + ": the property is no longer there"};
    if (**now == change.before) return std::nullopt;
    const Setting& row = *change.address.setting;
    std::string difference;
    if (const Set* held = as_set(**now)) {
        const Set fresh = subtract(row.key, *held, *as_set(change.before));
        const Set gone = subtract(row.key, *as_set(change.before), *held);
        difference =
            fmt::format("came since the plan was made: {}; went: {}", show(row, Value(fresh)), show(row, Value(gone)));
    } else {
        difference = fmt::format("the plan saw {}, now it is {}", show(row, change.before), show(row, **now));
    }
    return Error{Code::stale, fmt::format("{}: {}", in_words(change.address), difference)};
}

}  // namespace fairway
