// What keeps each path of an estate from being open, now and after each phase of a plan? A letter for each path,
// because large estates have millions of them. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/model/plan.hpp"
#include "engine/paths/simulate.hpp"

namespace fairway {

// Of one path. '.': it is open. 'a' to 'z': the first condition that closes it, by its place in conditions(). 'A' to
// 'Z': none does, and this is the first that is not known.
char path_letter(const End& from, const End& to);

// The paths of one migration domain: a row for each host that they start from, a letter for each where they end; '-' is
// the host itself.
struct PathLetters {
    std::string domain;
    std::vector<std::string> hosts, rows;
};
std::vector<PathLetters> path_letters(const std::vector<Mesh>& meshes);

struct Forecast {
    // A row that is not as it was before the phase.
    struct Row {
        std::size_t domain = 0, host = 0;  // places in `now`
        std::string letters;
    };
    std::vector<PathLetters> now;
    std::vector<std::vector<Row>> after;  // of each phase of the plan
};

// For any caller, as simulate() counts the paths of a plan.
Forecast forecast(const Plan& plan, const Snapshot& snapshot, const Inventory& inventory);

}  // namespace fairway
