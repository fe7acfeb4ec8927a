// In how many rounds is an estate read, and what is asked in each?
#include "engine/run/survey.hpp"

#include <doctest/doctest.h>

#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/paths/simulate.hpp"
#include "tests/sample.hpp"

namespace fairway::survey_test {
namespace {

// Answers what it is asked for, and keeps the questions of each round.
class Rounds : public Reader {
public:
    Snapshot world = sample::snapshot();
    std::vector<std::vector<Address>> asked;
    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        asked.emplace_back(addresses.begin(), addresses.end());
        Snapshot out;
        for (const Address& address : addresses) out.readings.emplace(address, world.at(address));
        return out;
    }
};

PathCount paths_of(Rounds& reader) {
    const auto seen = survey({}, sample::inventory(), {}, 0, reader);
    REQUIRE(seen);
    return count(matrices(meshes(seen->inventory, seen->snapshot)));
}

}  // namespace

TEST_CASE("an estate in which all use Kerberos is read in one round, and Credential Guard is nobody's question") {
    Rounds reader;
    for (const char* host : {"HV01", "HV02", "HV03"})
        reader.world.readings.insert_or_assign(Address{host, &setting::host_credential_guard},
                                               fail(Code::denied, "no right"));
    CHECK(paths_of(reader) == PathCount{.open = 6, .closed = 0, .unknown = 0});
    REQUIRE(reader.asked.size() == 1);
    for (const Address& address : reader.asked.front()) CHECK(address.setting != &setting::host_credential_guard);
}

TEST_CASE("hosts that use CredSSP are asked in a second round whether Credential Guard runs, and nothing else") {
    Rounds reader;
    for (const char* host : {"HV01", "HV02", "HV03"})
        sample::set(reader.world, host, setting::migration_authentication, std::string(setting::credssp));
    sample::set(reader.world, "HV01", setting::host_credential_guard, true);
    sample::set(reader.world, "HV02", setting::host_credential_guard, false);
    reader.world.readings.insert_or_assign(Address{"HV03", &setting::host_credential_guard},
                                           fail(Code::denied, "no right"));
    CHECK(paths_of(reader) == PathCount{.open = 2, .closed = 2, .unknown = 2});
    REQUIRE(reader.asked.size() == 2);
    CHECK(reader.asked.back() == std::vector<Address>{{"HV01", &setting::host_credential_guard},
                                                      {"HV02", &setting::host_credential_guard},
                                                      {"HV03", &setting::host_credential_guard}});
}

}  // namespace fairway::survey_test
