// Which hosts use CredSSP after a plan, and what is said of Credential Guard there.
#include "engine/report/exposure.hpp"

#include <doctest/doctest.h>

#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::exposure_test {

namespace {

Change to(const char* host, const char* word) {
    const std::string other = word == setting::credssp ? "kerberos" : "credssp";
    return {{host, &setting::migration_authentication}, other, std::string(word), {"r"}, {}};
}

}  // namespace

TEST_CASE("exposure: hosts that are switched to CredSSP, each with what is known of Credential Guard") {
    const Plan plan = sample::plan_with({to("HV01", "credssp"),
                                         to("HV02", "credssp"),
                                         to("HV03", "credssp"),
                                         to("HV04", "credssp"),
                                         to("HV05", "kerberos"),
                                         {{"HV06", &setting::migration_enabled}, false, true, {"r"}, {}}});
    Snapshot snapshot;
    sample::set(snapshot, "HV01", setting::host_credential_guard, true);
    sample::set(snapshot, "HV02", setting::host_credential_guard, false);
    snapshot.readings[{"HV03", &setting::host_credential_guard}] = Held();  // too old to have it
    snapshot.readings[{"HV04", &setting::host_credential_guard}] = fail(Code::denied, "access denied");
    const auto hosts = report::exposed(plan, snapshot);
    CHECK(hosts == std::vector<report::Exposed>{{"HV01", true}, {"HV02", false}, {"HV03", false}, {"HV04", {}}});
    const std::string said = report::text(hosts, {});
    CHECK(said.find("HV01  useless as a source") != std::string::npos);
    CHECK(said.find("HV02  sign on at HV02 itself") != std::string::npos);
    CHECK(said.find("HV03  sign on at HV03 itself") != std::string::npos);
    CHECK(said.find("HV04  it could not be read") != std::string::npos);
    CHECK(said.find("password included") != std::string::npos);
}

TEST_CASE("exposure: nothing is said where no host is switched to CredSSP") {
    CHECK(report::text(report::exposed(sample::plan_with({to("HV01", "kerberos")}), {}), {}).empty());
}

}  // namespace fairway::exposure_test
