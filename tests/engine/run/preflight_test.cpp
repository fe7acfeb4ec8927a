// What is asked again before the first write of a run, and what is not begun then.
#include "engine/run/preflight.hpp"

#include <doctest/doctest.h>

#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/premises.hpp"
#include "tests/ready.hpp"
#include "tests/sample.hpp"

namespace fairway::preflight_test {
namespace {

class Still : public Reader {
public:
    Snapshot snapshot;
    Snapshot read(std::span<const Address>, const Progress&) override { return snapshot; }
};

}  // namespace

TEST_CASE("nothing is begun under a migration that runs, unless the change does not disturb it") {
    const Address authentication{"HV01", &setting::migration_authentication},
        max_live{"HV01", &setting::migration_max_live};
    Still reader;
    reader.snapshot = sample::snapshot();
    sample::set(reader.snapshot, "HV01", setting::migration_authentication, std::string("credssp"));
    Premises idle;
    idle.add(premise("HV01", setting::host_running_migrations, Value(std::int64_t{0})));
    const Plan switching =
        sample::plan_with({{authentication, std::string("credssp"), std::string("kerberos"), {"r"}, {}, idle}});
    const Plan harmless = sample::plan_with({{max_live, std::int64_t{2}, std::int64_t{4}, {"r"}, {}}});
    const Plan off = sample::plan_with({{{"HV01", &setting::migration_enabled}, true, false, {"r"}, {}, idle}});
    for (const std::int64_t count : {0, 1}) {
        sample::set(reader.snapshot, "HV01", setting::host_running_migrations, count);
        CHECK(sample::ready(harmless, reader).has_value());
        for (const Plan& plan : {switching, off}) {
            const auto begun = sample::ready(plan, reader);
            CHECK(begun.has_value() == (count == 0));
            if (!begun) CHECK(begun.error().code == Code::refused);
        }
    }
    // A stale plan is called stale, busy or not.
    sample::set(reader.snapshot, "HV01", setting::migration_authentication, std::string("kerberos"));
    CHECK(sample::ready(switching, reader).error().code == Code::stale);
}

TEST_CASE("what is not as the plan saw it is told host by host, each sentence once") {
    const Change change;
    const auto of = [&](const char* host, Code code, const char* words) {
        return Complaint{&change, host, Error{code, words}};
    };
    const auto said = together({of("HV01", Code::refused, "HV01 is at work"), of("HV02", Code::stale, "HV02 moved"),
                                of("HV01", Code::stale, "HV01 moved"), of("HV02", Code::stale, "HV02 moved")});
    REQUIRE_FALSE(said);
    CHECK(said.error().code == Code::stale);
    CHECK(said.error().text == "HV01 is at work\nHV01 moved\nHV02 moved");
}

}  // namespace fairway::preflight_test
