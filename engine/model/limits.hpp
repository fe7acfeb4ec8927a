// Which limits does a plan have, what counts towards each, and what holds where the policy says nothing? One table. A
// limit of a policy (rollout.limits), of a plan file and of --allow goes by its row; plan/limits compares.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/model/plan.hpp"

namespace fairway {

// How much a plan uses of a limit, and how much there is, of which a share is taken.
struct Used {
    std::int64_t count = 0, of = 0;
};

struct LimitRow {
    std::string_view name;     // as a key of the policy and of the plan file, and in --allow NAME=VALUE
    std::string_view refuses;  // of a plan beyond it, with the number in it
    // Of an amount; all of them are null for the risk, which has a word and `Risk::high` where nothing is said.
    Amount Limits::*amount = nullptr;
    Used (*used)(const Plan& plan, std::int64_t hosts) = nullptr;  // `hosts`: of the inventory
    std::string_view whole = "";                                   // what the share is of
    // Where the policy says nothing: a share, but `least` in any case and at most `most` (0: no such end).
    std::int64_t percent = 0, least = 0, most = 0;
};

std::span<const LimitRow> limit_table();
const LimitRow* find_limit(std::string_view name);  // null: there is none

// The largest count within the default of an amount, and the same in words: "50% of the hosts, but 16 in any case".
std::int64_t allowed_by_default(const LimitRow& row, std::int64_t of);
std::string default_in_words(const LimitRow& row);

// "37" is a count, "80%" a share from 0% to 100%; nothing: it is neither.
std::optional<Amount> amount_from(std::string_view text);

// `value` as the limit of that name takes it, as a policy spells it. Code::bad_input: there is no such limit, or it is
// no value of it. What is forbidden nobody can allow.
Result<Allowance> allowance(std::string_view limit, std::string_view value, std::string by);

}  // namespace fairway
