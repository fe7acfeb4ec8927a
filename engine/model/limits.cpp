// See limits.hpp.
#include "engine/model/limits.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <vector>

#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"

namespace fairway {
namespace {

// A host and its account are one.
Used hosts_changed(const Plan& plan, std::int64_t hosts) {
    std::set<std::string_view> touched;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) touched.insert(change.address.object);
    return {static_cast<std::int64_t>(touched.size()), hosts};
}

Used paths_on_the_way(const Plan& plan, std::int64_t) { return {paths_closed(plan), plan.paths.open}; }

// Of all values of the lists that lose some.
Used values_removed(const Plan& plan, std::int64_t) {
    Used out;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) {
            const Set *before = as_set(change.before), *after = as_set(change.after);
            if (!before || !after || !row_of(change.address.kind()).in_directory) continue;
            const std::size_t removed = subtract(change.address.setting->key, *before, *after).size();
            if (removed == 0) continue;
            out.count += static_cast<std::int64_t>(removed);
            out.of += static_cast<std::int64_t>(before->size());
        }
    return out;
}

// The ends leave an estate of 16 hosts alone: so many hosts, 16·15 paths, and four names of 15 peers in 16 lists.
constexpr std::array limit_rows = {
    LimitRow{.name = "hosts",
             .refuses = "it changes {} hosts",
             .amount = &Limits::hosts,
             .used = hosts_changed,
             .whole = "the hosts",
             .percent = 50,
             .least = 16,
             .most = 100},
    LimitRow{.name = "risk", .refuses = "its highest risk is {}"},
    LimitRow{.name = "paths_closed",
             .refuses = "its steps close {} open paths on the way",
             .amount = &Limits::paths_closed,
             .used = paths_on_the_way,
             .whole = "the open paths",
             .percent = 50,
             .least = 240},
    LimitRow{.name = "values_removed",
             .refuses = "it removes {} values from lists in the directory",
             .amount = &Limits::values_removed,
             .used = values_removed,
             .whole = "the values of these lists",
             .percent = 25,
             .least = 1000},
};

std::vector<std::string_view> limit_names() {
    std::vector<std::string_view> out;
    for (const LimitRow& row : limit_rows) out.push_back(row.name);
    return out;
}

bool is_risk(std::string_view word) {
    return std::any_of(all_risks.begin(), all_risks.end(),
                       [&](Risk risk) { return risk != Risk::forbidden && name(risk) == word; });
}

}  // namespace

std::span<const LimitRow> limit_table() { return limit_rows; }

const LimitRow* find_limit(std::string_view name) {
    const auto it =
        std::find_if(limit_rows.begin(), limit_rows.end(), [&](const LimitRow& row) { return row.name == name; });
    return it == limit_rows.end() ? nullptr : &*it;
}

std::int64_t allowed_by_default(const LimitRow& row, std::int64_t of) {
    const std::int64_t share = std::max(row.percent * of / 100, row.least);
    return row.most > 0 ? std::min(share, row.most) : share;
}

std::string default_in_words(const LimitRow& row) {
    return fmt::format("{}% of {}, but {} in any case{}", row.percent, row.whole, row.least,
                       row.most > 0 ? fmt::format(" and at most {}", row.most) : "");
}

std::optional<Amount> amount_from(std::string_view text) {
    constexpr std::int64_t largest = 1'000'000'000, whole = 100;
    const bool share = text.ends_with('%');
    if (share) text.remove_suffix(1);
    const auto number = text::number<std::int64_t>(text);
    if (!number || *number < 0 || *number > (share ? whole : largest)) return std::nullopt;
    return share ? Amount{.count = {}, .percent = number} : Amount{.count = number, .percent = {}};
}

Result<Allowance> allowance(std::string_view limit, std::string_view value, std::string by) {
    const LimitRow* row = find_limit(limit);
    if (!row) {
        const std::string_view near = text::did_you_mean(limit, limit_names());
        return fail(Code::bad_input, fmt::format("there is no limit `{}`{}; there are {}", text::printable(limit),
                                                 near.empty() ? "" : fmt::format(" (did you mean `{}`?)", near),
                                                 text::join(limit_names(), ", ")));
    }
    if (row->amount ? amount_from(value).has_value() : is_risk(value))
        return Allowance{std::string(limit), std::string(value), std::move(by)};
    return fail(Code::bad_input,
                fmt::format("{} takes {}, not `{}`", limit,
                            row->amount ? "a number or a share like 80%" : "low, medium, high or critical",
                            text::printable(value)));
}

}  // namespace fairway
