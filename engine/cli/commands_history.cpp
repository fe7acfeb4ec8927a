// The commands that show plans and runs as they are in their files: a plan, one run, or the runs of a store.
#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/ground.hpp"
#include "engine/cli/moment.hpp"
#include "engine/cli/run_name.hpp"
#include "engine/journal/journal.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/run.hpp"
#include "engine/report/script.hpp"
#include "engine/report/story.hpp"
#include "engine/report/term.hpp"
#include "engine/run/glass_behind.hpp"
#include "engine/run/later.hpp"
#include "engine/run/term.hpp"

namespace fairway::cli {
namespace {

// What the operator knows of the journal's end, in the words of a refusal. This one command of those that only read
// writes: the file beside the journal, under its lock.
Answer accept_head(const std::string& store, const std::string& words) {
    const auto parts = text::split(words, ':');
    const auto number = text::number<std::int64_t>(parts[0]);
    if (parts.size() != 2 || !number)
        return trouble(Exit::usage, "bad_input",
                       fmt::format("--accept-head takes ENTRY:HASH, as the refusal of the journal prints it, not `{}`",
                                   text::printable(words)));
    const auto lock = lock_store(store, "accepting the end of the journal");
    if (!lock) return lock.error();
    const auto accepted = JournalFile::accept(store, {*number, text::fold(parts[1])});
    return accepted ? Answer() : trouble(accepted.error());
}

Answer plan_answer(const PlanFile& plan, const Request& request, const Stage& stage) {
    const bool cmdlets = request.has("cmdlets");
    Answer out;
    out.text = stage.text([&] {
        return cmdlets ? report::script_text(*plan, plan.digest())
                       : report::text(plan, stage.style, {.full = request.has("full")});
    });
    out.json = stage.json([&] {
        Json result = report::shown(plan);
        if (cmdlets) result["cmdlets"] = report::script_json(*plan);
        return result;
    });
    out.exact = cmdlets && !stage.structured;
    return out;
}

Answer tell(const Run& run, const Journal& journal, const Stage& stage) {
    const auto later = later_runs(run, journal);
    if (!later) return trouble(later.error());
    return {.exit = Exit::fine,
            .text = stage.text([&] { return report::story_text(run, *later, stage.style); }),
            .json = stage.json([&] {
                Json record = report::story_json(run, *later);
                record["undoable"] = is_undoable(run.id, journal);
                return Json{{"record", std::move(record)}, {"timeline", report::timeline_json(run)}};
            }),
            .trouble = {}};
}

// The first and the last second that the filters let through.
struct Period {
    std::int64_t first = 0, last = std::numeric_limits<std::int64_t>::max();
};

Result<Period> period_of(const Request& request) {
    Period out;
    if (request.has("since")) {
        const auto first = moment(request, "since", "T00:00:00Z");
        if (!first) return tl::unexpected(first.error());
        out.first = *first;
    }
    if (request.has("until")) {
        const auto last = moment(request, "until", "T23:59:59Z");
        if (!last) return tl::unexpected(last.error());
        out.last = *last;
    }
    if (out.first > out.last) return fail(Code::bad_input, "--since is later than --until");
    return out;
}

// What the run wrote to one of them, or may have.
Result<bool> changed_one_of(const std::vector<std::string>& hosts, const std::string& id, const Journal& journal) {
    const auto run = journal.load(id);
    if (!run) return tl::unexpected(run.error());
    for (const Address& address : changed_by(*run))
        for (const std::string& host : hosts)
            if (text::same_folded(address.object, host)) return true;
    return false;
}

Result<std::vector<RunLine>> chosen(const Request& request, const Period& span, const Journal& journal) {
    auto lines = journal.history();
    if (!lines) return lines;
    std::vector<RunLine> out;
    for (RunLine& line : *lines) {
        if (line.started < span.first || line.started > span.last) continue;
        if (request.has("ticket") && !text::matches(request.get("ticket"), line.ticket)) continue;
        if (request.has("host")) {
            const auto of = changed_one_of(request.all("host"), line.id, journal);
            if (!of) return tl::unexpected(of.error());
            if (!*of) continue;
        }
        out.push_back(std::move(line));
    }
    return out;
}

bool any_filter(const Request& request) {
    return request.has("since") || request.has("until") || request.has("ticket") || request.has("host");
}

Json head_json(const JournalHead& head) { return {{"entry", head.number}, {"hash", head.hash}}; }

Answer history_of(const std::string& id, const Request& request, const Journal& journal, const Stage& stage) {
    if (any_filter(request))
        return trouble(Exit::usage, "bad_input",
                       "--since, --until, --ticket and --host choose among runs; one run needs none");
    const auto run = journal.load_with_plan(id);
    if (!run) return trouble(run.error());
    Answer out = tell(run->first, journal, stage);
    if (stage.structured) out.json.update(report::shown(run->second));
    auto lines = journal.history();
    if (!lines) return trouble(lines.error());
    std::erase_if(*lines, [&](const RunLine& line) { return line.id != id; });
    const auto terms = termed_runs(journal, system_now());
    if (!terms) return trouble(terms.error());
    out.json["runs"] = report::json(*lines, *terms);
    out.json["head"] = head_json(journal.head());
    return out;
}

}  // namespace

Answer show(const Request& request, const Stage& stage) {
    const std::string& what = request.arguments[0];
    const bool run_is_meant = is_run_name(what) && !is_there(what);
    if (!run_is_meant) {
        auto text = read_file(what, largest_plan_file);
        if (!text) return trouble(Error{text.error().code, text.error().text + no_run_either(what)});
        const auto plan = parse_plan(std::move(*text));
        if (!plan) return trouble(Error{plan.error().code, what + ": " + plan.error().text});
        return plan_answer(*plan, request, stage);
    }
    const std::string store = store_path(request);
    const auto journal = Journal::open_to_read(store);
    if (!journal)
        return trouble(Error{journal.error().code, fmt::format("there is no file {}; {}", what, journal.error().text)});
    const auto run = journal->load_with_plan(what);
    if (!run && run.error().code == Code::not_found)
        return trouble(
            Error{run.error().code, fmt::format("there is no file {0}, and no run {0} in the journal {1}; `fairway "
                                                "history` lists them",
                                                what, store)});
    if (!run) return trouble(run.error());
    if (request.has("cmdlets")) return plan_answer(run->second, request, stage);
    Answer out = tell(run->first, *journal, stage);
    if (stage.structured) out.json.update(report::shown(run->second));
    return out;
}

Answer history(const Request& request, const Stage& stage) {
    const std::string store = store_path(request);
    const auto span = period_of(request);
    if (!span) return trouble(Exit::usage, "bad_input", span.error().text);
    if (request.has("accept-head"))
        if (Answer refused = accept_head(store, request.get("accept-head")); refused.exit != Exit::fine) return refused;
    auto journal = Journal::open_to_read(store);
    if (!journal) return trouble(journal.error());
    if (!request.arguments.empty()) return history_of(request.arguments[0], request, *journal, stage);
    const auto lines = chosen(request, *span, *journal);
    if (!lines) return trouble(lines.error());
    // They are of no run, so whoever chooses among runs asks for none of them.
    const auto contacts = any_filter(request) ? Result<std::vector<Contact>>() : journal->contacts();
    if (!contacts) return trouble(contacts.error());
    const auto terms = termed_runs(*journal, system_now());
    if (!terms) return trouble(terms.error());
    const JournalHead head = journal->head();
    const bool none = lines->empty() && any_filter(request);
    return {.exit = Exit::fine,
            .text = stage.text([&] {
                return (none ? "No run that was asked for.\n" : report::text(*lines, stage.style)) +
                       report::open_text(*terms, stage.style) + report::text(*contacts, stage.style) +
                       fmt::format("Head  {}\n", in_words(head));
            }),
            .json = stage.json([&] {
                return Json{{"runs", report::json(*lines, *terms)},
                            {"break_glass", report::json(*terms)},
                            {"contacts", report::json(*contacts)},
                            {"head", head_json(head)}};
            }),
            .trouble = {}};
}

}  // namespace fairway::cli
