// What audit and plan begin with: the documents, bound and compared with what was read.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/cli/answer.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/model/estate_finding.hpp"
#include "engine/model/policy.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/report/findings.hpp"
#include "engine/run/survey.hpp"

namespace fairway::cli {

// Everything that audit and plan know when they have judged.
struct Judged : Survey {
    Policy policy;
    Connections connections;
    std::int64_t now = 0;
};

// A plan is made of what is there now; an audit may remember what did not change since.
enum class Memory { none, of_audits };
// `again`: of the same inputs as this plan, and of the hosts that it was about; those that could not be read then are
// tried once more.
Loaded<Judged> judged(const Request& request, const Stage& stage, Memory memory, const PlanFile* again = nullptr);

// What is wrong with the estate, as far as its hosts and the policy's rules go; paths are looked at later.
std::vector<EstateFinding> estate_findings(const Judged& seen);

report::Detail detail_of(const Request& request);

}  // namespace fairway::cli
