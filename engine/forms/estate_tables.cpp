// See estate_tables.hpp.
#include "engine/forms/estate_tables.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/plan_tables.hpp"
#include "engine/report/style.hpp"

namespace fairway::forms {
namespace {

constexpr std::array severities = {"critical", "high", "medium", "low"};

std::size_t rank(const std::string& severity) {
    return static_cast<std::size_t>(std::find(severities.begin(), severities.end(), severity) - severities.begin());
}

std::string by_severity(const std::map<std::size_t, std::size_t>& counts) {
    std::vector<std::string> parts;
    for (const auto& [severity, n] : counts)
        parts.push_back(fmt::format("{} {}", n, severity < severities.size() ? severities[severity] : "other"));
    return text::join(parts, ", ");
}

}  // namespace

std::vector<std::string> audit_sentences(const Json& result) {
    std::map<std::size_t, std::size_t> counts;
    std::set<std::string> hosts;
    std::size_t drifted = 0, unread = 0;
    for (const Json& one : part_of(result, "findings")) {
        const std::string verdict = text_of(one, "verdict");
        unread += verdict == "unreadable" || verdict == "unknown" ? 1 : 0;
        if (verdict != "drifted") continue;
        ++drifted;
        ++counts[rank(text_of(one, "severity"))];
        hosts.insert(text_of(one, "object"));
    }
    for (const Json& one : part_of(result, "estate_findings")) ++counts[rank(text_of(one, "severity"))];
    const std::size_t all = drifted + part_of(result, "estate_findings").size();
    const Json& paths = part_of(result, "paths");
    std::vector<std::string> out = {fmt::format(
        "{} of {} paths are open. {}{}", number_of(paths, "open"),
        number_of(paths, "open") + number_of(paths, "closed") + number_of(paths, "unknown"),
        all == 0 ? "Nothing differs from the policy"
                 : fmt::format("{} ({})", report::count(all, "finding"), by_severity(counts)),
        hosts.empty() ? "." : fmt::format("; {} differ from the policy.", report::count(hosts.size(), "host")))};
    if (unread > 0)
        out.push_back(fmt::format("{} could not be read or judged, so it is not known whether they comply.",
                                  report::count(unread, "value")));
    return out;
}

void tell_findings(Tables& to, const Json& result) {
    auto groups = by_key(part_of(result, "findings"), [](const Json& one) {
        const Json* held = find(one, "held");
        const bool list = (held && held->is_array()) || find(one, "held_count");
        return std::tuple(text_of(one, "verdict"), text_of(one, "severity"), text_of(one, "setting"),
                          text_of(one, "rule"), list ? std::string() : text_of(one, "because"));
    });
    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
        return rank(text_of(*a.front(), "severity")) < rank(text_of(*b.front(), "severity"));
    });
    Tables::Rows drifted, others;
    for (const Group& group : groups) {
        const Json& first = *group.front();
        const std::string verdict = text_of(first, "verdict"), hosts = counted_names(names_in(group, "object"));
        const bool differ = std::any_of(group.begin(), group.end(), [&](const Json* one) {
            return text_of(*one, "because") != text_of(first, "because");
        });
        const std::string because =
            (differ ? fmt::format("{}: ", text_of(first, "object")) : std::string()) + text_of(first, "because");
        if (verdict == "drifted")
            drifted.push_back(
                {text_of(first, "severity"), text_of(first, "setting"), hosts, because,
                 fmt::format("{} ({}:{})", text_of(first, "rule"), file_of(result, first), number_of(first, "line"))});
        else if (verdict != "compliant") others.push_back({verdict, text_of(first, "setting"), hosts, because});
    }
    to.table("Findings", {"severity", "setting", "hosts", "what", "rule"}, std::move(drifted));
    to.table("Exceptions, conflicts and what could not be read", {"what", "setting", "hosts", "why"},
             std::move(others));
}

void tell_estate(Tables& to, const Json& result) {
    Tables::Rows rows, glass;
    for (const Group& group : by_key(part_of(result, "estate_findings"), [](const Json& one) {
             return std::tuple(text_of(one, "severity"), text_of(one, "fault"), text_of(one, "because"));
         }))
        rows.push_back({text_of(*group.front(), "severity"), text_of(*group.front(), "fault"),
                        counted_names(names_in(group, "object")), text_of(*group.front(), "because")});
    to.table("About the estate", {"severity", "kind", "of", "finding"}, std::move(rows));
    for (const Json& one : part_of(result, "break_glass")) {
        const Json& terms = part_of(one, "terms");
        glass.push_back({text_of(one, "run"), text_of(one, "state"), counted_names(texts_of(part_of(one, "hosts"))),
                         terms.empty() ? "" : text_of(terms.back(), "until"), text_of(one, "ticket")});
    }
    to.table("Break-glass runs", {"run", "state", "hosts", "until", "ticket"}, std::move(glass));
}

