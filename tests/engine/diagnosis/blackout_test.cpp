// How long a VM stood still, as hosts log it.
#include "engine/diagnosis/blackout.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace fairway::blackout_test {

namespace {

LogEvent done(const std::string& seconds, const std::string& id = "6D1F", std::uint32_t event = 20415) {
    LogEvent out;
    out.provider = "Microsoft-Windows-Hyper-V-VMMS";
    out.id = event;
    out.time_us = 7;
    out.data = {{"Parameter0", "canary"}, {"Parameter1", id}, {"Parameter2", seconds}};
    return out;
}

std::int64_t length(const LogEvent& event) {
    const auto found = blackouts({&event, 1});
    return found.empty() ? -1 : found[0].length.count();
}

// Lengths in ms, -1 for none.
std::vector<std::int64_t> lengths(const std::vector<DoneMove>& moves, const LoggedBlackouts& logged) {
    std::vector<std::int64_t> out;
    for (const auto& length : lengths_of(moves, logged)) out.push_back(length ? length->count() : -1);
    return out;
}

Blackout at(std::int64_t seconds, int length, const std::string& vm = "6D1F") {
    return {vm, seconds * 1'000'000, std::chrono::milliseconds(length)};
}

using Lengths = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("a blackout is the third parameter of the event that ends a move of that VM") {
    CHECK(length(done("0.5")) == 500);
    CHECK(length(done("0,25")) == 250);
    CHECK(length(done("2", "6D1F", 20417)) == 2000);
    CHECK(length(done("1.23456")) == 1234);
    for (const char* odd : {"", "x", "-1", "0.-5", "0.x", "99999", "0.5 s"}) {
        CAPTURE(odd);
        CHECK(length(done(odd)) == -1);
    }
    CHECK(length(done("0.5", "6D1F", 20413)) == -1);
    LogEvent of_another = done("0.5");
    of_another.provider = "Microsoft-Windows-Hyper-V-Worker";
    CHECK(length(of_another) == -1);
    LogEvent cut = done("0.5");
    cut.data.resize(2);
    CHECK(length(cut) == -1);
}

TEST_CASE("a move has the blackout that was logged in its time, however late its end was seen") {
    // Three moves one after the other; the machine here was slow to see the first two end.
    const std::vector<DoneMove> moves = {
        {"HV01", "HV02", "6d1f", 100, 105}, {"HV02", "HV01", "6d1f", 105, 110}, {"HV01", "HV02", "6d1f", 110, 112}};
    CHECK(lengths(moves, {{"HV01", {at(102, 1), at(112, 3)}}, {"HV02", {at(107, 2)}}}) == Lengths{1, 2, 3});
    CHECK(lengths(moves, {{"HV02", {at(102, 1), at(112, 3)}}, {"HV01", {at(107, 2)}}}) == Lengths{1, 2, 3});
    // Nobody logged the first: the third's is not the first's.
    CHECK(lengths(moves, {{"HV01", {at(112, 3)}}, {"HV02", {at(107, 2)}}}) == Lengths{-1, 2, 3});
    // Another VM's is not this one's.
    CHECK(lengths(moves, {{"HV01", {at(102, 9, "another")}}}) == Lengths{-1, -1, -1});
    // Another of that time: the nearest to the end is taken.
    CHECK(lengths({moves[2]}, {{"HV01", {at(111, 9), at(112, 4)}}}) == Lengths{4});
}

TEST_CASE("a move that ends in the second in which the next one is logged leaves it its blackout") {
    const std::vector<DoneMove> moves = {{"HV01", "HV02", "6D1F", 10, 12}, {"HV02", "HV03", "6D1F", 12, 13}};
    CHECK(lengths(moves, {{"HV01", {at(10, 1)}}, {"HV02", {at(12, 2)}}}) == Lengths{1, 2});
    CHECK(lengths(moves, {{"HV01", {at(10, 1)}}, {"HV02", {at(13, 2)}}}) == Lengths{1, 2});
}

}  // namespace fairway::blackout_test
