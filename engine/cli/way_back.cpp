// See way_back.hpp.
#include "engine/cli/way_back.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/plan/baseline.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/limits.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/scope.hpp"
#include "engine/run/grading.hpp"
#include "engine/run/later.hpp"
#include "engine/run/stale.hpp"
#include "engine/run/survey.hpp"
#include "engine/run/verify.hpp"

namespace fairway::cli {
namespace {

bool has_open_step(const Run& run) {
    const auto last = last_steps(run);
    return std::any_of(last.begin(), last.end(), [](const auto& entry) {
        const std::optional<Outcome>& outcome = entry.second->outcome;
        return !outcome || *outcome == Outcome::unanswered || *outcome == Outcome::in_doubt;
    });
}

const LeftOut* among(const std::vector<LeftOut>& all, const Address& address) {
    const auto it = std::find_if(all.begin(), all.end(), [&](const LeftOut& one) { return one.address == address; });
    return it == all.end() ? nullptr : &*it;
}

// Names of the hosts that the words of an option name.
Result<std::set<std::string>> named_by(const std::vector<std::string>& given, const Inventory& inventory) {
    const auto words = host_words(given);
    if (!words) return tl::unexpected(words.error());
    const auto hosts = hosts_named(inventory, *words);
    if (!hosts) return tl::unexpected(hosts.error());
    std::set<std::string> out;
    for (const Host* host : *hosts) out.insert(host->name);
    return out;
}

bool same_object(const Address& a, const Address& b) { return a.object == b.object && a.kind() == b.kind(); }

}  // namespace

bool Scope::covers(const Address& address) const {
    if (except.contains(address.object) || (only && !only->contains(address.object))) return false;
    return settings.empty() || std::find(settings.begin(), settings.end(), address.setting->name) != settings.end();
}

Result<Scope> scope_of(const Request& request, const Inventory& inventory) {
    Scope out{.only = {}, .except = {}, .settings = request.all("setting")};
    const auto only = named_by(request.all("host"), inventory), except = named_by(request.all("except"), inventory);
    for (const auto* names : {&only, &except})
        if (!*names) return tl::unexpected(names->error());
    if (request.has("host")) out.only = *only;
    out.except = *except;
    for (const std::string& setting : out.settings)
        if (!find_setting(setting))
            return fail(Code::bad_input, fmt::format("there is no setting `{}`", text::printable(setting)));
    return out;
}

Result<Past> past_of(Ground& ground, const std::string& id, bool dry) {
    Past out;
    if (dry) {
        auto run = ground.journal.load(id);
        if (!run) return tl::unexpected(run.error());
        out.run = std::move(*run);
    } else {
        auto settled = settle_run(id, *ground.reader, ground.journal, system_now);
        if (!settled) return tl::unexpected(settled.error());
        out.run = std::move(settled->run);
        out.in_doubt = std::move(settled->in_doubt);
    }
    auto later = later_runs(out.run, ground.journal);
    if (!later) return tl::unexpected(later.error());
    out.later = std::move(*later);
    // What a later run wrote may have arrived since.
    for (Run& run : out.later) {
        if (dry || !has_open_step(run)) continue;
        auto settled = settle_run(run.id, *ground.reader, ground.journal, system_now);
        if (!settled) return tl::unexpected(settled.error());
        const auto before = last_steps(run), after = last_steps(settled->run);
        out.news = out.news || !std::equal(before.begin(), before.end(), after.begin(), after.end(),
                                           [](auto& a, auto& b) { return a.second->outcome == b.second->outcome; });
        run = std::move(settled->run);
    }
    return out;
}

Result<void> look_again(Ground& ground, Past& past) {
    auto later = later_runs(past.run, ground.journal);
    if (!later) return tl::unexpected(later.error());
    past.later = std::move(*later);
    return {};
}

Result<void> still_there(const Past& past, const Scope& scope) {
    const Undone gone = undone(past.run, past.later, [&](const Address& address) { return scope.covers(address); });
    if (!gone.all || past.news) return {};
    const bool narrowed = scope.only || !scope.except.empty() || !scope.settings.empty();
    std::string words = fmt::format("{} {} was rolled back already, by run {}; nothing was changed",
                                    narrowed ? "this part of run" : "run", past.run.id, text::join(gone.by, " and "));
    for (const std::string& other : gone.again)
        words += fmt::format("\nRun {0} changed the same values later; to undo that: fairway rollback {0}", other);
    return fail(Code::refused, words);
}

WayBack way_back(Ground& ground, const Past& past, const Scope& scope, const std::string& ticket,
                 const std::vector<Allowance>& allowed, const std::vector<LeftOut>& without, const Progress& progress) {
    WayBack out;
    out.left_out = without;
    Desired wants = baseline(past.run, past.later);
    std::erase_if(wants, [&](const auto& entry) {
        const Address& address = entry.first;
        return !scope.covers(address) || std::any_of(without.begin(), without.end(), [&](const LeftOut& one) {
            return same_object(one.address, address);
        });
    });
    Snapshot snapshot = observe(*ground.reader, fairway::scope(wants, ground.inventory), progress);
    const Inventory inventory = read_further(ground.inventory, snapshot, *ground.reader, progress);
    for (Finding& finding : judge(wants, snapshot)) {
        const LeftOut* doubt = among(past.in_doubt, finding.address);
        if (finding.verdict == Verdict::unreadable) {
            const Error why = why_unread(finding, snapshot);
            out.left_out.push_back({finding.address,
                                    {why.code, fmt::format("{}: {}", in_words(finding.address), why.text)},
                                    doubt != nullptr});
            continue;
        }
        if (doubt) out.left_out.push_back(*doubt);
        out.findings.push_back(std::move(finding));
    }
    out.blind = out.findings.empty() && !wants.empty();
    const std::optional<Limits>& limits = past.run.plan.limits;
    out.plan = plan({.purpose = Purpose::rollback,
                     .source = past.run.id,
                     .source_digest = {},
                     .ticket = ticket,
                     .limits = limits && limits->rollbacks ? limits : std::nullopt},
                    out.findings, snapshot, inventory);
    grade_with(out.plan, inventory, snapshot, [&] { return ground.connections.names(); });
    std::vector<Allowance> given = past.run.plan.allowed;
    for (const auto* more : {&past.run.allowed, &allowed}) given.insert(given.end(), more->begin(), more->end());
    out.plan.allowed = needed(out.plan, inventory, given);
    return out;
}

}  // namespace fairway::cli
