// See limits.hpp.
#include "engine/plan/limits.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/limits.hpp"
#include "engine/model/run.hpp"
#include "engine/model/setting.hpp"
#include "engine/plan/risk.hpp"

namespace fairway {
namespace {

// How many elements a change leaves in a list that it makes longer. What only gets shorter is no worse than it was.
std::size_t grown_to(const Change& change) {
    const Set *before = as_set(change.before), *after = as_set(change.after);
    return after && before && after->size() > before->size() ? after->size() : 0;
}

// Every list of a setting with little room that would get more than `least` and at most `most` elements; the largest
// size that the plan brings it to.
std::map<Address, std::size_t> lists_between(const Plan& plan, std::size_t Setting::*least,
                                             std::size_t Setting::*most) {
    std::map<Address, std::size_t> out;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) {
            const Setting& row = *change.address.setting;
            const std::size_t size = grown_to(change);
            if (row.most_elements == 0 || size <= row.*least || (most && size > row.*most)) continue;
            out[change.address] = std::max(out[change.address], size);
        }
    return out;
}

// The same in words, with what the setting's room is once for all lists: "delegation.services of HV01 would have 1201
// values", or "of HV01, HV02 and 3 more would have up to 1201 values".
std::vector<std::string> words_of_lists(const std::map<Address, std::size_t>& lists, std::string_view form) {
    constexpr std::size_t most_named = 5;
    struct Group {
        std::vector<std::string> objects;
        std::size_t largest = 0;
    };
    const auto by_name = [](const Setting* a, const Setting* b) { return a->name < b->name; };
    std::map<const Setting*, Group, decltype(by_name)> groups(by_name);
    for (const auto& [address, size] : lists) {
        Group& group = groups[address.setting];
        group.objects.push_back(text::printable(address.object));
        group.largest = std::max(group.largest, size);
    }
    std::vector<std::string> out;
    for (const auto& [setting, group] : groups) {
        const std::string sizes = fmt::format("{}{}", group.objects.size() > 1 ? "up to " : "", group.largest);
        out.push_back(fmt::format("{} of {} ", setting->name, text::some(group.objects, most_named)) +
                      fmt::format(fmt::runtime(form), sizes, setting->most_elements, setting->capacity));
    }
    return out;
}

// A plan's use of one limit, and what stands against it.
struct Against {
    const LimitRow& row;
    const Plan& plan;
    Limits limits;
    std::vector<std::string_view> once;  // the values that were allowed once

    Against(const LimitRow& limit, const Plan& of, std::span<const Allowance> more)
        : row(limit), plan(of), limits(of.limits.value_or(Limits())) {
        for (const auto& all : {std::span<const Allowance>(of.allowed), more})
            for (const Allowance& one : all)
                if (one.limit == row.name) once.push_back(one.value);
    }

