// One finding for tables of tests.
#pragma once

#include <string>

#include "engine/model/plan.hpp"
#include "engine/model/setting.hpp"

namespace fairway::report_sample {

inline Finding finding(std::string host, const Setting& setting, Held held, std::optional<Value> remedy,
                       std::string because) {
    return {.address = {std::move(host), &setting},
            .verdict = remedy ? Verdict::drifted : Verdict::unreadable,
            .held = std::move(held),
            .foreign = {},
            .remedy = std::move(remedy),
            .rule = "standard",
            .severity = Severity::high,
            .because = std::move(because),
            .where = {7, 3}};
}

inline Finding unread(std::string host, const Setting& setting, std::string because) {
    return finding(std::move(host), setting, {}, {}, std::move(because));
}

}  // namespace fairway::report_sample
