// How dangerous is a change, and why? It depends on what is granted, to whom, and on whose account: one table of rows.
// The first row that fits an element decides about it, the worst element about the change. Pure: who holds a name was
// asked before (run/grading).
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/model/plan.hpp"
#include "engine/names/whose.hpp"

namespace fairway {

enum class Way { granted, taken };  // an element that comes or goes; a switch on or off; a word or number is granted

// What an element is, as far as its text shows.
enum class What {
    plain,
    directory_service,  // a class of service names that domain controllers alone hold
    migration_need,     // cifs or the migration service
    other_service,
    computer,       // an account whose name ends in a dollar sign
    user_or_group,  // any other account
    nameless,       // a SID of which no name is found
    credssp,
};

// Where a column is empty, every value fits.
struct RiskRow {
    const Setting* setting = nullptr;
    std::optional<Kind> kind = {};  // of the setting
    std::optional<Way> way = {};
    std::optional<What> what = {};
    std::optional<Whose> whose = {};
    std::optional<At> at = {};
    Risk risk{};
    std::string_view when;     // the row in words
    std::string_view because;  // what may come of it
};

std::span<const RiskRow> risk_table();

// Those that a change of the setting can come to, in order.
std::vector<const RiskRow*> risks_of(const Setting& setting);

// What can be known from the change alone: what stands in a plan file is never believed to be less.
Grade grade(const Change& change);

// The change's own grade, or what can be known from it alone, whichever is higher.
Grade believed(const Change& change);
Risk highest_risk(const Plan& plan);

// Grades every change. `names`: what the forest answered about unsure_names; an Error makes those critical, with the
// reason.
void grade(Plan& plan, const Inventory& inventory, const Snapshot& snapshot, const Result<RegisteredNames>& names);

}  // namespace fairway
