// See findings.hpp.
#include "engine/report/findings.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/value_json.hpp"
#include "engine/plan/comparators.hpp"
#include "engine/report/address.hpp"
#include "engine/report/groups.hpp"
#include "engine/report/layout.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t hosts_named = 5;
constexpr std::size_t whole_set = 32, of_large_set = 8;  // elements of a set that a finding has in JSON

std::string place(const Finding& finding, const Policy* policy) {
    if (finding.where.line == 0 || !policy) return {};
    return fmt::format("{}:{}", policy->file_of(finding.where), finding.where.line);
}

void put_place(Json& to, const Finding& finding, const Policy* policy) {
    if (finding.where.line == 0) return;
    to["line"] = finding.where.line;
    if (policy && finding.where.file != 0) to["file"] = policy->file_of(finding.where);
}

// "1 host", "3 accounts".
std::string counted(std::size_t n, Kind kind) { return count(n, row_of(kind).noun); }

// "credssp → kerberos", where all findings of the group have that in common; else their reason.
std::string change_of(const Group& group) {
    const Finding& first = *group.findings.front();
    const bool same = std::all_of(group.findings.begin(), group.findings.end(), [&](const Finding* one) {
        return one->held == first.held && one->remedy == first.remedy;
    });
    if (!same || !first.held || !first.remedy) return group.because;
    const Setting& row = *first.address.setting;
    return fmt::format("{} → {}", show(row, *first.held), show(row, *first.remedy));
}

std::string names_of(const Group& group) {
    std::vector<std::string> names;
    for (const Finding* finding : group.findings) names.push_back(finding->address.object);
    return fairway::text::some(names, hosts_named, fairway::text::printable);
}

std::vector<std::string> row_of(const Group& group, const Policy* policy, const Style& style) {
    const Finding& first = *group.findings.front();
    const bool one = group.findings.size() == 1;
    const std::string_view word = first.verdict == Verdict::drifted ? name(first.severity) : name(first.verdict);
    return {style(verdict_paint(first.verdict), word),
            one ? first.address.object : counted(group.findings.size(), first.address.kind()),
            std::string(first.address.setting->name),
            fairway::text::printable(first.rule),
            place(first, policy),
            one ? group.because : fmt::format("{}: {}", change_of(group), names_of(group))};
}

// The order in which a person wants to hear of them: drift before the rest, the worst and the most frequent first.
bool comes_first(const Group& a, const Group& b) {
    const auto rank = [](const Group& group) {
        const Finding& first = *group.findings.front();
        const bool drifted = first.verdict == Verdict::drifted;
        return std::tuple(drifted                               ? 0
                          : first.verdict == Verdict::compliant ? 2
                                                                : 1,
                          -static_cast<int>(first.severity), -static_cast<std::int64_t>(group.findings.size()));
    };
    return rank(a) < rank(b);
}

// What could not be read, or judged, for one cause: of these objects these settings, or whatever was asked about them.
struct Unread {
    Verdict verdict{};
    Kind kind{};
    std::string because;                     // of the first
    bool of_first_only = false;              // it names the first object
    std::vector<std::string_view> settings;  // empty: all that was asked
    std::vector<std::string> objects;
};

bool is_unread(const Finding& finding) {
    return finding.verdict == Verdict::unreadable || finding.verdict == Verdict::unknown;
}

using Settings = std::vector<std::string_view>;

std::vector<Unread> unread(const std::vector<Finding>& findings) {
    struct Of {
        Settings settings;
        const Finding* first = nullptr;
    };
    std::map<std::pair<Kind, std::string_view>, std::set<std::string_view>> asked;
    std::map<std::tuple<Verdict, Kind, std::string_view, std::string>, Of> by_object;
    for (const Finding& finding : findings) {
        const Address& address = finding.address;
        asked[{address.kind(), address.object}].insert(address.setting->name);
        if (!is_unread(finding)) continue;
        Of& of =
            by_object[{finding.verdict, address.kind(), address.object, cause_of(finding.because, address.object)}];
        if (!of.first) of.first = &finding;
        if (of.settings.empty() || of.settings.back() != address.setting->name)
            of.settings.push_back(address.setting->name);
    }
    std::map<std::tuple<Verdict, Kind, std::string, Settings>, std::size_t> places;
    std::vector<Unread> out;
    for (auto& [key, of] : by_object) {
        const auto& [verdict, kind, object, cause] = key;
        const bool whole = of.settings.size() == asked[{kind, object}].size();
        const Settings settings = whole ? Settings() : of.settings;
        const auto [it, fresh] = places.try_emplace({verdict, kind, cause, settings}, out.size());
        if (fresh) out.push_back({verdict, kind, of.first->because, cause != of.first->because, settings, {}});
        out[it->second].objects.emplace_back(object);
    }
    std::stable_sort(out.begin(), out.end(), [](const Unread& a, const Unread& b) {
        return std::pair(a.verdict == Verdict::unreadable, a.objects.size()) >
               std::pair(b.verdict == Verdict::unreadable, b.objects.size());
    });
    return out;
}

