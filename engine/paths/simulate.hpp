// What do the paths look like now, after each phase of a plan, and at worst within one? Pure: the steps are laid over a
// decoded snapshot, and only the pairs that a step can touch are judged again. Steps of one phase may be made at the
// same time, if they are of different hosts: what a phase closes holds for every order that is then possible.
#pragma once

#include <vector>

#include "engine/model/plan.hpp"
#include "engine/paths/matrix.hpp"

namespace fairway {

// The estate's part alone, as if the caller's tickets could be delegated: a plan may be applied by another account, and
// what it closes must count although its maker could not use it.
std::vector<Mesh> for_any_caller(std::vector<Mesh> meshes);

// The hosts as they are when all the changes are made.
void lay_over(std::vector<Mesh>& meshes, const std::vector<Change>& changes);

struct Outlook {
    std::vector<Mesh> meshes;
    std::vector<Matrix> matrices;
};

// Fills in Plan::paths and ::picture, and Phase::paths, ::closes, ::closed, ::opened and ::letters of each phase; what
// is so at the plan's end. `meshes`: before any change, for any caller.
Outlook simulate(Plan& plan, std::vector<Mesh> meshes);

}  // namespace fairway
