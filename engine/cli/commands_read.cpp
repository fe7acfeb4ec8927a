// The commands that change nothing outside: they hold a Reader at most.
#include <fmt/format.h>
#include <set>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/base/json.hpp"
#include "engine/base/log.hpp"
#include "engine/cli/advice.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/conclusion.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/found.hpp"
#include "engine/cli/ground.hpp"
#include "engine/journal/journal.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/estate.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/rights.hpp"
#include "engine/policy/inventory_document.hpp"
#include "engine/policy/policy_document.hpp"
#include "engine/policy/schema.hpp"
#include "engine/report/audit.hpp"
#include "engine/report/coverage.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/result_schema.hpp"
#include "engine/report/rights.hpp"
#include "engine/report/run.hpp"
#include "engine/report/settings.hpp"
#include "engine/run/grading.hpp"
#include "engine/run/survey.hpp"
#include "engine/run/verify.hpp"

namespace fairway::cli {
namespace {

constexpr std::string_view to_stdout = "-";
constexpr std::size_t objects_named = 5;

// Everything that audit and plan know when they have judged.
struct Judged : Survey {
    Policy policy;
    Connections connections;
    std::int64_t now = 0;
};

// A plan is made of what is there now; an audit may remember what did not change since.
Recall recall_for_audit(const Request& request) {
    const std::string store = store_path(request);
    if (auto made = make_folder_of(store); !made) {
        log::warn(made.error().text);
        return {};
    }
    const auto slash = store.rfind('/');
    return {slash == std::string::npos ? "." : store.substr(0, slash), request.has("full") || request.has("anew")};
}

enum class Memory { none, of_audits };

Loaded<Judged> judged(const Request& request, const Stage& stage, Memory memory) {
    auto policy = load_policy(request);
    if (!policy) return tl::unexpected(policy.error());
    auto inventory = load_inventory(request);
    if (!inventory) return tl::unexpected(inventory.error());
    if (auto covered = cover_as_asked(request, *inventory); !covered)
        return tl::unexpected(trouble(Exit::usage, "bad_input", covered.error().text));
    const std::int64_t now = system_now();
    auto desired = bind(*policy, *inventory, now);
    if (!desired) return tl::unexpected(desired.error());
    Connections connections(*inventory, request.recording);
    const auto reader = connections.reader(
        memory == Memory::none || !inventory->embedded.empty() ? Recall{} : recall_for_audit(request));
    if (!reader) return tl::unexpected(trouble(reader.error()));
    const std::string what = fmt::format("Reading {}", report::count(inventory->hosts.size(), "host"));
    auto seen = survey(
        *policy, std::move(*inventory), std::move(*desired), now, **reader,
        [&](std::size_t done, std::size_t of) {
            stage.bar(what, done, of);
            return true;
        },
        request.has("without-unreadable") ? Unreadable::not_covered : Unreadable::judged);
    if (!seen) return tl::unexpected(complaints(*policy, seen.error()));
    return Judged{std::move(*seen), std::move(*policy), std::move(connections), now};
}

// The rights that a plan needs, asked for where its values were read. They are the caller's and not the plan's.
Result<Rights> rights_for(const Plan& plan, const Connections& connections) {
    const std::vector<Address> writes = writes_of(plan);
    if (writes.empty()) return Rights();
    const auto reader = connections.rights();
    if (!reader) return tl::unexpected(reader.error());
    return (*reader)->may_write(writes);
}

// What is wrong with the estate, as far as its hosts and the policy's rules go; paths are looked at later.
std::vector<EstateFinding> estate_findings(const Judged& seen) {
    std::vector<EstateFinding> out = seen.inventory.estate_findings;
    for (auto& more : {for_nobody(seen.policy, seen.inventory), without_peers(seen.policy, seen.inventory, seen.now),
                       odd_delegations(seen.inventory, seen.snapshot),
                       vanished_of_other_classes(seen.policy, seen.inventory, seen.snapshot, seen.now)})
        out.insert(out.end(), more.begin(), more.end());
    return out;
}

// No plan is made where values could not be read: what it would do to the paths would not be known.
std::optional<Answer> not_read(const Judged& seen, const Conclusion& conclusion, const Stage& stage) {
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
        out.trouble += "To plan for the other hosts: `fairway plan --without-unreadable`\n";
    out.json["findings"] = Json::array();
    for (const Finding& finding : unread) out.json["findings"].push_back(report::to_json(finding));
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

std::vector<const Exception*> expired_of_covered(const Judged& seen) {
    std::vector<const Exception*> out = expired(seen.policy, seen.now);
    std::erase_if(out, [&](const Exception* one) {
        const Host* host = seen.inventory.find(one->host);
        return host && !host->not_covered.empty();
    });
    return out;
}

report::Detail detail_of(const Request& request) {
    return {.full = request.has("full"), .paths = request.has("paths"), .all = request.has("all")};
}

std::string results_schema() {
    std::vector<report::ResultRow> rows;
    for (const CommandRow& row : command_table()) rows.push_back({row.name, row.fields});
    return report::result_schema(rows);
}

// Writes the plan file where it was asked for, and says what can be done with it.
Answer kept(Answer out, const PlanFile& file, const Request& request) {
    const bool nothing = file->size() == 0;  // which the text says
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

}  // namespace

Answer schema(const Request& request, const Stage&) {
    const std::string& what = request.arguments[0];
    Answer out;
    if (what == "policy") out.text = policy_schema();
    else if (what == "inventory") out.text = inventory_schema();
    else if (what == "results") out.text = results_schema();
    else return trouble(Exit::usage, "bad_input", "`fairway schema` prints policy, inventory or results");
    out.exact = true;
    return out;
}

Answer settings(const Request&, const Stage& stage) {
    return {.exit = Exit::fine,
            .text = stage.text([&] { return report::settings_text(stage.style); }),
            .json = stage.json([] {
                return Json{{"settings", report::settings_json()}};
            }),
            .trouble = {}};
}

Answer version(const Request&, const Stage&) {
    return {.exit = Exit::fine, .text = "fairway " FAIRWAY_VERSION "\n", .json = Json::object(), .trouble = {}};
}

Answer audit(const Request& request, const Stage& stage) {
    const auto seen = judged(request, stage, Memory::of_audits);
    if (!seen) return seen.error();
    std::vector<Mesh> hosts = meshes(seen->inventory, seen->snapshot);
    report::Audit all{.policy = seen->policy,
                      .inventory = seen->inventory,
                      .snapshot = seen->snapshot,
                      .findings = seen->findings,
                      .matrices = matrices(hosts),
                      .domains = {},
                      .expired = expired_of_covered(*seen),
                      .estate_findings = estate_findings(*seen)};
    all.domains = overview(hosts, all.matrices);
    lay_over(hosts, changes(all.findings));
    for (EstateFinding& closed : closed_paths(hosts, all.matrices, all.findings))
        all.estate_findings.push_back(std::move(closed));
    Conclusion conclusion = conclude(all.findings, seen->snapshot);
    conclusion.drift = conclusion.drift || !all.estate_findings.empty();
    return {.exit = conclusion.exit(),
            .text = stage.text([&] { return report::text(all, stage.style, detail_of(request)); }),
            .json = stage.json([&] {
                Json out = {{"drift", conclusion.drift}, {"all_read", !conclusion.unread}};
                out.update(report::json(all, request.has("all")));
                return out;
            }),
            .trouble = {}};
}

Answer plan(const Request& request, const Stage& stage) {
    if (request.get("out") == to_stdout && stage.structured)
        return trouble(Exit::usage, "bad_input",
                       "--out - and --output json both write to standard output; the plan is in the result as well");
    const auto seen = judged(request, stage, Memory::none);
    if (!seen) return seen.error();
    Conclusion conclusion = conclude(seen->findings, seen->snapshot);
    if (seen->left_unreadable) conclusion.unread = unread_in(seen->snapshot);
    if (auto unread = not_read(*seen, conclusion, stage)) return std::move(*unread);
    if (auto nothing = nothing_covered(*seen, stage)) return std::move(*nothing);
    Plan made = fairway::plan({.purpose = Purpose::apply,
                               .source = seen->policy.name,
                               .source_digest = seen->policy.digest,
                               .ticket = request.get("ticket"),
                               .limits = seen->policy.limits,
                               .since = found_since(request, seen->inventory),
                               .estate_findings = estate_findings(*seen)},
                              seen->findings, seen->snapshot, seen->inventory);
    grade_with(made, seen->inventory, seen->snapshot, [&] { return seen->connections.names(); });
    if (const auto broken = breaches(made, seen->policy.limits, seen->inventory); !broken.empty())
        return trouble(Exit::refused, "refused", "the plan goes beyond a limit: " + text::join(broken, "; "));
    const PlanFile file(std::move(made));
    const auto rights = rights_for(*file, seen->connections);
    if (!rights) return trouble(rights.error());
    // What is unknown is a note of the plan; it does not stand in the way of what is known to need a change.
    const bool drift = file->size() > 0 || conclusion.drift;
    Answer out{.exit = file->size() > 0 ? Exit::changes : conclusion.exit(),
               .text = stage.text([&] {
                   return report::text(file, stage.style, detail_of(request)) +
                          report::text(*file, *rights, stage.style);
               }),
               .json = stage.json([&] {
                   Json result = {{"plan", file.json()},
                                  {"drift", drift},
                                  {"all_read", !conclusion.unread},
                                  {"rights", report::json(*rights)}};
                   result.update(report::provenance(*file));
                   result["warnings"] = crowded(*file);
                   return result;
               }),
               .trouble = {}};
    return kept(std::move(out), file, request);
}

}  // namespace fairway::cli
