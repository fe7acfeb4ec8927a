// What a reading after a write tells of it, whatever the answer was, and what is left to write.
#include "engine/plan/settle.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::settle_test {

TEST_CASE("what a reading tells of a write that was cut off") {
    const Address services{"HV01", &setting::delegation_services}, networks{"HV01", &setting::migration_networks},
        word{"HV01", &setting::migration_performance};
    const Change set{services, Set({"a", "old"}), Set({"a", "new", "newer"}), {}, {}};
    const Change net{networks, Set({"10.9.0.0/16"}), Set({"any"}), {}, {}};
    const Change scalar{word, std::string("tcpip"), std::string("smb"), {}, {}};
    struct Row {
        const Change& change;
        Reading now;
        Outcome outcome;
    };
    const Row rows[] = {
        {scalar, Held(std::string("smb")), Outcome::done},
        {scalar, Held(std::string("tcpip")), Outcome::not_done},
        {scalar, Held(std::string("compression")), Outcome::in_doubt},
        {scalar, fail(Code::unreachable, "gone"), Outcome::in_doubt},
        {scalar, Held(), Outcome::in_doubt},
        {set, Held(Set({"a", "new", "newer", "theirs"})), Outcome::done},
        {set, Held(Set({"old", "theirs"})), Outcome::not_done},
        {set, Held(Set({"a", "old", "new"})), Outcome::in_doubt},
        {net, Held(Set({"10.9.0.0/16", "any"})), Outcome::torn},
        {net, Held(Set({"any", "172.16.0.0/12"})), Outcome::done},
    };
    for (const Row& row : rows) CHECK(settle(row.change, row.now, true) == row.outcome);
    CHECK(settle(scalar, Held(std::string("tcpip")), false) == Outcome::unanswered);
    CHECK(settle(scalar, Held(std::string("smb")), false) == Outcome::done);
    CHECK(lay_over(scalar, std::string("compression")) == scalar.after);
    CHECK(lay_over(net, Set({"10.9.0.0/16"})) == net.after);  // nothing of it was written
    CHECK(lay_over(net, Set({"any"})) == net.after);          // all of it was
    CHECK(lay_over(net, Set({"10.9.0.0/16", "any", "172.16.0.0/12"})) == Value(Set({"any", "172.16.0.0/12"})));
}

}  // namespace fairway::settle_test
