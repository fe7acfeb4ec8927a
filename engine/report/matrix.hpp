// The paths of an estate for people and for machines: small migration domains drawn, large ones summed up.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/paths/overview.hpp"
#include "engine/report/findings.hpp"

namespace fairway::report {

// "Paths  19 of 56 open", and below it each migration domain. `domains`: the overview of the matrices.
std::string paths_text(const std::vector<Matrix>& matrices, const std::vector<DomainPaths>& domains, const Style& style,
                       const Detail& detail);

Json to_json(const Matrix& matrix);
Json to_json(const PathCount& paths);

}  // namespace fairway::report
