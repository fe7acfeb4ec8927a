// An audit for people and for machines: hosts side by side, the matrix of paths, every finding.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

struct Audit {
    const Policy& policy;
    const Inventory& inventory;
    const Snapshot& snapshot;
    std::vector<Finding> findings;
    std::vector<Matrix> matrices;
    std::vector<const Exception*> expired;
    std::vector<EstateFinding> estate_findings;

    std::size_t count(Verdict verdict) const;
};

std::string text(const Audit& audit, const Style& style);

// `all`: with the findings that comply, too.
Json json(const Audit& audit, bool all);

// One line for each finding that is not compliant, worst first.
std::string findings_text(const std::vector<Finding>& findings, const std::string& policy_file, const Style& style);
std::string matrix_text(const Matrix& matrix, const Style& style);
Json to_json(const Finding& finding);
Json to_json(const PathCount& paths);

}  // namespace fairway::report
