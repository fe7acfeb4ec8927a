// What is said of a condition that is unknown: what was read all the same, and what is missing.
#include "engine/paths/explain.hpp"

#include <algorithm>
#include <doctest/doctest.h>

#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/engine/paths/between.hpp"
#include "tests/sample.hpp"

namespace fairway::explain_test {

TEST_CASE("of an unknown condition it is told what was read, and what the directory says as it counts with Kerberos") {
    Snapshot snapshot = sample::snapshot();
    for (const Setting* row : path_settings())
        if (row->kind == Kind::host)
            snapshot.readings.insert_or_assign(Address{"HV01", row}, fail(Code::unreachable, "HV01 is away"));
    const Path seen = path(snapshot, 0, 1);
    const auto of = [&](std::string_view name) {
        return *std::find_if(seen.conditions.begin(), seen.conditions.end(),
                             [&](const Condition& one) { return one.name == name; });
    };
    CHECK(of("migration on").known == "migration.enabled of HV02 is on");
    CHECK(of("migration on").unread == std::vector<Address>{{"HV01", &setting::migration_enabled}});
    CHECK(of("delegation").known ==
          "if HV01 uses kerberos, open: HV01 may delegate to cifs and the migration service of HV02 (short and full "
          "name)");
    CHECK(of("delegation").evidence.ends_with("; migration.authentication of HV01: HV01 is away"));
    CHECK(of("accounts").known.empty());
    CHECK(std::all_of(seen.unread.begin(), seen.unread.end(),
                      [](const auto& one) { return one.second == "HV01 is away"; }));
    CHECK(std::count_if(seen.unread.begin(), seen.unread.end(),
                        [](const auto& one) { return one.first.setting == &setting::migration_authentication; }) == 1);
    CHECK(path(sample::snapshot(), 0, 1).unread.empty());
}

TEST_CASE("what nobody asked for, as it did not matter, is not called unread; and an oversight is no value") {
    Snapshot unread = sample::snapshot();
    const Address authentication{"HV01", &setting::migration_authentication};
    unread.readings.insert_or_assign(authentication, fail(Code::unreachable, "HV01 is away"));
    CHECK(condition(path(unread, 0, 1), "credentials").unread == std::vector<Address>{authentication});
    Snapshot forgotten = sample::snapshot();
    sample::set(forgotten, "HV01", setting::migration_authentication, std::string(setting::credssp));
    CHECK(condition(path(forgotten, 0, 1), "credentials").evidence == "host.credential_guard of HV01: was not read");
}

}  // namespace fairway::explain_test
