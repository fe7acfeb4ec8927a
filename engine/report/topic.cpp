// See topic.hpp.
#include "engine/report/topic.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/diagnosis/cause_table.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/estate_finding.hpp"
#include "engine/model/want.hpp"
#include "engine/names/spn_health.hpp"
#include "engine/paths/conditions.hpp"
#include "engine/plan/risk.hpp"
#include "engine/report/estate.hpp"
#include "engine/report/layout.hpp"

namespace fairway::report {
namespace {

struct FaultWords {
    std::string_view what, fix;
};

// In the order of EstateFault.
constexpr std::array<FaultWords, all_estate_faults.size()> estate_faults = {{
    {"A search found this account, and it can be no host: its name, its flags or its operating system rule it out.",
     "exclude it in the inventory's search, or correct the account"},
    {"A search found this computer, and its host shows no live migration; it is left out.",
     "exclude it in the inventory's search, or install the Hyper-V role there"},
    {"A search found this account, and it says that it has the name of another host; it is left out.",
     "ask who changed the account; correct its dNSHostName"},
    {"Searches put one host into two migration domains.", "let the searches of the inventory not overlap"},
    {"A migration domain has one host, so nothing moves there.", "add its peers, or take the domain away"},
    {"An exception of the policy names a host that is not in the inventory, or not now.",
     "take the exception away, or correct the host's name"},
    {"A rule of the policy selects no host, or none now.", "correct what the rule selects, or take it away"},
    {"Paths are closed by a condition that no rule of the policy opens.",
     "`fairway explain FROM TO` says which value closes a path; add a rule for it, or correct it by hand"},
    {"A host may delegate to a name that no client asks for, or to one of another domain.",
     "correct the name in msDS-AllowedToDelegateTo"},
    {"A rule asks for the peers of a host, and the host has none.",
     "give its migration domain a second host, or exclude the host from the rule"},
    {"A host may delegate to a computer that is gone, by a service class that no rule takes away.",
     "find out who needed it, and remove the value by hand"},
    {"A break-glass run changed this host, and that is not put back yet: it uses CredSSP until then.",
     "`fairway expire` rolls it back when its time is over; `fairway rollback RUN` does it now"},
    {"A break-glass run is past its end, and what it changed at this host is not known to be put back.",
     "run `fairway expire` now; if a timer is to do it (break-glass --install-timer), see why it did not come to it"},
}};

// In the order of NameFault.
constexpr std::array<FaultWords, all_name_faults.size()> name_faults = {{
    {"The host's own account is not there, or hidden from the reader.",
     "join the host to the domain, or correct its name in the inventory"},
    {"A client needs this name, and no account has it, so nobody gets a ticket for the service.",
     "register it: setting spn.migration, setspn -S, or a restart of vmms on the host"},
    {"An account has the name, and it is not the one that the name belongs to: the host cannot read the tickets "
     "(0x80090322).",
     "ask the account's owner; take the name from there and register it where it belongs"},
    {"Several accounts have the name; a domain controller that finds several gives no ticket.",
     "find out which is right, and take it from the others (setspn -D)"},
    {"One account has the name as written, another one through an alias such as HOST: the written one counts.",
     "take the written name away, unless it is there on purpose"},
    {"A disabled account has the name, and no ticket is made for it.",
     "enable the account; or delete it where the host is gone for good"},
    {"The name speaks of a computer that no account stands for.", "take it away after asking its owner"},
    {"The name is written so that no client asks for it.", "register it in the right form, and take this one away"},
    {"One account has the name in several spellings.", "keep one of them; nothing is broken by it"},
    {"A host may delegate to a name that nobody has and that is no computer's.",
     "take the value from msDS-AllowedToDelegateTo: a rule with `gone` does it"},
}};

std::string values(const Setting& row) {
    if (row.type == Type::boolean) return "true, false";
    if (row.type == Type::integer)
        return fmt::format("{} to {}{}{}", row.least, row.most, row.unit.empty() ? "" : " ", row.unit);
    if (row.type == Type::set)
        return fmt::format("a set{}; each element {}",
                           row.most_elements ? fmt::format(" of at most {}", row.most_elements) : "", row.element);
    if (row.choices.empty()) return "text";
    return fairway::text::join(std::vector<std::string>(row.choices.begin(), row.choices.end()), ", ");
}

// How codes, events and results of the KDC show this cause.
std::string shown_by(std::string_view cause) {
    std::vector<std::string> out;
    for (const CodeCause& row : code_table())
        if (row.cause == cause) out.push_back(fmt::format("0x{:08x} {}", row.code, row.symbol));
    for (const EventRow& row : event_table())
        if (row.cause == cause) out.push_back(fmt::format("event {} of {}", row.id, row.provider));
    for (const KdcRow& row : kdc_table())
        if (row.cause == cause) out.push_back(fmt::format("event 4769 with 0x{:x} {}", row.status, row.symbol));
    return fairway::text::join(out, ", ");
}

void add(Topic& topic, std::string_view label, std::string_view text) {
    if (!text.empty()) topic.lines.emplace_back(label, text);
}

Topic topic_of(const CauseRow& row) {
    Topic out{std::string(row.id), "cause of failed moves", fmt::format("Moves fail, because {}.", row.says)};
    add(out, "fix", row.fix);
    add(out, "part of", row.family);
    add(out, "closes", row.condition.empty() ? "" : fmt::format("paths, by the condition `{}`", row.condition));
    add(out, "source", shown_by(row.id));
    return out;
}

Topic topic_of(const ConditionRow& row) {
    Topic out{std::string(row.name), "condition of a path", {}};
    for (const CauseRow& cause : cause_table()) {
        if (cause.condition != row.name) continue;
        out.what = fmt::format("Where it is not met, {}.", cause.says);
        add(out, "fix", cause.fix);
    }
    std::vector<std::string> from;
    for (const Setting* setting : row.rests_on) from.emplace_back(setting->name);
    add(out, "source", fairway::text::join(from, ", "));
    return out;
}

Topic topic_of(std::string_view id, std::string_view kind, const FaultWords& words, std::string_view risk = {}) {
    Topic out{std::string(id), std::string(kind), std::string(words.what)};
    add(out, "risk", risk);
    add(out, "fix", words.fix);
    return out;
}

template <class See>
void each(const See& see) {
    for (const Setting* row : catalogue()) see(report::topic_of(*row), row->name);
    for (const CauseRow& row : cause_table()) see(topic_of(row), row.id);
    for (const ConditionRow& row : conditions()) see(topic_of(row), row.name);
    for (std::size_t i = 0; i < estate_faults.size(); ++i) {
        const EstateFault fault = all_estate_faults[i];
        see(topic_of(name(fault), "fault of the estate", estate_faults[i], name(severity_of(fault))), words(fault));
    }
    for (std::size_t i = 0; i < name_faults.size(); ++i)
        see(topic_of(name(all_name_faults[i]), "fault of a service principal name", name_faults[i]),
            name(all_name_faults[i]));
}

std::string plain(std::string_view id) {
    std::string out = fairway::text::fold(id);
    for (char& c : out)
        if (c == '_' || c == ' ') c = '-';
    return out;
}

}  // namespace

Topic topic_of(const Setting& row) {
    const bool fact = row.access == Access::fact;
    Topic out{std::string(row.name),
              fmt::format("{} of a {}{}", name(row.type), name(row.kind),
                          fact                               ? ", only read"
                          : row.access == Access::by_command ? ", written by a command of its own"
                                                             : ""),
              std::string(row.doc)};
    add(out, "values", values(row));
    add(out, "from", row.source);
    if (fact) return out;
    add(out, "change",
        fmt::format("made in the {} phase, undone {}", name(row_of(row.kind).stage),
                    row.undo == Undo::exact ? "exactly" : "element by element"));
    add(out, "equals", row.cmdlet);
    for (const RiskRow* one : risks_of(row))
        add(out, "risk", fmt::format("{}: {}; {}", name(one->risk), one->when, one->because));
    return out;
}

std::vector<Topic> topics(std::string_view id) {
    std::vector<Topic> out;
    each([&](Topic topic, std::string_view shown) {
        if (plain(topic.id) == plain(id) || plain(shown) == plain(id)) out.push_back(std::move(topic));
    });
    return out;
}

std::vector<std::string> topic_ids() {
    std::vector<std::string> out;
    each([&](const Topic& topic, std::string_view) { out.push_back(topic.id); });
    return out;
}

std::string text(const Topic& topic, const Style& style) {
    std::string out = fmt::format("{}  ({})\n", style(Paint::bold, topic.id), topic.kind);
    constexpr std::size_t widest = 101;  // on a terminal or not: these are paragraphs to read
    Style narrow = style;
    narrow.columns = style.columns == 0 ? widest : std::min(widest, style.columns);
    if (!topic.what.empty()) out += wrapped(topic.what, narrow, "    ", 4);
    for (const auto& [label, line] : topic.lines)
        out += wrapped(line, narrow, fmt::format("{:<12}", fmt::format("    {} ", label)), 12);
    return out;
}

Json json(const std::vector<Topic>& topics) {
    Json out = Json::array();
    for (const Topic& topic : topics) {
        Json one = {{"id", topic.id}, {"kind", topic.kind}, {"what", topic.what}};
        for (const auto& [label, line] : topic.lines) one["lines"].push_back({{"label", label}, {"text", line}});
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace fairway::report
