// What keeps each path of a migration domain from being open? A letter for each path, because large estates have
// millions of them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/plan.hpp"
#include "engine/paths/conditions.hpp"

namespace fairway {

// Every ordered pair of one migration domain, row by row: path `from * n + to` of n hosts. The diagonal is '-' and
// counts as open.
struct Matrix {
    std::vector<std::string> hosts;
    std::string domain;
    std::string letters;

    std::size_t paths() const { return letters.size(); }
    PathState state(std::size_t path) const;
    std::string_view row(std::size_t from) const;
};

std::vector<Matrix> matrices(const std::vector<Mesh>& meshes);

PathCount count(const std::vector<Matrix>& matrices);
std::int64_t& counted(PathCount& count, char letter);

PathPicture path_picture(const std::vector<Matrix>& matrices);

}  // namespace fairway
