// See look.hpp.
#include "engine/watch/look.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <tuple>

#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"

namespace fairway::watch {
namespace {

constexpr std::size_t most_text = 400;  // of one text in a message

// Which object a finding is about, and which setting of it.
using Of = std::tuple<std::string, std::string, std::string, std::string>;  // object, kind, setting, rule

std::string brief(const std::string& text) {
    if (text.size() <= most_text) return text;
    std::size_t end = most_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "…";
}

std::string sid_of(const std::string& object, const Snapshot& snapshot) {
    const auto it = snapshot.readings.find({object, &setting::account_sid});
    if (it == snapshot.readings.end() || !it->second || !*it->second) return {};
    const auto* sid = std::get_if<std::string>(&**it->second);
    return sid ? *sid : std::string();
}

bool is_unread(Verdict verdict) { return verdict == Verdict::unreadable || verdict == Verdict::unknown; }

Subject subject_of(const Finding& finding, const Snapshot& snapshot) {
    const Address& address = finding.address;
    return {Sort::value,
            address.object,
            sid_of(address.object, snapshot),
            std::string(name(address.kind())),
            std::string(address.setting->name),
            finding.rule};
}

Noticed noticed(const Finding& finding, const Look& look) {
    Detail detail{finding.severity, brief(finding.because), {}, {}, {}};
    if (finding.held) detail.held = brief(show(*finding.address.setting, *finding.held));
    if (finding.remedy) detail.wanted = brief(show(*finding.address.setting, *finding.remedy));
    if (const auto it = look.wrote.find(finding.address); it != look.wrote.end()) detail.wrote = it->second;
    return {subject_of(finding, look.snapshot), std::move(detail)};
}

Subject subject_of(const EstateFinding& finding) {
    return {Sort::estate,
            finding.object,
            {},
            {},
            std::string(name(finding.fault)),
            finding.dn.empty() ? finding.condition : finding.dn};
}

// Not what is unknown only because of another object: that one has a finding of its own.
std::optional<std::string> why_unread(const Finding& finding) {
    if (finding.verdict == Verdict::unreadable) return "cannot be read: " + brief(finding.because);
    const bool asks = finding.verdict == Verdict::unknown && finding.doubt && finding.doubt->code == Code::refused;
    return asks ? std::optional("cannot be judged: " + brief(finding.because)) : std::nullopt;
}

// One for each host and account that was not read as a whole.
std::vector<Noticed> unread(const Look& look) {
    std::vector<Noticed> out;
    std::set<std::pair<std::string_view, Kind>> had;
    for (const Finding& finding : look.findings) {
        const Address& address = finding.address;
        const auto why = why_unread(finding);
        if (!why || !had.emplace(address.object, address.kind()).second) continue;
        const std::string sid = sid_of(address.object, look.snapshot), kind(name(address.kind()));
        out.push_back({{Sort::unread, address.object, sid, kind, {}, {}}, {Severity::medium, *why, {}, {}, {}}});
    }
    return out;
}

Fate fate_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::excepted: return Fate::excepted;
        case Verdict::absent: return Fate::absent;
        case Verdict::unreadable:
        case Verdict::unknown: return Fate::unread;
        case Verdict::compliant:
        case Verdict::drifted:
        case Verdict::conflict:
        case Verdict::busy: break;
    }
    return Fate::complies;
}

// What a fault of the estate is known by. While that cannot be read, a fault that is not found may be there all the
// same.
enum class KnownBy { documents, its_host, all_hosts, paths, journal };

KnownBy known_by(std::string_view fault) {
    for (const auto& [one, by] : {std::pair{EstateFault::paths_closed, KnownBy::paths},
                                  {EstateFault::odd_delegation, KnownBy::its_host},
                                  {EstateFault::vanished_class, KnownBy::its_host},
                                  {EstateFault::no_hyperv, KnownBy::all_hosts},
                                  {EstateFault::name_claimed, KnownBy::all_hosts},
                                  {EstateFault::glass_open, KnownBy::journal},
                                  {EstateFault::glass_past, KnownBy::journal}})
        if (name(one) == fault) return by;
    return KnownBy::documents;
}

// By name and by SID what the audit says of each want.
struct Verdicts {
    std::map<Of, Verdict> of;
    std::map<std::string, std::string> name_of_sid, sid_of_name;  // as the objects are called now
    std::set<std::string> unread;                                 // objects
};

