// See diagnose.hpp.
#include "engine/diagnosis/diagnose.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "engine/base/clock.hpp"
#include "engine/base/text.hpp"
#include "engine/diagnosis/codes.hpp"
#include "engine/diagnosis/incidents.hpp"

namespace fairway {
namespace {

constexpr std::size_t most_evidence = 6;  // of one cause; more of the same says no more

// What one event says: the cause, how sure, and by what.
struct Word {
    std::string_view cause;
    Proof proof;
    std::string by;
};

// In its message or in a parameter.
bool holds(const LogEvent& event, std::string_view wanted) {
    const auto has = [&](std::string_view text) { return text.find(wanted) != std::string_view::npos; };
    return has(event.message) || std::any_of(event.data.begin(), event.data.end(),
                                             [&](const LogEvent::Datum& datum) { return has(datum.value); });
}

constexpr std::uint32_t access_denied = 0x80070005, configuration_not_registered = 20100;
constexpr std::string_view share = R"(\\)";  // how its path begins: then a refusal is about files

// The code that proves most, the first of several that prove the same.
std::optional<Word> by_codes(const LogEvent& event, std::vector<std::uint32_t>& unknown) {
    std::optional<Word> best;
    for (const std::uint32_t code : codes_of(event)) {
        const CodeCause* row = find_code(code);
        if (!row) unknown.push_back(code);
        if (!row || row->cause.empty() || (best && best->proof >= row->proof)) continue;
        best = Word{row->cause, row->proof, show_code(code)};
        if (code == access_denied && (event.id == configuration_not_registered || holds(event, share)))
            best = Word{"storage-access-denied", Proof::strong, show_code(code)};
    }
    if (best) unknown.clear();
    return best;
}

std::string place_of(const LogEvent& event) {
    const std::string when = event.zoneless ? event.time : show_time(event.time_us / 1'000'000);
    return fmt::format("{} {} event {}", when, short_name(event.computer), event.id);
}

// Event 4769 of a domain controller: who asked for a ticket to which service, and what the KDC answered.
struct Ticket {
    std::string account, service;
    std::uint32_t status = 0;
};

std::optional<Ticket> ticket_of(const LogEvent& event) {
    constexpr std::size_t account = 0, service = 2, status = 8;  // the order of its parameters
    if (event.id != 4769 || event.provider != "Microsoft-Windows-Security-Auditing") return std::nullopt;
    const auto part = [&](std::string_view name, std::size_t place) -> std::string {
        if (const std::string_view named = event.value(name); !named.empty()) return std::string(named);
        return place < event.data.size() && event.data[place].name.empty() ? event.data[place].value : std::string();
    };
    const std::string code = part("Status", status);
    if (!code.starts_with("0x")) return std::nullopt;
    const auto number = text::number<std::uint32_t>(std::string_view(code).substr(2), 16);
    if (!number) return std::nullopt;
    return Ticket{part("TargetUserName", account), part("ServiceName", service), *number};
}

// Services that moves need; of other services nobody asks here.
bool is_for_moves(std::string_view service) {
    const std::string_view type = service.substr(0, service.find('/'));
    for (const std::string_view one : {"Microsoft Virtual System Migration Service", "cifs", "host", "http", "wsman"})
        if (text::same_folded(type, one)) return true;
    return service.ends_with('$');
}

class Collector {
public:
    Collector(std::span<const LogEvent> events, std::span<const std::string> hosts) : incidents_(events, hosts) {
        std::vector<const LogEvent*> by_time;
        for (const LogEvent& event : events) by_time.push_back(&event);
        std::stable_sort(by_time.begin(), by_time.end(),
                         [](const LogEvent* a, const LogEvent* b) { return a->time_us < b->time_us; });
        for (const LogEvent* event : by_time) take(*event);
    }
    Diagnosis finish() &&;

private:
    void take(const LogEvent& event);
    void take(const LogEvent& event, const Ticket& ticket);
    void add(const LogEvent& event, const Word& word, const Move& move);
    void fold_families();

