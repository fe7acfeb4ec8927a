// The words of the model's enumerations, as they stand in files, JSON and reports.
#include <array>

#include "engine/model/contact.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/policy.hpp"
#include "engine/model/rights.hpp"
#include "engine/model/rollout.hpp"
#include "engine/model/run.hpp"
#include "engine/model/run_rules.hpp"
#include "engine/model/sight.hpp"
#include "engine/model/trial_moves.hpp"
#include "engine/model/want.hpp"

namespace fairway {
namespace {

template <class Enum, std::size_t N>
std::string_view word(Enum value, const std::array<std::string_view, N>& words) {
    return words.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view name(Severity severity) {
    return word(severity, std::array<std::string_view, 4>{"low", "medium", "high", "critical"});
}

std::string_view name(Contact::What what) {
    return word(what, std::array<std::string_view, 3>{"probe", "rehearsal_begins", "rehearsal"});
}

std::string_view name(Comparator comparator) {
    return word(comparator, std::array<std::string_view, 8>{"equals", "includes", "within", "without", "vanished",
                                                            "at_least", "at_most", "restore"});
}

std::string_view name(Verdict verdict) {
    return word(verdict, std::array<std::string_view, 8>{"compliant", "drifted", "excepted", "conflict", "absent",
                                                         "unreadable", "unknown", "busy"});
}

std::string_view name(May may) {
    return word(may, std::array<std::string_view, 4>{"yes", "by_default", "no", "unknown"});
}

std::string_view name(PortAnswer answer) {
    return word(answer, std::array<std::string_view, 4>{"open", "refused", "silent", "unreachable"});
}

std::string_view name(PhaseKind kind) {
    return word(kind, std::array<std::string_view, 3>{"directory additions", "hosts", "directory removals"});
}

std::string_view name(Purpose purpose) { return word(purpose, std::array<std::string_view, 2>{"apply", "rollback"}); }

std::string_view name(Rollout::Per per) {
    return word(per, std::array<std::string_view, 2>{"estate", "migration_domain"});
}

std::string_view name(Rollout::Order order) {
    return word(order, std::array<std::string_view, 4>{"paths", "name", "migration_domain", "tags"});
}

std::string_view name(Gate gate) {
    return word(gate, std::array<std::string_view, 6>{"replication", "values", "paths", "idle", "events", "trials"});
}

std::vector<Gate> usual_gates() {
    std::vector<Gate> out(all_gates.begin(), all_gates.end());
    std::erase(out, Gate::trials);
    return out;
}

std::string_view name(TrialMoves::Pairs pairs) {
    return word(pairs, std::array<std::string_view, 3>{"ring", "all", "sample"});
}

std::string_view name(TrialMoves::Storage storage) {
    return word(storage, std::array<std::string_view, 3>{"no", "yes", "alternate"});
}

std::string_view name(OnFailure on_failure) {
    return word(on_failure, std::array<std::string_view, 3>{"stop", "rollback", "ask"});
}

std::string_view name(Outcome outcome) {
    return word(outcome, std::array<std::string_view, 5>{"done", "not_done", "torn", "in_doubt", "unanswered"});
}

}  // namespace fairway
