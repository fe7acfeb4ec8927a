// What apply and rollback have in common, between the locks and the exit status: a plan is shown as it is carried out,
// and its end is shown.
#pragma once

#include <functional>
#include <optional>

#include "engine/cli/answer.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/ground.hpp"
#include "engine/run/apply.hpp"

namespace fairway::cli {

// What the command line says of a run beside its plan.
struct Manner {
    std::size_t in_flight = 1;
    bool purged = false;  // hosts remember no refused tickets
    Tolerance tolerance = {};
    std::vector<Allowance> allowed = {};  // beyond the plan's limits, beside what was allowed in it
    std::int64_t lasts = 0;               // seconds, of a run that ends by itself; 0: it does not
    std::string reason = {};              // of such a run
    std::optional<Span> window = {};      // nothing begins outside of it
    OnFailure on_failure = OnFailure::stop;
    std::vector<std::string> given = {};  // options of this command alone that count before the plan's own rules
};

// Everything between the locks and the first write; `write` then applies or resumes. `ours`: the run that is
// resumed, which settles itself. `digest`: of the plan's file.
Answer with_hands(Ground& ground, const std::string& ours, const Plan& plan, std::string_view digest,
                  const Manner& manner, const Stage& stage, const std::function<Result<Applied>(Hands)>& write);

struct Carried {
    Answer answer;
    std::optional<Result<Applied>> applied;  // empty: it did not come to that
};

// Makes a run of the plan. `rolls_back`: the run that it undoes, or empty.
Carried carry_out(Ground& ground, const PlanFile& file, const std::string& rolls_back, const Stage& stage,
                  const Manner& manner = {});

// --in-flight, or as many as the inventory lets the run have.
Result<std::size_t> in_flight_of(const Request& request, const Inventory& inventory);

// What results say of a plan that was applied; `digest`: of its file.
Json applied_json(const Applied& applied, const Plan& plan, std::string_view digest);

// Reading ends when the caller pressed Ctrl-C.
Progress unless_interrupted(const Stage& stage);

}  // namespace fairway::cli