    Incidents incidents_;
    Diagnosis out_;
};

void Collector::take(const LogEvent& event) {
    if (const auto ticket = ticket_of(event)) return take(event, *ticket);
    const EventRow* row = find_event(event);
    // An event that no row knows is read where it is a failure of Hyper-V.
    const bool failure = is_of_hyper_v(event) && event.level >= 1 && event.level <= 3;
    const Role role = row ? row->role : failure ? Role::carries : Role::noise;
    if (role == Role::says) {
        if (row->needs.empty() || holds(event, row->needs)) {
            Move move = incidents_.of(event);
            // The host that could not register its names is where moves would go.
            if (!row->needs.empty()) move = {{}, short_name(event.computer), {}, {}, event.time_us};
            add(event, {row->cause, Proof::strong, {}}, move);
        }
        return;
    }
    if (role != Role::carries) return;
    std::vector<std::uint32_t> unknown;
    std::optional<Word> word = by_codes(event, unknown);
    if (!word && unknown.empty() && row && !row->cause.empty()) word = Word{row->cause, Proof::strong, {}};
    const Move move = incidents_.of(event);
    if (word) return add(event, *word, move);
    for (const std::uint32_t code : unknown)
        if (!incidents_.made_good(move))
            out_.unexplained.push_back(fmt::format("{}: {}", place_of(event), show_code(code)));
}

void Collector::take(const LogEvent& event, const Ticket& ticket) {
    const auto all = kdc_table();
    const auto row =
        std::find_if(all.begin(), all.end(), [&](const KdcRow& one) { return one.status == ticket.status; });
    if (row == all.end() || row->cause.empty() || !is_for_moves(ticket.service)) return;
    const auto host_of = [](std::string_view name) { return short_name(name.substr(0, name.find_first_of("$@"))); };
    const auto slash = ticket.service.find('/');
    const std::string_view service = ticket.service;
    Move move{ticket.account.find('$') == std::string::npos ? std::string() : host_of(ticket.account),
              host_of(slash == std::string::npos ? service : service.substr(slash + 1)),
              {},
              {},
              event.time_us};
    add(event,
        {row->cause, row->proof, fmt::format("the KDC answers 0x{:X} ({}) for {}", row->status, row->symbol, service)},
        move);
}

void Collector::add(const LogEvent& event, const Word& word, const Move& move) {
    if (incidents_.made_good(move)) {
        ++out_.made_good;
        return;
    }
    auto it = std::find_if(out_.causes.begin(), out_.causes.end(), [&](const Cause& one) {
        if (one.row->id != word.cause) return false;
        const bool same = one.to == move.to && (one.from == move.from || one.from.empty() || move.from.empty());
        // Of one host alone: an event that says which end it is decides.
        return same || (one.from == move.to && one.to.empty() && move.from.empty()) ||
               (one.to == move.from && one.from.empty() && move.to.empty());
    });
    if (it == out_.causes.end()) {
        out_.causes.push_back({.row = &cause_row(word.cause), .from = move.from, .to = move.to, .proof = word.proof});
        it = out_.causes.end() - 1;
    }
    if (it->to.empty() && !move.to.empty()) it->to = move.to, it->from = move.from;
    else if (it->from.empty() && it->to == move.to) it->from = move.from;
    it->proof = std::max(it->proof, word.proof);
    it->last_us = std::max(it->last_us, event.time_us);
    if (it->evidence.size() >= most_evidence) return;
    it->evidence.push_back(fmt::format("{}{}{}{}", place_of(event), word.by.empty() ? "" : ": ", word.by,
                                       move.vm.empty() ? "" : fmt::format(", VM {}", move.vm)));
}

// Where a member of a family is proven for the same hosts, what speaks for the family speaks for it.
void Collector::fold_families() {
    for (Cause& family : out_.causes) {
        const auto member = std::find_if(out_.causes.begin(), out_.causes.end(), [&](const Cause& one) {
            return one.row->family == family.row->id && one.to == family.to &&
                   (one.from == family.from || one.from.empty());
        });
        if (member == out_.causes.end()) continue;
        if (member->from.empty()) member->from = family.from;
        member->evidence.insert(member->evidence.end(), family.evidence.begin(), family.evidence.end());
        member->last_us = std::max(member->last_us, family.last_us);
        family.evidence.clear();
    }
    std::erase_if(out_.causes, [](const Cause& one) { return one.evidence.empty(); });
}

Diagnosis Collector::finish() && {
    fold_families();
    for (Cause& one : out_.causes)
        for (const CauseRow& row : cause_table())
            if (row.family == one.row->id) one.candidates.emplace_back(row.id);
    std::stable_sort(out_.causes.begin(), out_.causes.end(), [](const Cause& a, const Cause& b) {
        if (a.proof != b.proof) return a.proof > b.proof;
        if (a.evidence.size() != b.evidence.size()) return a.evidence.size() > b.evidence.size();
        return a.last_us > b.last_us;
    });
    return std::move(out_);
}

}  // namespace

std::string_view name(CheckState state) {
    constexpr std::array<std::string_view, 4> words = {"fine", "bad", "unknown", "noted"};
    return words.at(static_cast<std::size_t>(state));
}

Diagnosis diagnose(std::span<const LogEvent> events, std::span<const std::string> hosts) {
    return Collector(events, hosts).finish();
}

}  // namespace fairway
