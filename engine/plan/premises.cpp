// See premises.hpp.
#include "engine/plan/premises.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/plan/comparators.hpp"

namespace fairway {
namespace {

// What of the expected is no longer so.
struct Gap {
    const Premise& premise;
    const Held& now;
    std::string missing() const {
        const Set held = now ? *as_set(*now) : Set();
        return show(*premise.address.setting,
                    Value(subtract(premise.address.setting->key, *as_set(*premise.holds), held)));
    }
    std::string shown(const Held& value) const { return value ? show(*premise.address.setting, *value) : "none"; }
};

struct PremiseRow {
    const Setting* fact;
    Code code;             // of a run that ends because it no longer holds
    bool absent_holds;     // an object without the property is as one that has the expected value
    std::string_view why;  // of the premise
    std::string (*words)(const Gap&);
};

const std::array premise_rows = {
    PremiseRow{&setting::delegation_vanished, Code::stale, false, "the computers of these services are gone",
               [](const Gap& gap) { return "the plan takes as gone what is somebody's again: " + gap.missing(); }},
    PremiseRow{&setting::host_cluster, Code::stale, false, "no cluster sets this value",
               [](const Gap& gap) { return fmt::format("the cluster {} sets this value now", gap.shown(gap.now)); }},
    PremiseRow{&setting::host_running_migrations, Code::refused, true, "no migration runs that the change could break",
               [](const Gap& gap) {
                   return fmt::format("migrations are running ({}), and the plan switches it; begin when they are over",
                                      gap.shown(gap.now));
               }},
    PremiseRow{&setting::account_sid, Code::stale, false, "the account is the one that the plan was made for",
               [](const Gap& gap) {
                   return fmt::format(
                       "the name belongs to another account now ({}; the plan was made for {}): it was renamed, "
                       "or deleted and joined again; make a fresh plan",
                       gap.shown(gap.now), gap.shown(gap.premise.holds));
               }},
    PremiseRow{&setting::account_own_names, Code::stale, false, "the directory gives these names to this account alone",
               [](const Gap& gap) {
                   return fmt::format(
                       "the directory no longer gives {} to {}$ alone; `fairway spn {}` shows who holds it",
                       gap.missing(), gap.premise.address.object, gap.premise.address.object);
               }},
    PremiseRow{&setting::account_uncontested_names, Code::stale, false, "nobody else in the forest holds these names",
               [](const Gap& gap) {
                   return fmt::format("somebody else holds {} now; `fairway spn {}` shows who", gap.missing(),
                                      gap.premise.address.object);
               }},
};

const PremiseRow* row_of(const Setting& fact) {
    const auto it = std::find_if(premise_rows.begin(), premise_rows.end(),
                                 [&](const PremiseRow& row) { return row.fact == &fact; });
    return it == premise_rows.end() ? nullptr : &*it;
}

bool holds(const Premise& premise, const Held& now) {
    const PremiseRow* row = row_of(*premise.address.setting);
    if (!now) return !premise.holds || (row && row->absent_holds);
    if (!premise.holds) return false;
    const Set *wanted = as_set(*premise.holds), *held = as_set(*now);
    return wanted && held ? covers(premise.address.setting->key, *held, *wanted) : *premise.holds == *now;
}

}  // namespace

std::vector<const Setting*> premise_facts() {
    std::vector<const Setting*> out;
    for (const PremiseRow& row : premise_rows) out.push_back(row.fact);
    return out;
}

std::optional<Error> broken(const Premise& premise, const Reading& now) {
    const std::string where = fmt::format("{} {}", name(premise.address.kind()), premise.address.object);
    if (!now)
        return Error{now.error().code, fmt::format("{}: unknown whether {}: {}", where, premise.why, now.error().text)};
    if (holds(premise, *now)) return std::nullopt;
    const PremiseRow* row = row_of(*premise.address.setting);
    if (!row) return Error{Code::stale, fmt::format("{}: it no longer holds that {}", where, premise.why)};
    return Error{row->code, fmt::format("{}: {}", where, row->words({premise, *now}))};
}

Premise premise(std::string object, const Setting& fact, Held holds) {
    const PremiseRow* row = row_of(fact);
    return {{std::move(object), &fact}, std::move(holds), row ? std::string(row->why) : std::string()};
}

}  // namespace fairway
