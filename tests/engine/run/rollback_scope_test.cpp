// Which part of a run is meant.
#include "engine/run/rollback_scope.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::rollback_scope_test {

namespace {

const Address live{"HV01", &setting::migration_max_live}, networks{"HV01", &setting::migration_networks},
    services{"HV02", &setting::delegation_services};

Run sample_run() {
    Run run;
    run.id = "2026-11-29-01";
    run.plan = sample::plan_with({{live, std::int64_t{1}, std::int64_t{4}, {}, {}},
                                  {networks, Set({"any"}), Set({"10.0.0.0/24 5"}), {}, {}},
                                  {services, Set({"cifs/HV09"}), Set({"cifs/HV01"}), {}, {}}});
    return run;
}

}  // namespace

TEST_CASE("what narrows a rollback must all fit") {
    const RollbackScope all;
    CHECK_FALSE(all.is_part());
    CHECK(all.covers(live));
    CHECK(all.covers(live, ""));
    CHECK(all.covers(services, "cifs/hv01"));
    const RollbackScope host{.only = {{"HV01"}}}, without{.except = {"HV01"}}, one{.settings = {"migration.max_live"}},
        wave{.of_waves = {{live}}}, value{.values = {"CIFS/HV01"}};
    for (const RollbackScope* scope : {&host, &without, &one, &wave, &value}) CHECK(scope->is_part());
    CHECK((host.covers(live) && !host.covers(services)));
    CHECK((!without.covers(live) && without.covers(services)));
    CHECK((one.covers(live) && !one.covers(networks)));
    CHECK((wave.covers(live) && !wave.covers(networks)));
    CHECK((value.covers(services, "cifs/hv01") && !value.covers(services, "cifs/hv09") && !value.covers(live, "")));
    CHECK_FALSE(RollbackScope{.only = {{"HV01"}}, .values = {"cifs/HV01"}}.covers(services, "cifs/hv01"));
}

TEST_CASE("waves are named by their numbers") {
    Run run = sample_run();
    CHECK(addresses_of_waves(run, {1}).error().text == "run 2026-11-29-01 has no waves");
    run.plan.phases[0].wave = 2;
    CHECK(*addresses_of_waves(run, {2}) == std::set{live, networks, services});
    CHECK(addresses_of_waves(run, {2, 7}).error().text == "run 2026-11-29-01 has no wave 7; it has 2");
    CHECK(addresses_of_waves(run, {0}).error().code == Code::bad_input);
}

TEST_CASE("values are those that a list gained or lost, by their key") {
    const Run run = sample_run();
    for (const char* known : {"cifs/hv01", "CIFS/HV09", "any", "10.0.0.0/24", "10.0.0.0/24 7"})
        CHECK_MESSAGE(knows_its_values(run, {known}), known);
    for (const char* strange : {"4", "cifs/HV02", "10.0.0.0", ""})
        CHECK_FALSE_MESSAGE(knows_its_values(run, {strange}), strange);
    CHECK(knows_its_values(run, {"any", "a\nb"}).error().text.find('\n') == std::string::npos);
}

TEST_CASE("wants are narrowed to the values that are meant") {
    const Run run = sample_run();
    Want want = sample::want(Comparator::restore, Set({"cifs/HV09", "x"}));
    want.from = Set({"cifs/HV01", "x"});
    want.taken_over = {{"2", Set({"cifs/HV01"})}, {"3", Set({"cifs/HV09"})}};
    Desired wants = {{live, {want}}, {networks, {want}}, {services, {want}}};
    narrow(wants, {.values = {"cifs/hv01"}}, run);
    REQUIRE(wants.size() == 1);
    const Want& left = wants.at(services)[0];
    CHECK(left.put_back == Set({"cifs/HV09", "x"}));
    CHECK(left.taken_over == std::vector<TakenOver>{{"2", Set({"cifs/HV01"})}});
    narrow(wants, {.only = {{"HV01"}}}, run);
    CHECK(wants.empty());
}

}  // namespace fairway::rollback_scope_test
