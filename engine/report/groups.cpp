// See groups.hpp.
#include "engine/report/groups.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>

#include "engine/base/text.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t many = 3;  // reasons of one setting and rule that are still distinguished

// What findings of one group share; `cause` distinguishes those of one setting and rule.
using GroupKind = std::tuple<Verdict, Severity, const Setting*, std::string_view>;

GroupKind kind_of(const Finding& finding) {
    return {finding.verdict, finding.severity, finding.address.setting, finding.rule};
}

// How long the IP address is that begins there, as far as its look shows; 0: none does.
std::size_t address_at(std::string_view text, std::size_t at) {
    std::size_t end = at, dots = 0, colons = 0;
    for (; end < text.size() && (text::hex_digit(text[end]) >= 0 || text[end] == '.' || text[end] == ':'); ++end) {
        dots += text[end] == '.';
        colons += text[end] == ':';
    }
    while (end > at && (text[end - 1] == '.' || text[end - 1] == ':')) --end;  // of the sentence
    return dots == 3 || colons >= 2 ? end - at : 0;
}

bool is_name_part(char c) { return text::is_alnum(c) || c == '-' || c == '_'; }

// What findings of one setting have in common although their reasons differ: of sets how many values, of others the
// first.
std::string in_common(const std::vector<const Finding*>& findings) {
    ValueCounts counts;
    for (const Finding* finding : findings) {
        const Set* held = finding->held ? as_set(*finding->held) : nullptr;
        const Set* remedy = finding->remedy ? as_set(*finding->remedy) : nullptr;
        if (!held || !remedy) {
            const Finding& first = *findings.front();
            return fmt::format("{}: {}; the others differ in that", text::printable(first.address.object),
                               text::printable(first.because));
        }
        counts.add(finding->address.setting->key, *held, *remedy);
    }
    return counts.in_words("missing", "too many");
}

// Groups of one kind become one where there are many of them.
std::vector<Group> merged(std::vector<Group> groups) {
    std::map<GroupKind, std::size_t> sizes;
    for (const Group& group : groups) ++sizes[kind_of(*group.findings.front())];
    std::map<GroupKind, std::size_t> places;
    std::vector<Group> out;
    for (Group& group : groups) {
        const GroupKind kind = kind_of(*group.findings.front());
        if (sizes[kind] <= many) {
            out.push_back(std::move(group));
            continue;
        }
        const auto [it, fresh] = places.try_emplace(kind, out.size());
        if (fresh) out.push_back(std::move(group));
        else
            out[it->second].findings.insert(out[it->second].findings.end(), group.findings.begin(),
                                            group.findings.end());
    }
    for (const auto& [kind, place] : places) out[place].because = in_common(out[place].findings);
    return out;
}

}  // namespace

void ValueCounts::Range::add(std::size_t n) {
    if (n == 0) return;
    least = most == 0 ? n : std::min(least, n);
    most = std::max(most, n);
}

std::string ValueCounts::Range::in_words(std::string_view what) const {
    const std::string number = least == most ? std::to_string(most) : fmt::format("{} to {}", least, most);
    return fmt::format("{} value{} {}", number, most == 1 ? "" : "s", what);
}

void ValueCounts::add(Key key, const Set& before, const Set& after) {
    added_.add(subtract(key, after, before).size());
    taken_.add(subtract(key, before, after).size());
}

std::string ValueCounts::in_words(std::string_view added, std::string_view taken) const {
    std::vector<std::string> parts;
    if (added_.most > 0) parts.push_back(added_.in_words(added));
    if (taken_.most > 0) parts.push_back(taken_.in_words(taken));
    return text::join(parts, ", ");
}

std::string cause_of(std::string_view because, std::string_view host) {
    std::string out;
    std::size_t at = 0;
    while (at < because.size()) {
        const bool begins = at == 0 || !is_name_part(because[at - 1]);
        const std::size_t end = at + host.size();
        if (begins && !host.empty() && text::same_folded(because.substr(at, host.size()), host) &&
            (end == because.size() || !is_name_part(because[end]))) {
            out += "…";
            at = end;
        } else if (const std::size_t address = begins ? address_at(because, at) : 0) {
            out += "…";
            at += address;
        } else {
            out += because[at++];
        }
    }
    return out;
}

std::vector<Group> grouped(const std::vector<Finding>& findings, const std::function<bool(const Finding&)>& about) {
    std::map<std::pair<GroupKind, std::string>, std::size_t> places;
    std::vector<Group> out;
    for (const Finding& finding : findings) {
        if (!about(finding)) continue;
        const auto [it, fresh] =
            places.try_emplace({kind_of(finding), cause_of(finding.because, finding.address.object)}, out.size());
        if (fresh) out.push_back({{}, text::printable(finding.because)});
        out[it->second].findings.push_back(&finding);
    }
    return merged(std::move(out));
}

std::vector<Group> ungrouped(const std::vector<Finding>& findings, const std::function<bool(const Finding&)>& about) {
    std::vector<Group> out;
    for (const Finding& finding : findings)
        if (about(finding)) out.push_back({{&finding}, text::printable(finding.because)});
    return out;
}

}  // namespace fairway::report
