// How break-glass runs end: `expire` rolls back those that are past their end, and `break-glass --extend` gives one a
// later end. The journal alone says which runs these are, so a timer may call `expire` at any time, as often as it
// wants, after any kill and on a machine that was restarted.
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/confirm.hpp"
#include "engine/cli/lasting.hpp"
#include "engine/cli/way_back.hpp"
#include "engine/report/term.hpp"
#include "engine/run/later.hpp"
#include "engine/run/term.hpp"

namespace fairway::cli {
namespace {

// Only reads: a timer that finds nothing to do holds no lock that somebody else may want. Nothing: there is no journal.
Result<std::optional<std::vector<Termed>>> runs_with_term(const std::string& store) {
    const auto journal = Journal::open_to_read(store);
    if (!journal && journal.error().code == Code::not_found) return std::nullopt;
    if (!journal) return tl::unexpected(journal.error());
    auto runs = termed_runs(*journal, system_now());
    if (!runs) return tl::unexpected(runs.error());
    return std::move(*runs);
}

// "; run 2026-11-29-01 ends at …": the next one that will.
std::string next_end(const std::vector<Termed>& runs) {
    const Termed* next = nullptr;
    for (const Termed& one : runs)
        if (one.state == TermState::open && (!next || one.run.terms.back().until < next->run.terms.back().until))
            next = &one;
    return next ? fmt::format("; run {} ends at {}", next->run.id, show_time(next->run.terms.back().until))
                : std::string();
}

// Those past their end that this estate's inventory cannot reach; they are another timer's to end.
void say_others(Answer& out, const std::vector<const Termed*>& others) {
    for (const Termed* one : others) {
        const std::string until = show_time(one->run.terms.back().until);
        out.text += fmt::format(
            "! run {} of the estate {} is past its end since {}; it is ended with that estate's "
            "inventory: fairway expire --inventory FILE\n",
            one->run.id, text::printable(one->run.plan.estate), until);
        out.json["other_estates"].push_back({{"run", one->run.id}, {"estate", one->run.plan.estate}, {"until", until}});
    }
}

// Rolls one back, and says in JSON what came of it.
Answer end_one(const Termed& one, const Request& request, const Stage& stage) {
    const std::string& id = one.run.id;
    Request of = request;
    of.arguments = {id};
    of.options["yes"];
    bool over = false;
    Answer out = rollback_then(of, stage, [&](Ground& ground, const RolledBack& back) -> Result<void> {
        const auto done = over_after(back, id, ground.journal, account(), machine(), system_now());
        if (!done) return tl::unexpected(done.error());
        over = *done;
        return {};
    });
    if (over) out.exit = Exit::fine;  // others own what stays
    Json said = {{"run", id},
                 {"until", show_time(one.run.terms.back().until)},
                 {"exit", static_cast<int>(out.exit)},
                 {"over", over}};
    if (const auto it = out.json.find("applied"); it != out.json.end()) said["rollback"] = (*it)["run"];
    if (const auto it = out.json.find("left_out"); it != out.json.end()) said["left_out"] = *it;
    if (const auto it = out.json.find("error"); it != out.json.end()) said["error"] = (*it)["text"];
    out.json = std::move(said);
    return out;
}

// With runs of blanks as one: a second blank is no new reason.
std::string one_blank_each(std::string_view words) {
    std::string out;
    for (const char c : words)
        if (c != ' ' || !out.ends_with(' ')) out += c;
    return out;
}

// Why the run can have no later end; nothing: it can.
std::string not_to_extend(const Termed& one, const Lasting& wish) {
    const Term& last = one.run.terms.back();
    if (one.state == TermState::over) return "was rolled back already; open a new one with break-glass";
    if (one.state == TermState::past)
        return fmt::format("is past its end since {}; `fairway expire` rolls it back", show_time(last.until));
    for (const Term& term : one.run.terms)
        if (text::same_folded(one_blank_each(term.reason), one_blank_each(wish.reason)))
            return "has this reason already; say what is new";
    if (system_now() + wish.lasts <= last.until)
        return fmt::format("ends at {} already, which is not earlier", show_time(last.until));
    return {};
}

Result<Termed> extendable(const std::string& id, const Journal& journal, const Lasting& wish) {
    auto run = journal.load(id);
    if (!run) return tl::unexpected(run.error());
    if (run->terms.empty()) return fail(Code::refused, fmt::format("run {} is no break-glass run", id));
    const auto later = later_runs(*run, journal);
    if (!later) return tl::unexpected(later.error());
    Termed out = termed(std::move(*run), *later, system_now());
    if (const std::string why = not_to_extend(out, wish); !why.empty())
        return fail(Code::refused, fmt::format("run {} {}", id, why));
    return out;
}

}  // namespace

Answer expire(const Request& request, const Stage& stage) {
    // First, so that a timer that could end nothing says so before there is something to end. Nobody is asked for it.
    const auto inventory = stated_inventory(request);
    if (!inventory) return inventory.error();
    const std::string store = store_path(request);
    const auto runs = runs_with_term(store);
    if (!runs) return trouble(runs.error());
    Answer out{.exit = Exit::fine,
               .text = {},
               .json = {{"expired", Json::array()}, {"other_estates", Json::array()}},
               .trouble = {}};
    if (!*runs) {
        out.text = fmt::format("There is no journal at {}, so no break-glass run is open.\n", text::printable(store));
        return out;
    }
    std::vector<const Termed*> past, others;  // the last one first: it may have written over an earlier one
    for (const Termed& one : **runs)
        if (one.state == TermState::past) {
            std::vector<const Termed*>& into = one.run.plan.estate == inventory->estate ? past : others;
            into.insert(into.begin(), &one);
        }
    if (past.empty())
        out.text = others.empty() ? fmt::format("No break-glass run is past its end{}.\n", next_end(**runs))
                                  : fmt::format("No break-glass run of the estate {} is past its end.\n",
                                                text::printable(inventory->estate));
    for (const Termed& one : **runs)
        if (const std::string wrong = report::clock_words(one); !wrong.empty()) out.text += "! " + wrong + "\n";
    say_others(out, others);
    for (const Termed* one : past) {
        Answer ended = end_one(*one, request, stage);
        if (ended.exit == Exit::lock_held) return ended;
        stage.say(ended.text);
        out.trouble += ended.trouble;
        out.of_run = out.of_run || ended.of_run;
        if (out.exit == Exit::fine) out.exit = ended.exit;
        const bool over = ended.json["over"].get<bool>();
        stage.say(fmt::format("Break-glass run {} {}.\n", one->run.id,
                              over ? "is over" : "is not over yet; the next `fairway expire` goes on"));
        out.json["expired"].push_back(std::move(ended.json));
    }
    return out;
}

Answer extend(const Request& request, const Stage& stage) {
    for (const std::string_view option : {"hosts", "ticket", "emergency", "allow", "dry-run"})
        if (request.has(option))
            return trouble(Exit::usage, "bad_input",
                           fmt::format("--extend takes no --{}: only the end of the run changes", option));
    const auto wish = lasting_wish(request);
    if (!wish) return trouble(Exit::usage, "bad_input", wish.error().text);
    const std::string store = store_path(request), id = request.get("extend");
    {
        const auto journal = Journal::open_to_read(store);
        if (!journal) return trouble(journal.error());
        if (auto may = extendable(id, *journal, *wish); !may) return trouble(may.error());
    }
    // Nobody waits for a lock while a person thinks; so it is looked at again.
    const std::string question = fmt::format("Let run {} end only {} from now?", id, request.get("for"));
    if (auto sure = expressly(request, stage, question); !sure) return trouble(sure.error());
    const auto lock = lock_store(store, "extending run " + id);
    if (!lock) return lock.error();
    auto journal = Journal::open_to_append(store);
    if (!journal) return trouble(journal.error());
    if (auto may = extendable(id, *journal, *wish); !may) return trouble(may.error());
    const std::int64_t now = system_now();
    const Term term{.until = now + wish->lasts, .reason = wish->reason, .who = account(), .host = machine(), .at = now};
    if (auto written = journal->extend(id, term); !written) return trouble(written.error());
    const auto runs = termed_runs(*journal, now);
    if (!runs) return trouble(runs.error());
    return {.exit = Exit::fine,
            .text = report::open_text(*runs, stage.style),
            .json = {{"break_glass", report::json(*runs)}},
            .trouble = {}};
}

}  // namespace fairway::cli
