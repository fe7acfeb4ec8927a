// What a plan leaves alone because it is not the host's to decide, or not now: clusters, and migrations that run.
#include <doctest/doctest.h>

#include "engine/plan/judge.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/premises.hpp"
#include "tests/ready.hpp"
#include "tests/sample.hpp"

namespace fairway {
namespace {

const Address max_live{"HV01", &setting::migration_max_live}, cluster{"HV01", &setting::host_cluster};
const Address authentication{"HV01", &setting::migration_authentication};
const Address running{"HV01", &setting::host_running_migrations};

Finding judged(const Snapshot& snapshot) {
    const Desired desired = {{max_live, {sample::want(Comparator::at_least, std::int64_t{4})}}};
    return judge(desired, snapshot).at(0);
}

class Still : public Reader {
public:
    Snapshot snapshot;
    Snapshot read(std::span<const Address>, const Progress&) override { return snapshot; }
};

}  // namespace

TEST_CASE("gate: what a cluster sets is left to it") {
    Snapshot snapshot = sample::snapshot();
    CHECK(judged(snapshot).verdict == Verdict::drifted);  // not asked
    snapshot.readings.insert_or_assign(cluster, Held{});
    CHECK(judged(snapshot).verdict == Verdict::drifted);  // none
    sample::set(snapshot, "HV01", setting::host_cluster, std::string("CLU1"));
    const Finding left = judged(snapshot);
    CHECK(left.verdict == Verdict::excepted);
    CHECK_FALSE(left.remedy);
    CHECK_MESSAGE(left.because.find("CLU1") != std::string::npos, left.because);
    snapshot.readings.insert_or_assign(cluster, Reading(tl::unexpected(Error{Code::denied, "no rights there"})));
    const Finding unknown = judged(snapshot);
    CHECK(unknown.verdict == Verdict::unreadable);
    CHECK(unknown.because.find("no rights there") != std::string::npos);
    CHECK(why_unread(unknown, snapshot).code == Code::denied);  // though its own value was read
    sample::set(snapshot, "HV01", setting::migration_max_live, std::int64_t{4});
    CHECK(judged(snapshot).verdict == Verdict::compliant);
}

TEST_CASE("gate: a plan says which hosts are at work, and keeps that in its file") {
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", setting::migration_authentication, std::string("credssp"));
    const Desired desired = {{authentication, {sample::want(Comparator::equals, std::string("kerberos"))}}};
    const auto made = [&] { return plan({}, judge(desired, snapshot), snapshot, sample::inventory()); };
    REQUIRE(made().size() == 1);
    CHECK(made().phases[0].changes[0].premises.about(running) != nullptr);
    CHECK(made().notes.empty());
    sample::set(snapshot, "HV01", setting::host_running_migrations, std::int64_t{0});
    CHECK(made().notes.empty());
    sample::set(snapshot, "HV01", setting::host_running_migrations, std::int64_t{2});
    const Plan busy = made();
    REQUIRE(busy.notes.size() == 1);
    CHECK(busy.notes[0].verdict == Verdict::busy);
    CHECK(busy.notes[0].address == running);
    const auto back = parse_plan(print_plan(busy));
    REQUIRE(back.has_value());
    CHECK(print_plan(*back) == print_plan(busy));
}

TEST_CASE("gate: nothing is begun under a migration that runs, unless the change does not disturb it") {
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

}  // namespace fairway