void tell_domains(Tables& to, const Json& result) {
    Tables::Rows rows;
    for (const Json& matrix : part_of(result, "matrices")) {
        std::size_t open = 0, closed = 0, unknown = 0;
        for (const Json& row : part_of(matrix, "rows"))
            for (const char c : row.get_ref<const std::string&>()) {
                open += c == 'o' ? 1 : 0;
                closed += c == 'x' ? 1 : 0;
                unknown += c == '?' ? 1 : 0;
            }
        rows.push_back({text_of(matrix, "migration_domain"), std::to_string(part_of(matrix, "hosts").size()),
                        std::to_string(open), std::to_string(closed), std::to_string(unknown)});
    }
    to.table("Paths", {"migration domain", "hosts", "open", "closed", "unknown"}, std::move(rows));
}

void tell_uncovered(Tables& to, const Json& result) {
    Tables::Rows expired;
    for (const Json& one : part_of(result, "expired_exceptions"))
        expired.push_back(
            {text_of(one, "host"), text_of(one, "setting"), text_of(one, "until"), text_of(one, "owner")});
    to.table("Exceptions that have ended", {"host", "setting", "until", "owner"}, std::move(expired));
    tell_not_covered(to, result);
}

std::vector<std::string> names_sentences(const Json& names) {
    const std::size_t findings = part_of(names, "findings").size();
    std::vector<std::string> out = {fmt::format("{} about the names of {}.",
                                                findings == 0 ? "No finding" : report::count(findings, "finding"),
                                                report::count(part_of(names, "hosts").size(), "host"))};
    if (std::string caveat = text_of(names, "caveat"); !caveat.empty()) out.push_back(std::move(caveat));
    return out;
}

void tell_names(Tables& to, const Json& names) {
    Tables::Rows rows;
    for (const Json& one : part_of(names, "findings")) {
        std::vector<std::string> holders;
        for (const Json& holder : part_of(one, "holders")) holders.push_back(text_of(holder, "account"));
        rows.push_back({text_of(one, "severity"), words_of(text_of(one, "fault")), text_of(one, "host"),
                        value_words(part_of(one, "names")), text::join(holders, ", "), text_of(one, "because"),
                        text_of(one, "advice")});
    }
    to.table("Findings", {"severity", "fault", "host", "names", "held by", "why", "what to do"}, std::move(rows));
}

std::string blame_sentence(const Json& result, Safe safe) {
    return fmt::format("The account of {}, as the directory and the journal say it.", safe(text_of(result, "host")));
}

void tell_blame(Tables& to, const Json& result) {
    Tables::Rows rows;
    for (const Json& one : part_of(result, "blame")) {
        const Json* held = find(one, "held");
        rows.push_back({text_of(one, "setting"), held ? value_words(*held) : text_of(one, "error"),
                        text_of(one, "changed"), words_of(text_of(one, "whose")),
                        text::join(std::vector{text_of(one, "run"), text_of(one, "who"), text_of(one, "ticket")}, " "),
                        text_of(one, "because")});
    }
    to.table("Settings", {"setting", "now", "changed", "by", "run", "because"}, std::move(rows));
}

std::string diagnosis_sentence(const Json& result) {
    const Json& causes = part_of(result, "causes");
    return causes.empty() ? "No cause was found."
                          : fmt::format("{} found.", report::count(causes.size(), "possible cause"));
}

void tell_diagnosis(Tables& to, const Json& result) {
    const Json& causes = part_of(result, "causes");
    Tables::Rows rows, checks, differences, open;
    for (const Json& one : causes)
        rows.push_back({text_of(one, "proof"), text_of(one, "pair"), text_of(one, "says"),
                        text::join(texts_of(part_of(one, "evidence")), "; "), text_of(one, "fix")});
    to.table("Causes", {"proof", "hosts", "cause", "evidence", "what to do"}, std::move(rows));
    for (const Json& one : part_of(result, "checks"))
        if (text_of(one, "state") == "bad") checks.push_back({text_of(one, "about"), text_of(one, "saw")});
    to.table("Checks that failed", {"of", "saw"}, std::move(checks));
    for (const Json& one : part_of(result, "differences"))
        for (const Json& value : part_of(one, "values"))
            differences.push_back({text_of(one, "setting"), text_of(value, "value"),
                                   counted_names(texts_of(part_of(value, "hosts"))),
                                   is_set(value, "odd") ? "differs from most" : ""});
    to.table("Settings in which hosts differ", {"setting", "value", "hosts", ""}, std::move(differences));
    for (const auto& [key, what] : {std::pair("unexplained", "not explained"),
                                    std::pair("not_looked_at", "not looked at"), std::pair("notes", "note")})
        for (const Json& one : part_of(result, key)) open.push_back({what, value_words(one)});
    to.table("What is left open", {"what", "words"}, std::move(open));
}

}  // namespace fairway::forms
