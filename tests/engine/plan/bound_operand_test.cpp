// What a rule's operand is for each host.
#include "engine/plan/bound_operand.hpp"

#include <doctest/doctest.h>

#include "tests/sample.hpp"

namespace fairway::bound_operand_test {

TEST_CASE("what is worked out for each host") {
    const Inventory estate = sample::inventory_and_one_alone();
    const Host &first = estate.hosts[0], &lone = estate.hosts.back();
    const Operand plain = Value(true);
    CHECK(BoundOperand(plain, estate).of(lone) == Value(true));
    const Operand own = ComputedNames{{ServiceClass::cifs}, Of::self, {"cifs/alias"}};
    CHECK(BoundOperand(own, estate).of(lone) == Value(Set({"cifs/LONE", "cifs/lone.bay.example", "cifs/alias"})));
    const Operand peers = ComputedNames{{ServiceClass::cifs}, Of::peers, {}}, accounts = PeerAccounts();
    CHECK(as_set(*BoundOperand(peers, estate).of(first))->size() == 4);
    CHECK(as_set(*BoundOperand(accounts, estate).of(first))->size() == 2);
    CHECK_FALSE(BoundOperand(peers, estate).of(lone));  // it has none, so there is nothing to want
    CHECK_FALSE(BoundOperand(accounts, estate).of(lone));
}

}  // namespace fairway::bound_operand_test
