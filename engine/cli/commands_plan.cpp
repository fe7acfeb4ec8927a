// `plan`: the changes that make the estate comply. It writes the plan file and nothing else.
#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <tuple>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/base/json.hpp"
#include "engine/cli/advice.hpp"
#include "engine/cli/allow.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/conclusion.hpp"
#include "engine/cli/contacts.hpp"
#include "engine/cli/found.hpp"
#include "engine/cli/ground.hpp"
#include "engine/cli/judged.hpp"
#include "engine/cli/plan_document.hpp"
#include "engine/cli/rehearsal.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/limits.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/rights.hpp"
#include "engine/plan/rollout.hpp"
#include "engine/plan/waves.hpp"
#include "engine/report/again.hpp"
#include "engine/report/conflicts.hpp"
#include "engine/report/coverage.hpp"
#include "engine/report/gates.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/rights.hpp"
#include "engine/report/run.hpp"
#include "engine/run/grading.hpp"

namespace fairway::cli {
namespace {

constexpr std::string_view to_stdout = "-";
constexpr std::size_t objects_named = 5;

// The rights that a plan needs, asked for where its values were read. They are the caller's and not the plan's.
Result<Rights> rights_for(const Plan& plan, const Connections& connections) {
    const std::vector<Address> writes = writes_of(plan);
    if (writes.empty()) return Rights();
    const auto reader = connections.rights();
    if (!reader) return tl::unexpected(reader.error());
    return (*reader)->may_write(writes);
}

// No plan is made where values could not be read: what it would do to the paths would not be known.
std::optional<Answer> not_read(const Judged& seen, const Conclusion& conclusion, const Request& request,
                               const Stage& stage) {
    std::vector<Finding> unread;
    std::set<std::string> objects;
    for (const Finding& finding : seen.findings) {
        if (finding.verdict != Verdict::unreadable) continue;
        unread.push_back(finding);
        objects.insert(finding.address.object);
    }
    if (unread.empty()) return std::nullopt;
    Answer out = trouble(conclusion.unread.value_or(Exit::unreachable), "unreachable",
                         fmt::format("not everything could be read, so no plan was made: {}",
                                     text::some(objects, objects_named, text::printable)));
    out.trouble += report::unread_text(unread, stage.style);
    if (objects.size() < covered(seen.inventory))
        out.trouble += fmt::format(
            "To plan for the other hosts: `fairway plan{} --without-unreadable`\n",
            request.has("again") ? fmt::format(" --again {}", argument_word(request.get("again"))) : std::string());
    out.json["findings"] = Json::array();
    for (const Finding& finding : unread) out.json["findings"].push_back(report::to_json(finding, &seen.policy));
    out.json["unread"] = report::unread_json(seen.findings);
    out.json["drift"] = conclusion.drift;
    out.json["all_read"] = false;
    return out;
}

// Where every host was left out, nothing is known.
std::optional<Answer> nothing_covered(const Judged& seen, const Stage& stage) {
    if (covered(seen.inventory) > 0) return std::nullopt;
    Answer out = trouble(unread_in(seen.snapshot), "unreachable", "no host could be read, so no plan was made");
    out.trouble += report::not_covered_text(not_covered(seen.inventory), stage.style);
    out.json["not_covered"] = to_json(not_covered(seen.inventory));
    return out;
}

// Why apply would refuse the plan, where the policy requires hosts that were probed; a sentence each.
Result<std::vector<std::string>> lacks_probes(const Judged& seen, const Plan& plan, const Request& request) {
    if (!seen.policy.limits.probed) return std::vector<std::string>();
    const auto journal = Journal::open_to_read(store_path(request));
    if (!journal && journal.error().code != Code::not_found) return tl::unexpected(journal.error());
    const auto reader = seen.connections.reader();
    if (!reader) return tl::unexpected(reader.error());
    return not_probed(plan, seen.inventory, **reader, journal ? &*journal : nullptr);
}

std::string text_of(const std::vector<std::string>& lacks) {
    std::string out;
    for (const std::string& one : lacks)
        out += fmt::format("apply will refuse it, because the policy requires hosts that were probed: {}\n", one);
    return out;
}

Result<RolloutFlags> rollout_flags(const Request& request) {
    constexpr std::size_t most_hosts = 100'000, most_minutes = 10'080;
    RolloutFlags out;
    for (const auto& [option, of, most, place] : {std::tuple("canary", "hosts", most_hosts, &out.canary),
                                                  std::tuple("pause", "minutes", most_minutes, &out.pause_minutes)}) {
        if (!request.has(option)) continue;
        const auto count = count_given(request, option, of, most);
        if (!count) return tl::unexpected(count.error());
        *place = static_cast<std::int64_t>(*count);
    }
    for (const std::string& given : request.all("gate")) {
        const auto gate =
            std::find_if(all_gates.begin(), all_gates.end(), [&](Gate one) { return name(one) == given; });
        if (gate == all_gates.end())
            return fail(Code::bad_input,
                        fmt::format("--gate takes {}, not `{}`",
                                    text::some(all_gates, all_gates.size(), [](Gate one) { return name(one); }),
                                    text::printable(given)));
        out.gates.push_back(*gate);
    }
    return out;
}

// The policy's waves, and the flags over them: of the command line or, as far as the policy still bears them, of the
// reviewed plan.
Result<std::optional<Rollout>> rollout_for(const Judged& seen, const Request& request, const PlanFile* again) {
    std::optional<Rollout> rollout = seen.policy.rollout;
    const auto flags = rollout_flags(request);
    if (!flags) return tl::unexpected(flags.error());
    if (again && (*again)->rollout) {
        const Rollout& then = *(*again)->rollout;
        const RolloutFlags as_then[] = {{.canary = flags->canary > 0 ? 0 : then.canary.count},
                                        {.pause_minutes = then.pause_minutes},
                                        {.gates = then.gates}};
        for (const RolloutFlags& one : as_then)
            if (auto with = with_flags(rollout, one, seen.policy.moves)) rollout = std::move(*with);
    }
    if (rollout || flags->any()) {
        auto with = with_flags(std::move(rollout), *flags, seen.policy.moves);
        if (!with) return tl::unexpected(with.error());
        rollout = std::move(*with);
    }
    if (!rollout) return rollout;
    if (auto known = knows_its_hosts(*rollout, seen.inventory); !known) return tl::unexpected(known.error());
    return rollout;
}

// The policy's rules, and --window; of a plan that is made again the reviewed one's window, where the policy has none.
Result<RunRules> run_rules_for(const Judged& seen, const Request& request, const PlanFile* again) {
    RunRules rules = seen.policy.run_rules;
    if (request.has("window")) {
        auto with = with_window(std::move(rules), request.get("window"));
        if (!with) return fail(with.error().code, "--window: " + with.error().text);
        rules = std::move(*with);
    } else if (again && !rules.window) {
        rules.window = (*again)->run_rules.window;
    }
    if (rules.window && !span_at(*rules.window, system_now()))
        return fail(Code::refused,
                    fmt::format("the window {} is over, so no plan was made for it", show(*rules.window)));
    return rules;
}

// Writes the plan file where it was asked for, and says what can be done with it.
Answer kept(Answer out, const PlanFile& file, const Request& request) {
    const bool nothing = file->size() == 0;  // which the text says
    if (request.has("dry-run")) {
        out.text += "Nothing was changed, and no plan file was written.\n";
        return out;
    }
    if (!request.has("out")) {
        if (!nothing) out.text += "No plan file was written: give --out FILE to apply it.\n";
        return out;
    }
    const std::string path = request.get("out");
    if (path == to_stdout) {  // the plan alone, so that it can be piped
        out.trouble = out.text + "Nothing was changed.\n";
        out.text = file.bytes();
        out.exact = true;
        return out;
    }
    constexpr mode_t ours_alone = 0600;
    if (auto written = write_file_atomically(path, file.bytes(), ours_alone); !written) return trouble(written.error());
    if (!nothing)
        out.text += fmt::format("Nothing was changed. Review {0} (`fairway show {1}`), then `fairway apply {1}`.\n",
                                text::printable(path), argument_word(path));
    return out;
}

// The plan that follows from what was seen, as far as `only` names the addresses.
Plan made_of(Judged& seen, const Request& request, const std::set<Address>* only, const PlanFile* again,
             const std::optional<Rollout>& rollout, const RunRules& run_rules, const std::vector<Allowance>& allowed) {
    Plan out = fairway::plan({.purpose = Purpose::apply,
                              .source = seen.policy.name,
                              .source_digest = seen.policy.digest,
                              .ticket = again ? (*again)->ticket : request.get("ticket"),
                              .limits = seen.policy.limits,
                              .rollout = rollout,
                              .run_rules = run_rules,
                              .since = found_since(request, seen.inventory),
                              .estate_findings = estate_findings(seen),
                              .partial = only != nullptr},
                             seen.findings, seen.snapshot, seen.inventory);
    grade_with(out, seen.inventory, seen.snapshot, [&] { return seen.connections.names(); });
    out.allowed = needed(out, seen.inventory, allowed);
    return out;
}

// A plan with all that belongs to it but stands not in its file.
struct Made {
    const PlanFile& file;
    const PlanFile* again;           // of which it is the fresh one; or null
    std::vector<Revised> revised;    // against that one
    std::vector<std::string> lacks;  // probes
    Rights rights;
    std::optional<Estimate> time;  // of one with waves or a window
};

std::string too_long(const Made& made) {
    const std::int64_t now = system_now();
    const auto& window = (*made.file).run_rules.window;
    return made.time && window ? report::too_long(*made.time, span_at(*window, now), now) : std::string();
}

// What a person must know who is to approve it.
std::vector<std::string> warnings_of(const Made& made) {
    std::vector<std::string> out = crowded(*made.file);
    for (const std::string& one : made.lacks) out.push_back("require: probed: " + one);
    if (const std::string why = too_long(made); !why.empty()) out.push_back(why);
    return out;
}

std::string time_text(const Made& made, const report::Style& style) {
    if (!made.time) return {};
    return report::time_text(*made.time, too_long(made), style);
}

Result<std::optional<Estimate>> time_for(const Plan& plan, const Request& request, const Inventory& inventory) {
    if (plan.size() == 0 || (!plan.rollout && !plan.run_rules.window)) return std::nullopt;
    const auto pace = pace_in(request, plan.estate);
    if (!pace) return tl::unexpected(pace.error());
    return estimate(plan, inventory.limits.run, *pace);
}

std::string text_of(const Made& made, const report::Style& style, const report::Detail& detail) {
    return (made.again ? report::again_text(*made.again, made.file, made.revised, style, detail)
                       : report::text(made.file, style, detail)) +
           time_text(made, style) + report::text(*made.file, made.rights, style) + text_of(made.lacks);
}

Json json_of(const Made& made, const Judged& seen, bool drift, bool all_read) {
    Json out = report::shown(made.file);
    out.update({{"drift", drift},
                {"all_read", all_read},
                {"rights", report::json(made.rights)},
                {"equal_findings", report::equal_findings_json(seen.findings, seen.policy)},
                {"hosts", report::covered_json(seen.inventory)},
                {"sources", seen.snapshot.sources}});
    out.update(report::provenance(*made.file));
    out["warnings"] = warnings_of(made);
    out["conflicts"] = report::json(conflicts(seen.desired, seen.snapshot));
    if (made.time) out["estimate"] = report::json(*made.time);
    if (made.again) out["again"] = report::again_json(*made.again, made.revised);
    return out;
}

}  // namespace

Answer plan_only(const Request& request, const Stage& stage, const std::set<Address>* only) {
    if (request.get("out") == to_stdout && stage.structured)
        return trouble(Exit::usage, "bad_input",
                       "--out - and --output json both write to standard output; the plan is in the result as well");
    auto given = allowances(request);
    if (!given) return trouble(Exit::usage, "bad_input", given.error().text);
    const auto reviewed = reviewed_plan(request);
    if (!reviewed) return reviewed.error();
    const PlanFile* const again = *reviewed ? &**reviewed : nullptr;
    if (again) given->insert(given->end(), (*again)->allowed.begin(), (*again)->allowed.end());
    auto seen = judged(request, stage, Memory::none, again);
    if (!seen) return seen.error();
    if (only) std::erase_if(seen->findings, [&](const Finding& finding) { return !only->contains(finding.address); });
    Conclusion conclusion = conclude(seen->findings, seen->snapshot);
    if (seen->left_unreadable) conclusion.unread = unread_in(seen->snapshot);
    if (auto unread = not_read(*seen, conclusion, request, stage)) return std::move(*unread);
    if (auto nothing = nothing_covered(*seen, stage)) return std::move(*nothing);
    const auto rollout = rollout_for(*seen, request, again);
    if (!rollout) return trouble(rollout.error());
    const auto run_rules = run_rules_for(*seen, request, again);
    if (!run_rules)
        return run_rules.error().code == Code::refused ? trouble(run_rules.error())
                                                       : trouble(Exit::usage, "bad_input", run_rules.error().text);
    Result<Plan> planned = made_of(*seen, request, only, again, *rollout, *run_rules, *given);
    if (request.has("rehearse")) planned = rehearsed(std::move(*planned), *seen);
    if (!planned) return trouble(planned.error());
    const PlanFile file(std::move(*planned));
    if (const auto broken = breaches(*file, seen->inventory); !broken.empty())
        return trouble(Exit::refused, "refused", "the plan goes beyond a limit: " + text::join(broken, "; "));
    const auto lacks = lacks_probes(*seen, *file, request);
    if (!lacks) return trouble(lacks.error());
    const auto rights = rights_for(*file, seen->connections);
    if (!rights) return trouble(rights.error());
    const auto time = time_for(*file, request, seen->inventory);
    if (!time) return trouble(time.error());
    const Made made{file, again, again ? revised(**again, *file) : std::vector<Revised>(), *lacks, *rights, *time};
    // What is unknown is a note of the plan; it does not stand in the way of what is known to need a change.
    const bool drift = file->size() > 0 || conclusion.drift;
    Answer out{.exit = file->size() > 0 ? Exit::changes : conclusion.exit(),
               .text = stage.text([&] { return text_of(made, stage.style, detail_of(request)); }),
               .json = stage.json([&] { return json_of(made, *seen, drift, !conclusion.unread); }),
               .trouble = {}};
    return kept(std::move(out), file, request);
}

Answer plan(const Request& request, const Stage& stage) { return plan_only(request, stage, nullptr); }

}  // namespace fairway::cli