    std::string words_of_once() const {
        return once.empty() ? "" : fmt::format(", and once {}", text::join(once, ", "));
    }
};

// "the policy allows 50%": why so many are too many; nothing: they are not.
std::optional<std::string> too_many(const Amount& amount, const Used& used) {
    if (amount.count && used.count > *amount.count) return fmt::format("the policy allows {}", *amount.count);
    // 100% is no end: a path that opens on the way and closes again counts, and is not one of those that are open now.
    if (amount.percent && *amount.percent < 100 && used.count * 100 > *amount.percent * used.of)
        return fmt::format("the policy allows {}%", *amount.percent);
    return std::nullopt;
}

std::optional<std::string> too_many_by_default(const Against& it, const Used& used) {
    const std::int64_t most = allowed_by_default(it.row, used.of);
    if (it.plan.purpose == Purpose::rollback || used.count <= most) return std::nullopt;
    return fmt::format("without a limit in the policy {} are allowed, {}", most, default_in_words(it.row));
}

std::optional<std::string> beyond_amount(const Against& it, const Inventory& inventory) {
    const Amount& amount = it.limits.*it.row.amount;
    const Used used = it.row.used(it.plan, static_cast<std::int64_t>(inventory.hosts.size()));
    const auto allows = amount == Amount() ? too_many_by_default(it, used) : too_many(amount, used);
    if (!allows) return std::nullopt;
    for (const std::string_view value : it.once)
        if (!too_many(amount_from(value).value_or(Amount{.count = 0, .percent = {}}), used)) return std::nullopt;
    const std::string number = amount.count ? std::to_string(used.count) : fmt::format("{} of {}", used.count, used.of);
    return fmt::format("{}; {}{} (rollout.limits.{}); to allow it once: --allow {}={}",
                       fmt::format(fmt::runtime(it.row.refuses), number), *allows, it.words_of_once(), it.row.name,
                       it.row.name, used.count);
}

// The first few reasons of what goes beyond the risk that is allowed, each once, with the changes that it is of.
std::string worst_of(const Plan& plan, Risk allowed) {
    constexpr std::size_t shown = 3;
    std::vector<std::pair<std::string, std::string>> risky;  // why, and what
    for (const Change* change : numbered(plan))
        if (Grade grade = believed(*change); grade.risk > allowed)
            risky.emplace_back(std::move(grade.because),
                               fmt::format("{} of {}", change->address.setting->name, change->address.object));
    std::vector<std::string> worst;
    for (const auto& group : by_key(risky, [](const auto& one) { return std::string_view(one.first); }))
        worst.push_back(fmt::format("{}: {}", text::some(group, shown, [](const auto* one) { return one->second; }),
                                    group.front()->first));
    return text::some(worst, shown);
}

std::optional<std::string> beyond_risk(const Against& it) {
    Risk allowed = it.limits.risk;
    for (const Risk risk : all_risks)
        if (std::find(it.once.begin(), it.once.end(), name(risk)) != it.once.end()) allowed = std::max(allowed, risk);
    if (it.plan.purpose == Purpose::rollback && it.limits.risk_by_default) return std::nullopt;
    const Risk highest = highest_risk(it.plan);
    if (it.plan.size() == 0 || highest <= allowed) return std::nullopt;
    const bool never = highest == Risk::forbidden;
    const std::string allows =
        never ? "no policy allows that"
              : fmt::format("the policy allows {}{} (rollout.limits.risk)", name(it.limits.risk), it.words_of_once());
    return fmt::format("{}; {}: {}{}", fmt::format(fmt::runtime(it.row.refuses), name(highest)), allows,
                       worst_of(it.plan, allowed),
                       never ? "" : fmt::format("; to allow it once: --allow risk={}", name(highest)));
}

// Putting back is never refused, unless the policy says so.
bool is_held(const Plan& plan) { return plan.purpose != Purpose::rollback || (plan.limits && plan.limits->rollbacks); }

std::optional<std::string> over_limit(const LimitRow& row, const Plan& plan, const Inventory& inventory,
                                      std::span<const Allowance> more) {
    const Against it(row, plan, more);
    return row.amount ? beyond_amount(it, inventory) : beyond_risk(it);
}

}  // namespace

std::vector<std::string> breaches(const Plan& plan, const Inventory& inventory, std::span<const Allowance> more) {
    std::vector<std::string> out;
    if (!is_held(plan)) return out;
    for (const LimitRow& row : limit_table())
        if (auto said = over_limit(row, plan, inventory, more)) out.push_back(std::move(*said));
    for (std::string& one : words_of_lists(lists_between(plan, &Setting::most_elements, nullptr),
                                           "would have {} values, and {} are the most: {}"))
        out.push_back(std::move(one));
    return out;
}

Result<void> within_limits(const Plan& plan, const Inventory& inventory, std::span<const Allowance> more) {
    const auto broken = breaches(plan, inventory, more);
    if (broken.empty()) return {};
    const bool back = plan.purpose == Purpose::rollback;
    return fail(Code::refused,
                fmt::format("the {} goes beyond a limit: {}; nothing was written{}", back ? "rollback" : "plan",
                            text::join(broken, "; "), back ? "; --host and --setting narrow it" : ""));
}

std::vector<Allowance> needed(const Plan& plan, const Inventory& inventory, std::span<const Allowance> given) {
    std::vector<Allowance> out;
    for (const Allowance& one : given)
        if (is_held(plan) && std::find(out.begin(), out.end(), one) == out.end() &&
            over_limit(*find_limit(one.limit), plan, inventory, {}))
            out.push_back(one);
    return out;
}

Json to_json(const std::vector<Allowance>& allowed) {
    Json out = Json::array();
    for (const Allowance& one : allowed) out.push_back({{"limit", one.limit}, {"value", one.value}, {"by", one.by}});
    return out;
}

std::vector<Allowance> allowed_from(Fields& fields) {
    std::vector<Allowance> out;
    fields.each("allowed", [&](Fields one) {
        one.only({"limit", "value", "by"});
        const std::string limit = one.text("limit"), value = one.text("value"), by = one.text("by");
        if (one.ok()) out.push_back(one.take(allowance(limit, value, by)));
    });
    return out;
}

std::vector<std::string> crowded(const Plan& plan) {
    return words_of_lists(lists_between(plan, &Setting::many_elements, &Setting::most_elements),
                          "will have {} of at most {} values: {}");
}

}  // namespace fairway
