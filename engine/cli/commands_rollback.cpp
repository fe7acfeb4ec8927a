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
#include "engine/cli/way_back.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/report/late.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/run.hpp"
#include "engine/run/later.hpp"
#include "engine/run/stale.hpp"

namespace fairway::cli {
namespace {

constexpr int most_tries = 5;  // of a rollback while others edit the same values

bool has_conflicts(const Plan& plan) {
    return std::any_of(plan.notes.begin(), plan.notes.end(), [](const Finding& note) {
        return note.verdict == Verdict::conflict || note.verdict == Verdict::absent || note.verdict == Verdict::unknown;
    });
}

bool any_in_doubt(const std::vector<LeftOut>& left_out) {
    return std::any_of(left_out.begin(), left_out.end(), [](const LeftOut& one) { return one.in_doubt; });
}

// This one, with what narrows it.
std::string same_command(const Request& request) {
    std::string out = fmt::format("fairway rollback {}", argument_word(request.arguments[0]));
    for (const std::string_view option : {"host", "except", "setting", "controller", "allow"})
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

// One attempt after the other, until there is nothing more that can be put back.
class Rollback {
public:
    // `news`: a run that had no end was settled by this command.
    Rollback(const Request& request, const Stage& stage, Ground& ground, Scope scope, std::vector<Allowance> allowed,
             std::size_t in_flight, bool news)
        : request_(request),
          stage_(stage),
          ground_(ground),
          scope_(std::move(scope)),
          allowed_(std::move(allowed)),
          in_flight_(in_flight),
          id_(request.arguments[0]),
          news_(news) {}

    Answer run() {
        auto past = past_of(ground_, id_, request_.has("dry-run"));
        if (!past) return trouble(past.error());
        past->news = past->news || news_;
        if (auto there = still_there(*past, scope_); !there) return trouble(there.error());
        for (int tries = 1; tries <= most_tries; ++tries) {
            if (tries > 1)
                if (auto looked = look_again(ground_, *past); !looked) return trouble(looked.error());
            const std::string ticket = request_.has("ticket") ? request_.get("ticket") : past->run.plan.ticket;
            WayBack back = way_back(ground_, *past, scope_, ticket, allowed_, failed_, unless_interrupted(stage_));
            const PlanFile plan(std::move(back.plan));
            if (tries == 1) {
                if (back.blind) return blind(back, same_command(request_));
                begin(plan, back);
            }
            left_out_ = std::move(back.left_out);
            if (request_.has("dry-run")) return dry(*plan);
            if (plan->size() == 0) {
                if (stale_) forget();  // others did it meanwhile
                break;
            }
            if (tries > 1) again(plan);
            else if (auto stopped = may_begin(*plan)) return std::move(*stopped);
            if (!attempt(plan)) break;
        }
        return finish();
    }

private:
    void begin(const PlanFile& plan, const WayBack& back) {
        stage_.say(stage_.text([&] {
            return report::text(plan, stage_.style, {.full = request_.has("full")}) +
                   report::others_text(back.findings, stage_.style) + report::text(back.left_out);
        }));
        conflicts_ = has_conflicts(*plan);
        answer_.json["others"] = report::others_json(back.findings);
        keep(plan);
    }

    void keep(const PlanFile& plan) {
        if (!stage_.structured) return;
        answer_.json["plan"] = plan.json();
        answer_.json.update(report::provenance(*plan));
        answer_.json["policy_sha256"] = ground_.run->plan.source_digest;  // of the run that is rolled back
    }

    std::optional<Answer> may_begin(const Plan& plan) const {
        if (Answer beyond = within_limits(plan, ground_.inventory); beyond.exit != Exit::fine) return beyond;
        const std::string question =
            fmt::format("Roll back run {}: make {} now?", id_, report::count(plan.size(), "change"));
        if (confirmed(request_, stage_, question)) return std::nullopt;
        return trouble(Exit::refused, "refused", "not confirmed; nothing was changed");
    }

    void forget() {
        answer_.exit = Exit::fine;
        answer_.trouble.clear();
        answer_.json.erase("error");
    }

    void again(const PlanFile& plan) {
        if (stale_) forget();
        stage_.say(answer_.text +
                   fmt::format("Going on with what is left: {}.\n", report::count(plan->size(), "change")));
        keep(plan);
    }

    // Whether there may be more to do.
    bool attempt(const PlanFile& plan) {
        Carried carried = carry_out(ground_, plan, id_, stage_, {.in_flight = in_flight_});
        answer_.exit = carried.answer.exit;
        answer_.text = std::move(carried.answer.text);
        answer_.trouble = std::move(carried.answer.trouble);
        answer_.json.update(carried.answer.json);
        if (!carried.applied) return false;
        if (!*carried.applied) {
            stale_ = carried.applied->error().code == Code::stale;
            if (stale_) answer_.trouble += "Nothing was written. Run the same command again.\n";
            return stale_;
        }
        stale_ = false;
        const Applied& applied = **carried.applied;
        if (!applied.at) return false;  // complete, or stopped on request
        if (applied.untouched && applied.code == Code::stale) return true;
        failed_.push_back({*applied.at, {applied.code, applied.because}, applied.ending == Ending::in_doubt});
        return true;
    }

    Answer dry(const Plan& plan) {
        if (plan.size() > 0) answer_.exit = Exit::changes;
        answer_.text = "Nothing was changed.\n";
        return told();
    }

    Answer finish() {
        // A rollback that was killed at its very end still gets its end.
        const auto settled = settle_unfinished(ground_, {});
        if (!settled) return trouble(settled.error());
        answer_.text += *settled;
        if (!left_out_.empty())
            answer_.text +=
                report::text(left_out_) +
                fmt::format("The same command puts back the rest, when it can be read: {}\n", same_command(request_));
        return told();
    }

    Answer told() {
        answer_.json["left_out"] = report::json(left_out_);
        if (answer_.exit == Exit::fine && (conflicts_ || !left_out_.empty())) answer_.exit = Exit::partly_applied;
        if (answer_.exit == Exit::partly_applied && any_in_doubt(left_out_)) answer_.exit = Exit::in_doubt;
        if (conflicts_ && answer_.exit != Exit::changes)
            answer_.text += "Some values stay as somebody else wrote them; see the lines that begin with `!`.\n";
        if (!answer_.trouble.empty()) return answer_;
        const auto late = late_writes(id_, ground_.journal);
        if (!late) return trouble(late.error());
        answer_.text += report::late_text(*late, id_, stage_.style);
        answer_.json["may_still_arrive"] = report::late_json(*late);
        return answer_;
    }

    const Request& request_;
    const Stage& stage_;
    Ground& ground_;
    const Scope scope_;
    const std::vector<Allowance> allowed_;
    const std::size_t in_flight_;
    const std::string& id_;
    const bool news_;
    Answer answer_;
    std::vector<LeftOut> failed_, left_out_;
    bool conflicts_ = false;
    bool stale_ = false;  // the last attempt wrote nothing, because others had been faster
};

}  // namespace

Answer rollback(const Request& request, const Stage& stage) {
    const std::string& id = request.arguments[0];
    const bool dry = request.has("dry-run");
    const auto allowed = allowances(request);
    if (!allowed) return trouble(Exit::usage, "bad_input", allowed.error().text);
    auto held = ground(request, "rolling back run " + id, dry ? Store::only_read : Store::must_exist, id);
    if (!held) return held.error();
    const std::string& estate = held->run->plan.estate;
    if (estate != held->inventory.estate)
        return trouble(Exit::refused, "refused", fmt::format("run {} was of the estate {}", id, estate));
    auto scope = scope_of(request, held->inventory);
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
    return Rollback(request, stage, *held, std::move(*scope), *allowed, *in_flight, news).run();
}

}  // namespace fairway::cli
