// A small estate for tables of pure tests: three hosts of one migration domain, all in order.
#pragma once

#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/model/want.hpp"

namespace fairway::sample {

Inventory inventory();
Inventory inventory_and_one_alone();  // and LONE, which is in no migration domain

// Every path of it is open.
Snapshot snapshot();

inline void set(Snapshot& snapshot, const char* object, const Setting& row, Value value) {
    snapshot.readings.insert_or_assign(Address{object, &row}, Held(std::move(value)));
}

inline Want want(Comparator comparator, Value operand, std::string rule = "r") {
    return {.comparator = comparator,
            .operand = std::move(operand),
            .from = {},
            .rule = std::move(rule),
            .severity = Severity::high,
            .exception = {},
            .where = {7, 3}};
}

inline Plan plan_with(std::vector<Change> changes) {
    Plan plan;
    plan.estate = "bay";
    plan.inventory_digest = std::string(64, 'a');
    plan.source = "standard";
    plan.phases = {{.kind = PhaseKind::hosts, .changes = std::move(changes), .paths = {1, 2, 3}, .closes = 0}};
    return plan;
}

}  // namespace fairway::sample
