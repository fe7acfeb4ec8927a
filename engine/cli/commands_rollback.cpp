// The command that goes back: what a run left is put back as far as it is still the run's. What somebody else changed
// stays; what cannot be read is left for later, and stops nothing else.
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/cli/advice.hpp"
#include "engine/cli/allow.hpp"
#include "engine/cli/carry_out.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/confirm.hpp"
#include "engine/cli/rehearsal.hpp"
#include "engine/cli/way_back.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/report/conflicts.hpp"
#include "engine/report/late.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/run.hpp"

namespace fairway::cli {
namespace {

bool any_in_doubt(const std::vector<LeftOut>& left_out) {
    return std::any_of(left_out.begin(), left_out.end(), [](const LeftOut& one) { return one.in_doubt; });
}

// This one, with what narrows it.
std::string same_command(const Request& request) {
    std::string out = fmt::format("fairway rollback {}", argument_word(request.arguments[0]));
    for (const std::string_view option : {"host", "except", "setting", "wave", "value", "controller", "allow"})
        for (const std::string& value : request.all(option))
            out += fmt::format(" --{} {}", option, argument_word(value));
    return out;
}

// Nothing can be read of what there is to put back.
Answer blind(const WayBack& back, const std::string& again) {
    std::vector<std::string> lines;
    for (const LeftOut& one : back.left_out) lines.push_back(one.why.text);
    const bool doubt =
        std::all_of(back.left_out.begin(), back.left_out.end(), [](const LeftOut& one) { return one.in_doubt; });
    const Error why{back.left_out.front().why.code, text::join(lines, "\n")};
    Answer out = doubt ? trouble(Exit::in_doubt, "in_doubt", why.text) : trouble(why);
    out.json["left_out"] = report::json(back.left_out);
    out.trouble += fmt::format("Nothing was rolled back{}. When it can be read, run the same command again: {}\n",
                               doubt ? ", and what became of the last write is in doubt" : "", again);
    return out;
}

// What the command line shows, asks and says of a rollback.
class Rollback {
public:
    Rollback(const Request& request, const Stage& stage, Ground& ground, std::size_t in_flight)
        : request_(request), stage_(stage), ground_(ground), in_flight_(in_flight), id_(request.arguments[0]) {}

    Answer run(const RollbackWish& wish, const AfterRollback& then) {
        RollbackHands hands = hands_to_go_back(ground_, stage_);
        hands.planned = [this](const WayBack& back, bool again) { again ? go_on(back.plan) : begin(back); };
        hands.may_begin = [this](const Plan& plan) { return may_begin(plan); };
        hands.apply = [this](const PlanFile& plan) { return attempt(plan); };
        const auto back = roll_back(wish, hands);
        if (!back) return trouble(back.error());
        Answer out = told_of(*back, wish);
        if (auto done = then(ground_, *back); !done) {
            Answer wrong = trouble(done.error());
            out.exit = wrong.exit;
            out.trouble += wrong.trouble;
            out.json["error"] = std::move(wrong.json["error"]);
        }
        return out;
    }

private:
    Answer told_of(const RolledBack& back, const RollbackWish& wish) {
        if (!back.already.empty()) return trouble(Error{Code::refused, back.already});
        if (back.first->blind) return blind(*back.first, same_command(request_));
        return wish.dry ? dry(back) : finish(back);
    }

    void begin(const WayBack& back) {
        stage_.say(stage_.text([&] {
            return report::text(back.plan, stage_.style, {.full = request_.has("full")}) +
                   report::others_text(back.findings, stage_.style) + report::text(back.left_out);
        }));
        answer_.json["others"] = report::others_json(back.findings);
        answer_.json["conflicts"] = report::json(conflicts(back.findings));
        keep(back.plan);
    }

    void keep(const PlanFile& plan) {
        if (!stage_.structured) return;
        answer_.json.update(report::shown(plan));
        answer_.json.update(report::provenance(*plan));
        answer_.json["policy_sha256"] = ground_.run->plan.source_digest;  // of the run that is rolled back
    }

    Result<void> may_begin(const Plan& plan) const {
        const std::string question =
            fmt::format("Roll back run {}: make {} now?", id_, report::count(plan.size(), "change"));
        if (confirmed(request_, stage_, question)) return {};
        return fail(Code::refused, "not confirmed; nothing was changed");
    }

    void forget_stale() {
        if (!stale_) return;
        answer_.exit = Exit::fine;
        answer_.trouble.clear();
        answer_.json.erase("error");
    }

