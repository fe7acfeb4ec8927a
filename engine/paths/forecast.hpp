// What keeps each path of an estate from being open, now and after each phase of a plan? A letter for each path,
// because large estates have millions of them. Pure.
#pragma once

#include <vector>

#include "engine/model/plan.hpp"
#include "engine/paths/simulate.hpp"

namespace fairway {

// Of one path. '.': it is open. 'a' to 'z': the first condition that closes it, by its place in conditions(). 'A' to
// 'Z': none does, and this is the first that is not known.
char path_letter(const End& from, const End& to);

PathPicture path_picture(const std::vector<Mesh>& meshes);

// Fills in Plan::picture and Phase::letters of each phase. `meshes`: as for simulate().
void forecast(Plan& plan, std::vector<Mesh> meshes);

}  // namespace fairway
