// An audit for people and for machines: what was found in short, every finding, hosts side by side, the paths.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/report/findings.hpp"
#include "engine/report/matrix.hpp"

namespace fairway::report {

struct Audit {
    const Policy& policy;
    const Inventory& inventory;
    const Snapshot& snapshot;
    std::vector<Finding> findings;
    std::vector<Matrix> matrices;
    std::vector<DomainPaths> domains;  // the overview of the matrices
    std::vector<const Exception*> expired;
    std::vector<EstateFinding> estate_findings;

    std::size_t count(Verdict verdict) const;
};

std::string text(const Audit& audit, const Style& style, const Detail& detail);

// `all`: with the findings that comply, too.
Json json(const Audit& audit, bool all);

}  // namespace fairway::report