    void go_on(const PlanFile& plan) {
        forget_stale();
        stage_.say(answer_.text +
                   fmt::format("Going on with what is left: {}.\n", report::count(plan->size(), "change")));
        keep(plan);
    }

    Result<Applied> attempt(const PlanFile& plan) {
        Carried carried = carry_out(ground_, plan, id_, stage_, {.in_flight = in_flight_});
        answer_.exit = carried.answer.exit;
        answer_.text = std::move(carried.answer.text);
        answer_.trouble = std::move(carried.answer.trouble);
        answer_.json.update(carried.answer.json);
        if (!carried.applied) return fail(Code::refused, answer_.trouble);  // it did not come to a write
        stale_ = !*carried.applied && carried.applied->error().code == Code::stale;
        if (stale_) answer_.trouble += "Nothing was written. Run the same command again.\n";
        return *carried.applied;
    }

    Answer dry(const RolledBack& back) {
        if (back.first->plan->size() > 0) answer_.exit = Exit::changes;
        answer_.text = "Nothing was changed.\n";
        return told(back);
    }

    Answer finish(const RolledBack& back) {
        if (back.overtaken) forget_stale();
        // A rollback that was killed at its very end still gets its end.
        const auto settled = settle_unfinished(ground_, {});
        if (!settled) return trouble(settled.error());
        answer_.text += *settled;
        if (!back.left_out.empty())
            answer_.text += report::text(back.left_out) +
                            fmt::format("The same command puts back the rest, when nothing stands in its way: {}\n",
                                        same_command(request_));
        else if (is_unfinished(back))
            answer_.text += fmt::format("The same command puts back the rest: {}\n", same_command(request_));
        return told(back);
    }

    static bool is_unfinished(const RolledBack& back) {
        if (back.attempts.empty()) return false;
        const Result<Applied>& last = back.attempts.back().applied;
        return last && last->left > 0;
    }

    Answer told(const RolledBack& back) {
        const bool conflicts = back.first->conflicts();
        answer_.json["left_out"] = report::json(back.left_out);
        if (answer_.exit == Exit::fine && (conflicts || !back.left_out.empty())) answer_.exit = Exit::partly_applied;
        if (answer_.exit == Exit::partly_applied && any_in_doubt(back.left_out)) answer_.exit = Exit::in_doubt;
        if (conflicts && answer_.exit != Exit::changes)
            answer_.text += "Some values stay as somebody else wrote them; see the lines that begin with `!`.\n";
        if (!answer_.trouble.empty()) return answer_;
        answer_.text += report::late_text(back.may_still_arrive, id_, stage_.style);
        answer_.json["may_still_arrive"] = report::late_json(back.may_still_arrive);
        return answer_;
    }

    const Request& request_;
    const Stage& stage_;
    Ground& ground_;
    const std::size_t in_flight_;
    const std::string& id_;
    Answer answer_;
    bool stale_ = false;  // the last attempt wrote nothing, because others had been faster
};

}  // namespace

Answer rollback(const Request& request, const Stage& stage) {
    if (request.has("rehearse")) return rehearse_rollback(request, stage);
    return rollback_then(request, stage, [](Ground&, const RolledBack&) { return Result<void>(); });
}

Answer rollback_then(const Request& request, const Stage& stage, const AfterRollback& then) {
    const std::string& id = request.arguments[0];
    const bool dry = request.has("dry-run");
    const auto allowed = allowances(request);
    if (!allowed) return trouble(Exit::usage, "bad_input", allowed.error().text);
    auto held = ground(request, "rolling back run " + id, dry ? Store::only_read : Store::must_exist, id);
    if (!held) return held.error();
    const std::string& estate = held->run->plan.estate;
    if (estate != held->inventory.estate)
        return trouble(Exit::refused, "refused", fmt::format("run {} was of the estate {}", id, estate));
    auto scope = scope_of(request, held->inventory, *held->run);
    if (!scope) return trouble(Exit::usage, "bad_input", scope.error().text);
    const auto in_flight = in_flight_of(request, held->inventory);
    if (!in_flight) return trouble(Exit::usage, "bad_input", in_flight.error().text);
    bool news = false;
    if (!dry) {
        const auto settled = settle_unfinished(*held, id);
        if (!settled) return trouble(settled.error());
        stage.say(*settled);
        news = !settled->empty();
    }
    return Rollback(request, stage, *held, *in_flight)
        .run({.run = id,
              .scope = std::move(*scope),
              .ticket = request.has("ticket") ? request.get("ticket") : "",
              .allowed = *allowed,
              .dry = dry,
              .news = news},
             then);
}

}  // namespace fairway::cli