bool is_large(const Value& value) { return as_set(value) && as_set(value)->size() > whole_set; }

// A large set is counted: estates hold millions of its elements, and a plan names them all.
void put_value(Json& out, const std::string& key, const Value& value) {
    if (is_large(value)) out[key + "_count"] = as_set(value)->size();
    else out[key] = fairway::to_json(value);
}

// Of large sets, how many elements are missing or too many, and the first of them.
void put_difference(Json& out, const Finding& finding) {
    if (!finding.held || !finding.remedy || (!is_large(*finding.held) && !is_large(*finding.remedy))) return;
    const Key key = finding.address.setting->key;
    const Set &held = *as_set(*finding.held), &remedy = *as_set(*finding.remedy);
    const auto put = [&](const std::string& name, const Set& set) {
        if (set.empty()) return;
        out[name + "_count"] = set.size();
        Json& first = out[name] = Json::array();
        for (const std::string_view element : set)
            if (first.size() < of_large_set) first.push_back(element);
    };
    put("missing", subtract(key, remedy, held));
    put("excess", subtract(key, held, remedy));
}

std::string because_of(const Unread& one) {
    const std::string because = fairway::text::printable(one.because);
    if (one.objects.size() == 1) return because;
    const std::vector<std::string> others(one.objects.begin() + 1, one.objects.end());
    if (one.of_first_only)
        return fmt::format("{}; likewise {}", because,
                           fairway::text::some(others, hosts_named - 1, fairway::text::printable));
    return fmt::format("{}: {}", because, fairway::text::some(one.objects, hosts_named, fairway::text::printable));
}

}  // namespace

Paint verdict_paint(Verdict verdict) {
    if (verdict == Verdict::drifted) return Paint::bad;
    return verdict == Verdict::compliant ? Paint::plain : Paint::warn;
}

std::string unread_text(const std::vector<Finding>& findings, const Style& style, const Detail& detail) {
    std::vector<std::vector<std::string>> rows;
    if (detail.full)
        for (const Group& group : ungrouped(findings, is_unread)) rows.push_back(row_of(group, nullptr, style));
    else
        for (const Unread& one : unread(findings))
            rows.push_back({style(Paint::warn, name(one.verdict)),
                            one.objects.size() == 1 ? one.objects.front() : counted(one.objects.size(), one.kind),
                            one.settings.empty() ? fmt::format("the {}", row_of(one.kind).noun)
                                                 : fairway::text::join(one.settings, ", "),
                            because_of(one)});
    return broken_table(rows, style, "  ");
}

std::string findings_text(const std::vector<Finding>& findings, const Policy* policy, const Style& style,
                          const Detail& detail) {
    const auto about = [&](const Finding& finding) {
        return !is_unread(finding) && (detail.all || finding.verdict != Verdict::compliant);
    };
    std::vector<Group> groups = detail.full ? ungrouped(findings, about) : grouped(findings, about);
    std::stable_sort(groups.begin(), groups.end(), comes_first);
    std::vector<std::vector<std::string>> rows;
    for (const Group& group : groups) rows.push_back(row_of(group, policy, style));
    return broken_table(rows, style, "  ") + unread_text(findings, style, detail);
}

Json to_json(const Finding& finding, const Policy* policy) {
    Json out = address_json(finding.address, {{"verdict", name(finding.verdict)},
                                              {"severity", name(finding.severity)},
                                              {"rule", finding.rule},
                                              {"because", finding.because}});
    if (finding.held) put_value(out, "held", *finding.held);
    if (finding.remedy) put_value(out, "remedy", *finding.remedy);
    put_difference(out, finding);
    put_place(out, finding, policy);
    return out;
}

Json equal_findings_json(const std::vector<Finding>& findings, const Policy& policy) {
    std::vector<Group> groups = grouped(
        findings, [](const Finding& finding) { return !is_unread(finding) && finding.verdict != Verdict::compliant; });
    std::stable_sort(groups.begin(), groups.end(), comes_first);
    Json out = Json::array();
    for (const Group& group : groups) {
        const Finding& first = *group.findings.front();
        Json objects = Json::array();
        for (const Finding* finding : group.findings) objects.push_back(finding->address.object);
        out.push_back({{"verdict", name(first.verdict)},
                       {"severity", name(first.severity)},
                       {"kind", name(first.address.kind())},
                       {"setting", first.address.setting->name},
                       {"rule", first.rule},
                       {"because", group.because},
                       {"objects", std::move(objects)}});
        put_place(out.back(), first, &policy);
    }
    return out;
}

Json unread_json(const std::vector<Finding>& findings) {
    Json out = Json::array();
    for (const Unread& one : unread(findings)) {
        out.push_back({{"verdict", name(one.verdict)},
                       {"kind", name(one.kind)},
                       {"objects", one.objects},
                       {"because", one.because}});
        if (!one.settings.empty()) out.back()["settings"] = one.settings;
    }
    return out;
}

}  // namespace fairway::report
