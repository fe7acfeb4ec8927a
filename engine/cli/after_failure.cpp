// See after_failure.hpp.
#include "engine/cli/after_failure.hpp"

#include <fmt/format.h>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/cli/confirm.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/way_back.hpp"
#include "engine/report/late.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/run.hpp"
#include "engine/run/rollback.hpp"

namespace fairway::cli {
namespace {

constexpr int answer_within_s = 120;

// Who is asked has read why the run ended.
bool goes_back(const Applied& applied, Answer& answer, OnFailure rule, const Stage& stage) {
    if (!applied.reason || interrupted()) return false;
    if (*applied.reason == Stop::Reason::asked || *applied.reason == Stop::Reason::unheard) return false;
    if (rule != OnFailure::stop && !applied.undoable) {
        stage.say("What is done stays done: it puts back what a break-glass run opened.\n");
        return false;
    }
    if (rule == OnFailure::rollback) return true;
    if (rule == OnFailure::stop) return false;
    stage.say(std::exchange(answer.text, {}));
    const std::string question = fmt::format("Roll back run {}: put back {} now? (nothing is put back after {} s)",
                                             applied.run, report::count(applied.done, "change"), answer_within_s);
    const std::optional<bool> said = answered_within(stage, question, answer_within_s);
    if (said && *said) return true;
    stage.say(fmt::format("{}, so what is done stays done.\n", said ? "You did not say yes"
                                                               : interrupted()
                                                                   ? "Ctrl-C was pressed"
                                                                   : "Nobody answered whether to roll the run back"));
    return false;
}

Json result_of(const Result<RolledBack>& back) {
    Json out = {{"runs", Json::array()}, {"complete", back && back->complete()}, {"left_out", Json::array()}};
    if (!back) {
        out["because"] = back.error().text;
        return out;
    }
    for (const RolledBack::Attempt& one : back->attempts)
        if (one.applied) out["runs"].push_back(one.applied->run);
    out["left_out"] = report::json(back->left_out);
    out["may_still_arrive"] = report::late_json(back->may_still_arrive);
    return out;
}

// What came of the rollback, and how the rest is put back.
std::string text_of_rollback(const Result<RolledBack>& back, const std::string& run, const Stage& stage) {
    const std::string again = fmt::format("The rest later: fairway rollback {}\n", run);
    if (!back) return fmt::format("Run {} was not rolled back: {}\n", run, text::printable(back.error().text)) + again;
    std::string out = report::late_text(back->may_still_arrive, run, stage.style);
    const Applied* last =
        !back->attempts.empty() && back->attempts.back().applied ? &*back->attempts.back().applied : nullptr;
    if (back->complete()) return out + fmt::format("Run {} was rolled back: all of it is as before.\n", run);
    if (back->left_out.empty() && last && last->left > 0)
        return out +
               fmt::format("The rollback of run {} was stopped with {} left. ", run,
                           report::count(last->left, "change")) +
               again;
    return out + report::text(back->left_out) +
           fmt::format("Run {} was rolled back in part; lines with `!` say what stays. ", run) + again;
}

}  // namespace

Answer after_failure(Answer answer, const Applied& applied, Ground& ground, const Manner& manner, const Stage& stage) {
    if (!goes_back(applied, answer, manner.on_failure, stage)) return answer;
    stage.say(answer.text +
              fmt::format("\nRolling back run {}, because it could not make all of its changes.\n", applied.run));
    answer.text.clear();
    RollbackHands hands = hands_to_go_back(ground, stage);
    hands.planned = [&](const WayBack& way, bool again) {
        if (!again)
            stage.say(report::text(way.plan, stage.style, {}) + report::others_text(way.findings, stage.style) +
                      report::text(way.left_out));
    };
    hands.apply = [&](const PlanFile& plan) -> Result<Applied> {
        const Carried carried = carry_out(ground, plan, applied.run, stage, {.in_flight = manner.in_flight});
        stage.say(carried.answer.text);
        if (!carried.applied) return fail(Code::refused, carried.answer.trouble);
        return *carried.applied;
    };
    const Result<RolledBack> back = roll_back({.run = applied.run}, hands);
    const bool complete = back && back->complete();
    answer.exit = complete ? Exit::rolled_back : Exit::rollback_incomplete;
    answer.text = text_of_rollback(back, applied.run, stage);
    answer.json["rollback"] = result_of(back);
    return answer;
}

}  // namespace fairway::cli
