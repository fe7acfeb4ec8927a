// Which condition keeps each path from being open, now and after each phase?
#include "engine/paths/matrix.hpp"

#include <algorithm>
#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/paths/explain.hpp"
#include "engine/paths/simulate.hpp"
#include "tests/sample.hpp"

namespace fairway::matrix_test {

namespace {

Change sets(const char* host, const Setting& row, Value before, Value after) {
    return {{host, &row}, std::move(before), std::move(after), {"r"}, {}};
}

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("a letter is the first condition that closes a path, or the first that is not known") {
    const Inventory inventory = sample::inventory();
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV02", setting::delegation_protocol_transition, false);
    snapshot.readings.erase({"HV03", &setting::migration_max_live});
    const std::vector<Mesh> all = meshes(inventory, snapshot);
    const PathPicture picture = path_picture(matrices(all));
    const auto& letters = picture.now;
    CHECK(picture.conditions.size() == conditions().size());
    CHECK(picture.rests_on.size() == conditions().size());
    REQUIRE(letters.size() == 1);
    CHECK(letters[0].hosts == Rows{"HV01", "HV02", "HV03"});
    CHECK(letters[0].rows == Rows{"-.L", "e-e", "LL-"});
    for (const End& from : all[0].ends)
        for (const End& to : all[0].ends) {
            if (from.index == to.index) continue;
            const char letter = path_letter(from, to);
            const PathState state = fairway::state(from, to);
            CHECK((letter == '.') == (state == PathState::open));
            CHECK((letter >= 'a') == (state == PathState::closed));
        }
    CHECK(explain(all[0].ends[1], all[0].ends[0], snapshot).conditions['e' - 'a'].state == PathState::closed);
}

TEST_CASE("a plan has the rows that each phase changes, as if all before it was made") {
    const Inventory inventory = sample::inventory();
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV02", setting::migration_authentication, std::string("credssp"));
    Plan plan = sample::plan_with(
        {sets("HV02", setting::migration_authentication, std::string("credssp"), std::string("kerberos"))});
    plan.phases.push_back(
        {.kind = PhaseKind::hosts, .changes = {sets("HV03", setting::migration_enabled, true, false)}, .paths = {}});
    simulate(plan, for_any_caller(meshes(inventory, snapshot)));
    const std::vector<PathLetters>& now = plan.picture.now;
    REQUIRE(now.size() == 1);
    CHECK(now[0].rows[1] == "b-b");
    // Laid over one after the other, they are what the paths are then.
    Rows rows = now[0].rows;
    for (std::size_t phase = 0; phase < 2; ++phase) {
        Plan so_far = plan;
        so_far.phases.resize(phase + 1);
        const Outlook then = simulate(so_far, for_any_caller(meshes(inventory, snapshot)));
        const std::vector<PathLetters>& changed = plan.phases[phase].letters;
        REQUIRE(changed.size() == 1);
        CHECK(changed[0].domain == now[0].domain);
        for (std::size_t i = 0; i < changed[0].hosts.size(); ++i) {
            const auto host = std::find(now[0].hosts.begin(), now[0].hosts.end(), changed[0].hosts[i]);
            rows[static_cast<std::size_t>(host - now[0].hosts.begin())] = changed[0].rows[i];
        }
        CHECK(rows == path_picture(matrices(then.meshes)).now[0].rows);
    }
    CHECK(plan.phases[1].letters[0].hosts.size() == 3);  // whichever end HV03 is
}

}  // namespace fairway::matrix_test
