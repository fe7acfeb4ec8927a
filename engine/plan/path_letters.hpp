// What keeps each path from being open, as a plan file has it, and results.
#pragma once

#include <vector>

#include "engine/base/fields.hpp"
#include "engine/model/plan.hpp"

namespace fairway {

Json to_json(const std::vector<PathLetters>& domains);
Json to_json(const PathPicture& picture);
PathPicture picture_from(Fields fields);
// The rows of a phase, of a plan with that picture.
std::vector<PathLetters> letters_from(Fields& phase, const PathPicture& picture);

}  // namespace fairway
