// See census.hpp. What is expected follows from the catalogue and from the engine's tables, so that a new row is
// missed.
#include "tests/laws/census.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/trial_vms.hpp"
#include "engine/paths/conditions.hpp"
#include "engine/plan/premises.hpp"

namespace fairway::laws {
namespace {

using Shapes = std::vector<std::string_view>;

constexpr std::array flags_that_matter = {"accountdisable", "server_trust_account", "partial_secrets_account"};

// What cannot be seen here, and why. An empty shape: none of the row's.
struct Never {
    const Setting* fact;
    std::string_view shape, why;
};
const std::array never = {
    Never{&setting::host_build, "", "no condition, gate or premise reads it"},
    Never{&setting::host_machines, "", "trial moves alone read it"},
    Never{&setting::verify_trial_vms, "", "no policy wants it"},
};

// A set that is not there is an empty one in an embedded estate; a fact that is worked out has no property to be
// absent.
Shapes shapes_of(const Setting& row) {
    Shapes out = {"unreadable"};
    if (row.type != Type::set) out.push_back("absent");
    if (row.type == Type::boolean) out.insert(out.end(), {"off", "on"});
    if (row.type == Type::integer) out.insert(out.end(), {"none", "some"});
    if (row.type == Type::set) out.insert(out.end(), {"empty", "filled"});
    if (row.type == Type::word && row.choices.empty()) out.insert(out.end(), {"a word", "another word"});
    if (row.type == Type::word) out.insert(out.end(), row.choices.begin(), row.choices.end());
    if (&row == &setting::account_flags) out.insert(out.end(), flags_that_matter.begin(), flags_that_matter.end());
    if (&row == &setting::host_addresses || &row == &setting::host_listeners)
        out.insert(out.end(), {"IPv4 alone", "IPv6 alone", "both families", "link-local alone"});
    return out;
}

std::string key_of(std::string_view kind, std::string_view what) { return fmt::format("{} {}", kind, what); }

// Everything that should be met.
std::map<std::string, Shapes> expected() {
    std::map<std::string, Shapes> out;
    for (const Setting* row : catalogue()) out[key_of("fact", row->name)] = shapes_of(*row);
    for (const ConditionRow& row : conditions()) out[key_of("condition", row.name)] = {"open", "closed", "unknown"};
    for (const Setting* fact : premise_facts()) out[key_of("premise", fact->name)] = {"holds", "broken", "unread"};
    for (auto verdict = Verdict::compliant; verdict <= Verdict::busy; verdict = Verdict(static_cast<int>(verdict) + 1))
        out["verdict of a want"].push_back(name(verdict));
    out["gate cluster"] = {"free", "left to it", "unread"};
    out["gate identity"] = {"sure", "a name refused", "an account refused", "unread"};
    return out;
}

}  // namespace

void Census::see(std::string_view kind, std::string_view what, std::string_view shape) {
    auto& shapes = seen_[key_of(kind, what)];
    const auto it = shapes.find(shape);
    ++(it != shapes.end() ? it : shapes.emplace(shape, 0).first)->second;
}

void Census::address_families(const Setting& row, const Set& addresses) {
    std::vector<IpAddress> all;
    for (const std::string_view text : addresses)
        if (const auto address = parse_address(text)) all.push_back(*address);
    const Kinds kinds = kinds_of(all);
    const bool four = kinds.usable[0] > 0, six = kinds.usable[1] > 0;
    if (four || six) see("fact", row.name, four && six ? "both families" : four ? "IPv4 alone" : "IPv6 alone");
    else if (kinds.any()) see("fact", row.name, "link-local alone");
}

void Census::reading(const Setting& row, const Reading& reading) {
    const auto seen = [&](std::string_view shape) { see("fact", row.name, shape); };
    if (!reading) return seen("unreadable");
    if (!*reading) return seen("absent");
    const Value& value = **reading;
    if (const bool* on = std::get_if<bool>(&value)) return seen(*on ? "on" : "off");
    if (const auto* number = std::get_if<std::int64_t>(&value)) return seen(*number == 0 ? "none" : "some");
    if (const auto* word = std::get_if<std::string>(&value)) {
        if (!row.choices.empty()) return seen(*word);
        return seen(first_words_.try_emplace(&row, *word).first->second == *word ? "a word" : "another word");
    }
    const Set& set = *as_set(value);
    seen(set.empty() ? "empty" : "filled");
    if (&row == &setting::account_flags)
        for (const char* flag : flags_that_matter)
            if (set.contains(flag)) seen(flag);
    if (&row == &setting::host_addresses || &row == &setting::host_listeners) address_families(row, set);
}

void Census::snapshot(const Snapshot& snapshot) {
    for (const auto& [address, value] : snapshot.readings) reading(*address.setting, value);
}

void Census::paths(const std::vector<Mesh>& meshes) {
    for (const Mesh& mesh : meshes)
        for (const End& from : mesh.ends)
            for (const End& to : mesh.ends)
                if (&from != &to)
                    for (const ConditionRow& row : conditions()) see("condition", row.name, name(row.state(from, to)));
}

void Census::findings(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
        see("verdict", "of a want", name(finding.verdict));
        if (finding.address.setting->of_cluster && finding.remedy) see("gate", "cluster", "free");
    }
}

void Census::survey(const Survey& seen) {
    snapshot(seen.snapshot);
    findings(seen.findings);
    for (const Finding& finding : seen.findings) {
        const auto cluster = seen.snapshot.readings.find({finding.address.object, &setting::host_cluster});
        if (!finding.address.setting->of_cluster || cluster == seen.snapshot.readings.end() || !finding.held) continue;
        if (!cluster->second && finding.verdict == Verdict::unreadable) see("gate", "cluster", "unread");
        if (cluster->second && *cluster->second && finding.verdict == Verdict::excepted)
            see("gate", "cluster", "left to it");
    }
    if (seen.doubts.empty()) see("gate", "identity", "sure");
    for (const auto& [host, doubt] : seen.doubts.hosts)
        see("gate", "identity",
            doubt.why.code != Code::refused ? "unread"
            : doubt.account                 ? "an account refused"
                                            : "a name refused");
}

std::vector<std::string> Census::complaints() const {
    std::vector<std::string> out;
    for (const auto& [what, shapes] : expected()) {
        const auto it = seen_.find(what);
        for (const std::string_view shape : shapes) {
            const bool seen = it != seen_.end() && it->second.contains(shape);
            const auto reason = std::find_if(never.begin(), never.end(), [&](const Never& one) {
                return what == key_of("fact", one.fact->name) && (one.shape.empty() || one.shape == shape);
            });
            if (!seen && reason == never.end()) out.push_back(fmt::format("{} was never seen: {}", what, shape));
            if (seen && reason != never.end())
                out.push_back(fmt::format("{} was seen: {}; not so: {}", what, shape, reason->why));
        }
    }
    const auto all = expected();
    for (const auto& [what, shapes] : seen_)
        if (!all.contains(what)) out.push_back(what + " is not in the census");
    return out;
}

std::string Census::text() const {
    std::vector<std::pair<std::size_t, std::string>> all;
    for (const auto& [what, shapes] : seen_)
        for (const auto& [shape, times] : shapes) all.emplace_back(times, fmt::format("{}: {}", what, shape));
    if (all.empty()) return "census: nothing";
    const auto& [times, rarest] = *std::min_element(all.begin(), all.end());
    return fmt::format("census: {} facts, conditions, premises and gates in {} shapes; the rarest ({}) {} times",
                       seen_.size(), all.size(), rarest, times);
}

}  // namespace fairway::laws