Verdicts verdicts_of(const Look& look) {
    Verdicts out;
    for (const Finding& finding : look.findings) {
        const Subject subject = subject_of(finding, look.snapshot);
        out.of.try_emplace({subject.object, subject.kind, subject.setting, subject.rule}, finding.verdict);
        if (!subject.sid.empty()) {
            out.name_of_sid.try_emplace(subject.sid, subject.object);
            out.sid_of_name.try_emplace(subject.object, subject.sid);
        }
        if (is_unread(finding.verdict)) out.unread.insert(subject.object);
    }
    return out;
}

// A host that the audit left out by choice (--host, --except) is not spoken of.
bool is_left_out(const Subject& subject, const Look& look) {
    const Host* host = look.inventory.find(subject.object);
    return host && !host->not_covered.empty();
}

Fate fate_of_estate(const Subject& subject, const Look& look, const Verdicts& verdicts) {
    bool unsure = false;
    switch (known_by(subject.setting)) {
        case KnownBy::documents: break;
        case KnownBy::its_host: unsure = verdicts.unread.contains(subject.object); break;
        case KnownBy::all_hosts: unsure = !verdicts.unread.empty(); break;
        case KnownBy::paths: unsure = look.unknown_paths > 0; break;
        case KnownBy::journal: unsure = !look.journal_read; break;
    }
    return unsure ? Fate::unread : Fate::complies;
}

Fate fate_of_value(const Subject& subject, const Verdicts& verdicts) {
    std::string object = subject.object;
    if (const auto it = verdicts.name_of_sid.find(subject.sid); it != verdicts.name_of_sid.end()) object = it->second;
    else if (!subject.sid.empty() && verdicts.sid_of_name.contains(object)) return Fate::not_asked;  // another account
    const auto it = verdicts.of.find({object, subject.kind, subject.setting, subject.rule});
    return it == verdicts.of.end() ? Fate::not_asked : fate_of(it->second);
}

}  // namespace

Seen seen_by(const Look& look, std::span<const Episode> known) {
    Seen out;
    for (const Finding& finding : look.findings)
        if (finding.verdict == Verdict::drifted) out.findings.push_back(noticed(finding, look));
    for (const EstateFinding& one : look.estate_findings)
        out.findings.push_back({subject_of(one), {severity_of(one.fault), brief(one.because), {}, {}, {}}});
    for (Noticed& one : unread(look)) out.findings.push_back(std::move(one));
    const Verdicts verdicts = verdicts_of(look);
    for (const Episode& one : known) {
        if (one.ended) continue;
        if (is_left_out(one.subject, look)) {
            out.fates[one.number] = Fate::unread;
            continue;
        }
        switch (one.subject.sort) {
            case Sort::value: out.fates[one.number] = fate_of_value(one.subject, verdicts); break;
            case Sort::estate: out.fates[one.number] = fate_of_estate(one.subject, look, verdicts); break;
            case Sort::unread:
            case Sort::audit: out.fates[one.number] = Fate::complies; break;
        }
    }
    return out;
}

std::vector<Address> drifted(const std::vector<Finding>& findings) {
    std::vector<Address> out;
    for (const Finding& finding : findings)
        if (finding.verdict == Verdict::drifted) out.push_back(finding.address);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

Wrote wrote(const Blamed& blamed) {
    Wrote out{std::string(name(blamed.whose)),
              brief(blamed.because),
              blamed.run,
              blamed.who,
              blamed.ticket,
              blamed.controller,
              blamed.stamp ? blamed.stamp->time : 0};
    return out;
}

Wrote wrote(const Address& address, const Held& held, const Result<std::vector<Run>>& runs) {
    Wrote out;
    if (!runs) {
        out.because = brief(runs.error().text);
        return out;
    }
    for (auto run = runs->rbegin(); run != runs->rend(); ++run) {
        const std::vector<const Change*> changes = numbered(run->plan);
        for (const auto& [number, step] : last_steps(*run)) {
            if (number >= changes.size() || changes[number]->address != address) continue;
            if (step->outcome != Outcome::done) continue;
            const bool ours = held && *held == changes[number]->after;
            out.whose = ours ? "ours" : "somebody else";
            out.because = fmt::format("it {} what run {} left there", ours ? "holds" : "no longer holds", run->id);
            out.run = ours ? run->id : std::string();
            out.who = ours ? run->who + "@" + run->host : std::string();
            out.ticket = ours ? run->plan.ticket : std::string();
            return out;
        }
    }
    out.because = "no run of this journal wrote it, and a host does not say when a setting changed";
    return out;
}

}  // namespace fairway::watch
