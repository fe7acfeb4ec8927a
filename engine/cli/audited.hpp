// One audit, from the documents to what was found: for the command and for `watch`.
#pragma once

#include <optional>
#include <vector>

#include "engine/cli/conclusion.hpp"
#include "engine/cli/judged.hpp"
#include "engine/report/audit.hpp"
#include "engine/run/term.hpp"

namespace fairway::cli {

struct Audited {
    Judged seen;
    std::vector<Matrix> matrices;
    std::vector<DomainPaths> domains;
    std::vector<EstateFinding> estate_findings;
    Result<std::optional<std::vector<Termed>>> runs;  // of break-glass; nothing: there is no journal
    Conclusion conclusion;

    Exit exit() const;
    report::Audit reported() const;  // as long as this is there
    Json json(bool all) const;
};

Loaded<Audited> audited(const Request& request, const Stage& stage);

}  // namespace fairway::cli
