// Rules that stand against each other, and runs against what others wrote: which, and over which value?
#include "engine/plan/conflicts.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::conflicts_test {
namespace {

using sample::want;
using Words = std::vector<std::string>;

const Address list{"HV01", &setting::delegation_services}, asked{"HV01", &setting::delegation_vanished};

Snapshot world(Set held, Set of_gone) {
    Snapshot out = sample::snapshot();
    out.readings.insert_or_assign(list, Held(std::move(held)));
    out.readings.insert_or_assign(asked, Held(std::move(of_gone)));
    return out;
}

}  // namespace

TEST_CASE("conflicts: a rule demands what another rule wants gone") {
    const Want tidy = want(Comparator::vanished, Set(), "tidy");
    const Want peers = want(Comparator::includes, Set({"cifs/hv09", "cifs/HV02"}), "peers");
    const Want others = want(Comparator::includes, Set({"cifs/HV03"}), "others");
    const Desired wants = {{list, {others, peers, tidy}}};
    const auto found = conflicts(wants, world(Set({"CIFS/HV09", "cifs/gone"}), Set({"CIFS/HV09", "cifs/gone"})));
    REQUIRE(found.size() == 1);
    CHECK(found[0].address == list);
    CHECK(found[0].rules == Words{"tidy", "peers"});
    CHECK(found[0].runs.empty());
    CHECK(found[0].over == Value(Set({"CIFS/HV09"})));
    CHECK(conflicts(wants, world(Set({"cifs/gone"}), Set({"cifs/gone"}))).empty());
    CHECK(conflicts(wants, world(Set({"cifs/HV09"}), Set())).empty());
    Snapshot unread = world(Set({"cifs/HV09"}), Set());
    unread.readings.insert_or_assign(asked, fail(Code::denied, "no"));
    CHECK(conflicts(wants, unread).empty());
}

TEST_CASE("conflicts: a rollback's run, over what others wrote since") {
    Finding scalar{.address = {"HV02", &setting::migration_enabled},
                   .verdict = Verdict::conflict,
                   .held = Value(true),
                   .foreign = {},
                   .remedy = {},
                   .rule = "run-1",
                   .because = "is on",
                   .where = {}};
    Finding elements = scalar;
    elements.address = list;
    elements.verdict = Verdict::drifted;
    elements.taken = Set({"cifs/a"});
    elements.taken_over = {{"run-2", Set({"cifs/b", "cifs/c"})}};
    Finding none = elements;
    none.taken = {};
    none.taken_over.clear();
    const auto found = conflicts({none, scalar, elements});
    REQUIRE(found.size() == 3);
    CHECK(found[0] == Conflict{scalar.address, {"run-1"}, {}, Value(true), "is on"});
    CHECK(found[1].runs == Words{"run-2"});
    CHECK(found[1].over == Value(Set({"cifs/b", "cifs/c"})));
    CHECK(found[2].runs.empty());
    CHECK(found[2].over == Value(Set({"cifs/a"})));
}

}  // namespace fairway::conflicts_test
