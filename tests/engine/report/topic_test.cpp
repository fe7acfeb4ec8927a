// Does every id that a finding can carry lead to what stands behind it?
#include "engine/report/topic.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <set>

#include "engine/diagnosis/cause_table.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/estate_finding.hpp"
#include "engine/names/spn_health.hpp"
#include "engine/paths/conditions.hpp"
#include "engine/report/estate.hpp"

namespace fairway::report::topic_test {
namespace {

bool has(const Topic& topic, std::string_view label) {
    return std::any_of(topic.lines.begin(), topic.lines.end(), [&](const auto& line) { return line.first == label; });
}

}  // namespace

TEST_CASE("every id of the tables is a topic, and says what it is and what to do") {
    std::set<std::string_view> ids;
    for (const Setting* row : catalogue()) ids.insert(row->name);
    for (const CauseRow& row : cause_table()) ids.insert(row.id);
    for (const ConditionRow& row : conditions()) ids.insert(row.name);
    for (const EstateFault fault : all_estate_faults) ids.insert(name(fault));
    for (const NameFault fault : all_name_faults) ids.insert(name(fault));
    for (const std::string_view id : ids) {
        CAPTURE(std::string(id));
        const auto found = topics(id);
        REQUIRE_FALSE(found.empty());
        for (const Topic& one : found) {
            CHECK_FALSE(one.what.empty());
            CHECK((has(one, "fix") || has(one, "from")));
        }
    }
    const auto all = topic_ids();
    CHECK(std::set<std::string_view>(all.begin(), all.end()) == ids);
}

TEST_CASE("an id is found as results show it, in any way of writing") {
    CHECK(topics("Paths_Closed").at(0).id == "paths_closed");
    CHECK(topics(words(EstateFault::paths_closed)).at(0).id == "paths_closed");
    CHECK(topics("protocol-transition").at(0).kind == "condition of a path");
    CHECK(topics("delegation").at(0).what ==
          "Where it is not met, the source may not delegate to the destination's cifs and migration service.");
    CHECK(topics("no such thing").empty());
    CHECK(topics("").empty());
}

TEST_CASE("a fault of names says what the row of its number says") {
    CHECK(topics("duplicate").at(0).what.starts_with("Several accounts"));
    CHECK(topics("stale_delegation").at(0).what.starts_with("A host may delegate to a name that nobody has"));
    CHECK(topics("glass_past").at(0).lines.at(0) == std::pair<std::string_view, std::string>("risk", "critical"));
}

}  // namespace fairway::report::topic_test
