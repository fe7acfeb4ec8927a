// Which hosts a rule is about.
#include "engine/plan/selection.hpp"

#include <doctest/doctest.h>

#include "tests/sample.hpp"

namespace fairway::selection_test {

TEST_CASE("each way to select hosts, for one host and for all") {
    Inventory estate = sample::inventory();
    estate.hosts[1].tags = {"rack-b"};
    using Names = std::vector<std::string>;
    struct Row {
        Select select;
        Names hosts;
    };
    const Row rows[] = {
        {{}, {"HV01", "HV02", "HV03"}},
        {{.by = Select::By::tag, .pattern = "rack-b"}, {"HV02"}},
        {{.by = Select::By::migration_domain, .pattern = estate.hosts[0].domain}, {"HV01", "HV02", "HV03"}},
        {{.by = Select::By::name, .pattern = "hv0?"}, {"HV01", "HV02", "HV03"}},
        {{.by = Select::By::hosts, .hosts = {{"HV03", {}}, {"hv01", {}}, {"HV99", {}}}}, {"HV01", "HV03"}},
        {{.by = Select::By::all_but, .hosts = {{"hv03", {}}}}, {"HV01", "HV02"}},
        {{.by = Select::By::all_but, .hosts = {{"HV01", {}}, {"HV02", {}}, {"HV03", {}}}}, {}},
    };
    for (const Row& row : rows) {
        CAPTURE(&row - rows);
        Names all, one_by_one;
        for (const Host* host : selected_by(row.select, estate)) all.push_back(host->name);
        for (const Host& host : estate.hosts)
            if (selects(row.select, host)) one_by_one.push_back(host.name);
        CHECK(all == row.hosts);
        CHECK(one_by_one == row.hosts);
    }
    const auto unknown = unknown_hosts(rows[4].select, estate);
    REQUIRE(unknown.size() == 1);
    CHECK(unknown[0]->name == "HV99");
}

TEST_CASE("a search may find a host of any name, and one of its own tag and migration domain") {
    Inventory estate;
    HostSearch& search = estate.searches.emplace_back();
    search.tags = {"rack-b"};
    search.migration_domain = "north";
    CHECK(may_select({.by = Select::By::hosts, .hosts = {{"HV09", {}}}}, estate));
    CHECK(may_select({.by = Select::By::all_but, .hosts = {{"HV09", {}}}}, estate));
    CHECK(may_select({.by = Select::By::tag, .pattern = "rack-b"}, estate));
    CHECK_FALSE(may_select({.by = Select::By::tag, .pattern = "rack-c"}, estate));
    CHECK_FALSE(may_select({.by = Select::By::migration_domain, .pattern = "south"}, estate));
    CHECK_FALSE(may_select({}, Inventory()));
}

}  // namespace fairway::selection_test
