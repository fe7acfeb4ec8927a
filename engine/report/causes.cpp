// See causes.hpp.
#include "engine/report/causes.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/report/address.hpp"
#include "engine/run/stale.hpp"

namespace fairway::report {
namespace {

std::string end(const std::string& host) { return host.empty() ? "?" : host; }

std::string pair(const Cause& cause) { return fmt::format("{} {}", end(cause.from), end(cause.to)); }

void add_new(std::vector<std::string>& to, const std::vector<std::string>& more) {
    for (const std::string& one : more)
        if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
}

// A line each; of many, the first ones.
std::string lines(std::string_view label, std::vector<std::string> all) {
    constexpr std::size_t most = 8;
    if (all.size() > most) {
        const std::size_t more = all.size() - most + 1;
        all.resize(most);
        all.back() = fmt::format("and {} more of the kind", more);
    }
    std::string out;
    for (const std::string& one : all) {
        out += fmt::format("   {:<15}{}\n", label, fairway::text::printable(one));
        label = {};
    }
    return out;
}

// One cause, of all paths that it closes; what speaks for it is that of the first.
std::string cause_text(const std::vector<const Cause*>& paths, std::size_t number, const Style& style) {
    const Cause& first = *paths.front();
    const std::string where = fairway::text::some(
        paths, 3, [](const Cause* one) { return fmt::format("{} → {}", end(one->from), end(one->to)); });
    std::string out = fmt::format("{}. {}  {}  ({})\n   {}\n", number, style(Paint::bold, first.row->id),
                                  fairway::text::printable(where), name(first.proof), first.row->says);
    std::vector<std::string> evidence, against, not_looked_at;
    for (const Cause* one : paths) {
        add_new(evidence, one->evidence);
        add_new(against, one->against);
        add_new(not_looked_at, one->not_looked_at);
    }
    out += lines("for", evidence) + lines("against", against) + lines("not looked at", not_looked_at);
    if (!first.candidates.empty())
        out += fmt::format("   {:<15}{}\n", "may be", fairway::text::join(first.candidates, ", "));
    std::vector<std::string> changes;
    for (const Cause* one : paths)
        for (const Address& change : one->fixes) add_new(changes, {in_words(change)});
    return out + fmt::format("   {:<15}{}\n", "fix", first.row->fix) + lines("--plan changes", changes);
}

struct Mark {
    std::string_view sign;
    Paint paint;
};
Mark mark_of(CheckState state) {
    switch (state) {
        case CheckState::fine: return {"✓", Paint::good};
        case CheckState::bad: return {"✗", Paint::bad};
        case CheckState::unknown: return {"?", Paint::warn};
        case CheckState::noted: break;
    }
    return {"·", Paint::plain};
}

// What could not be looked at, together where the reason is the same.
std::string unknown_text(const std::vector<Check>& checks) {
    constexpr std::size_t most = 6;
    std::vector<Check> unknown;
    std::copy_if(checks.begin(), checks.end(), std::back_inserter(unknown),
                 [](const Check& one) { return one.state == CheckState::unknown; });
    std::string out;
    for (const auto& group : by_key(unknown, [](const Check& one) { return one.saw; }))
        out += fmt::format(
            "Not looked at: {}: {}\n",
            fairway::text::printable(fairway::text::some(group, most, [](const Check* one) { return one->about; })),
            fairway::text::printable(group.front()->saw));
    return out;
}

std::string checks_text(const std::vector<Check>& checks, const Style& style) {
    constexpr std::size_t widest = 60;
    std::size_t width = 0;
    for (const Check& one : checks)
        if (one.state != CheckState::unknown) width = std::max(width, std::min(widest, style.width(one.about)));
    std::string out;
    for (const Check& one : checks) {
        if (one.state == CheckState::unknown) continue;
        const Mark mark = mark_of(one.state);
        out += fmt::format("  {} {}  {}\n", style(mark.paint, mark.sign),
                           style.pad(fairway::text::printable(one.about), width), fairway::text::printable(one.saw));
    }
    return out.empty() ? out : "Looked at\n" + out;
}

}  // namespace

std::string text(const Diagnosis& diagnosis, const Style& style) {
    std::string out;
    std::size_t number = 0;
    for (const auto& paths : by_key(diagnosis.causes, [](const Cause& one) { return one.row->id; }))
        out += cause_text(paths, ++number, style);
    if (diagnosis.causes.empty()) out += "No cause of failed moves was found.\n";
    out += checks_text(diagnosis.checks, style) + unknown_text(diagnosis.checks);
    for (const std::string& one : diagnosis.not_looked_at) out += fmt::format("Not looked at: {}\n", one);
    for (const std::string& one : diagnosis.unexplained)
        out += fmt::format("No row explains {}\n", fairway::text::printable(one));
    if (diagnosis.made_good > 0)
        out += fmt::format("Left out: {} after which the same VM did move.\n",
                           diagnosis.made_good == 1 ? "1 failure" : fmt::format("{} failures", diagnosis.made_good));
    return out;
}

std::string text(const std::vector<Difference>& differences, const Style& style) {
    std::string out;
    for (const Difference& one : differences) {
        out += fmt::format("  {}", style.pad(std::string(one.setting->name), 30));
        for (const HeldBy& held : one.values) {
            const bool odd = one.has_odd_ones() && &held != &one.values.front();
            const std::string words = fairway::text::printable(
                fmt::format("{} ({})", held.value,
                            fairway::text::some(held.hosts, 4, [](const std::string& host) { return host; })));
            out += "  " + (odd ? style(Paint::bad, words + " ✗") : words);
        }
        out += "\n";
    }
    return out.empty() ? out : "Not the same at all hosts\n" + out;
}

Json json(const std::vector<Difference>& differences) {
    Json out = Json::array();
    for (const Difference& one : differences) {
        Json values = Json::array();
        for (const HeldBy& held : one.values)
            values.push_back({{"value", held.value},
                              {"hosts", held.hosts},
                              {"odd", one.has_odd_ones() && &held != &one.values.front()}});
        out.push_back({{"setting", one.setting->name}, {"values", std::move(values)}});
    }
    return out;
}

Json json(const Diagnosis& diagnosis) {
    Json checks = Json::array(), not_looked_at = diagnosis.not_looked_at;
    for (const Check& one : diagnosis.checks) {
        checks.push_back({{"about", one.about}, {"state", name(one.state)}, {"saw", one.saw}});
        if (one.state == CheckState::unknown) not_looked_at.push_back(fmt::format("{}: {}", one.about, one.saw));
    }
    Json causes = Json::array();
    for (const Cause& cause : diagnosis.causes) {
        Json changes = Json::array();
        for (const Address& one : cause.fixes) changes.push_back(address_json(one));
        causes.push_back({{"id", cause.row->id},
                          {"says", cause.row->says},
                          {"pair", pair(cause)},
                          {"proof", name(cause.proof)},
                          {"evidence", cause.evidence},
                          {"against", cause.against},
                          {"not_looked_at", cause.not_looked_at},
                          {"candidates", cause.candidates},
                          {"fix", cause.row->fix},
                          {"changes", std::move(changes)}});
    }
    return {{"causes", std::move(causes)},
            {"checks", std::move(checks)},
            {"unexplained", diagnosis.unexplained},
            {"not_looked_at", std::move(not_looked_at)},
            {"made_good", diagnosis.made_good}};
}

}  // namespace fairway::report
