// What does the estate make of causes that events tell?
#include "engine/diagnosis/with_estate.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"

namespace fairway::with_estate_test {

namespace {

constexpr PathState open = PathState::open, closed = PathState::closed, unknown = PathState::unknown;

// HV01 to HV02, with these conditions in this state and all others open.
PairSeen pair(std::vector<std::pair<const char*, PathState>> conditions,
              const Setting* fix = &setting::migration_networks) {
    PairSeen out;
    out.path = {"HV01", "HV02", open, {}};
    for (const auto& [name, state] : conditions) {
        Condition one;
        one.name = name;
        one.state = state;
        one.evidence = std::string(name) + " as read";
        if (state == closed) one.fix = {"HV01", fix};
        out.path.conditions.push_back(one);
        if (state == closed || out.path.state == open) out.path.state = state;
    }
    return out;
}

Diagnosis events(std::vector<std::pair<const char*, Proof>> causes) {
    Diagnosis out;
    for (const auto& [id, proof] : causes)
        out.causes.push_back(
            {.row = &cause_row(id), .from = "HV01", .to = "HV02", .proof = proof, .evidence = {"an event"}});
    return out;
}

std::string said(const Diagnosis& diagnosis) {
    std::string out;
    for (const Cause& cause : diagnosis.causes)
        out += std::string(cause.row->id) + " " + std::to_string(cause.evidence.size()) + "/" +
               std::to_string(cause.against.size()) + "\n";
    return out;
}

std::string with(Diagnosis diagnosis, PairSeen seen) {
    const PairSeen all[] = {std::move(seen)};
    return said(with_estate(std::move(diagnosis), all));
}

}  // namespace

TEST_CASE("with the estate: without events each closed condition is a cause, in the order of conditions") {
    CHECK(with({}, pair({{"delegation", closed}, {"limit", closed}})) == "delegation-missing 1/0\nlimit-reached 1/0\n");
    CHECK(with({}, pair({{"delegation", open}})).empty());
    CHECK(with({}, pair({{"delegation", unknown}})).empty());
    CHECK(with({}, pair({{"network", closed}})) == "network-mismatch 1/0\n");
    CHECK(with({}, pair({{"network", closed}}, nullptr)) == "address-missing 1/0\n");
}

TEST_CASE("with the estate: its member stands for a family and takes the evidence") {
    const auto family = events({{"auth-delegation", Proof::family}});
    CHECK(with(family, pair({{"delegation", closed}})) == "delegation-missing 2/0\n");
    CHECK(with(family, pair({{"delegation", closed}, {"caller", closed}})) ==
          "delegation-missing 2/0\ncaller-not-delegable 2/0\n");
    // A condition of another kind does not explain it: both stand, what events tell first.
    CHECK(with(family, pair({{"limit", closed}})) == "auth-delegation 1/0\nlimit-reached 1/0\n");
    CHECK(with(family, pair({{"delegation", open}})) == "auth-delegation 1/1\n");
}

TEST_CASE("with the estate: what an event proves stays, and the estate's word against it is said") {
    const auto proven = events({{"logon-as-service-right", Proof::strong}});
    CHECK(with(proven, pair({{"delegation", open}})) == "logon-as-service-right 1/1\n");
    CHECK(with(proven, pair({{"delegation", closed}})) == "logon-as-service-right 1/0\ndelegation-missing 1/0\n");
    CHECK(with(events({{"limit-reached", Proof::strong}}), pair({{"limit", closed}})) == "limit-reached 2/0\n");
    Diagnosis other = events({{"spn", Proof::strong}});
    other.causes[0].to = "HV03";
    CHECK(with(other, pair({{"limit", closed}})) == "spn 1/0\nlimit-reached 1/0\n");
}

TEST_CASE("with the estate: a change of a moment ago, where every condition holds") {
    PairSeen seen = pair({{"delegation", open}});
    seen.recent = {{{"HV01", &setting::delegation_services}, 185}};
    CHECK(with({}, seen) == "fresh-change 1/0\n");
    CHECK(with(events({{"auth-delegation", Proof::family}}), seen) == "fresh-change 2/0\n");
    CHECK(with(events({{"memory-short", Proof::strong}}), seen) == "memory-short 1/1\nfresh-change 1/0\n");
    seen.path.state = closed;
    CHECK(with({}, seen).empty());
}

TEST_CASE("with the estate: what could not be read is said at the cause") {
    PairSeen seen = pair({{"delegation", unknown}});
    seen.path.unread = {{{"HV01", &setting::delegation_services}, "denied"}};
    seen.recent_unread = "no server";
    const PairSeen all[] = {seen};
    const Diagnosis out = with_estate(events({{"auth-delegation", Proof::family}}), all);
    CHECK(out.causes[0].not_looked_at.size() == 2);
}

}  // namespace fairway::with_estate_test
