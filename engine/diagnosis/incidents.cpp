// See incidents.hpp.
#include "engine/diagnosis/incidents.hpp"

#include <algorithm>
#include <cctype>
#include <ranges>

#include "engine/base/guid.hpp"
#include "engine/base/quoted.hpp"
#include "engine/base/text.hpp"
#include "engine/diagnosis/diagnose.hpp"

namespace fairway {
namespace {

constexpr std::string_view common = "Microsoft-Windows-", winrm_provider = "Microsoft-Windows-WinRM";
constexpr std::string_view cluster_provider = "Microsoft-Windows-Hyper-V-High-Availability";
constexpr std::int64_t together_us = 30'000'000;    // events of one failure stand within this time
constexpr std::int64_t longest_us = 3'600'000'000;  // a move takes no longer than this

bool is_word(char c) { return text::is_alnum(c) || c == '-' || c == '.'; }

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

template <class Take>
void words(std::string_view text, Take take) {
    for (std::size_t at = 0; at < text.size();) {
        if (!is_word(text[at])) {
            ++at;
            continue;
        }
        auto end = at;
        while (end < text.size() && is_word(text[end])) ++end;
        std::string_view word = text.substr(at, end - at);
        at = end;
        while (word.ends_with('.')) word.remove_suffix(1);
        if (!word.empty()) take(word);
    }
}

// A value that could be a host's name and nothing else.
bool like_a_host(std::string_view value) {
    return !value.empty() && value.size() < 256 && !is_guid(value) &&
           std::all_of(value.begin(), value.end(), is_word) &&
           std::any_of(value.begin(), value.end(), text::is_letter) && !value.starts_with("0x");
}

// VMMS names the other host of a connection that could not be made.
constexpr std::uint32_t no_connection = 20306;

// What the cluster says of a move: the resource ("Virtual Machine web02"), the VM, and a node, in values or in quotes.
// Whatever stands at the end of another name is the VM.
std::vector<std::string> nodes_in(const LogEvent& event) {
    std::vector<std::string> names, out;
    for (const LogEvent::Datum& datum : event.data) names.push_back(datum.value);
    const auto add = [&](std::string_view text) {
        for (const std::string_view name : quoted_names(text)) names.emplace_back(name);
    };
    for (const LogEvent::Datum& datum : event.data) add(datum.value);
    add(event.message);
    for (const std::string& name : names) {
        const bool vm = std::any_of(names.begin(), names.end(), [&](const std::string& other) {
            return other.size() > name.size() && other.ends_with(" " + name);
        });
        if (!vm && like_a_host(name)) out.push_back(name);
    }
    return out;
}

// The destination is the last parameter of a start, and the first, or what is in quotes, of a connection that failed.
std::vector<std::string_view> named_destinations(const LogEvent& event) {
    const EventRow* row = find_event(event);
    const bool starts = row && row->role == Role::start, failed = is_of_hyper_v(event) && event.id == no_connection;
    if (!starts && !failed) return {};
    if (event.data.empty()) return failed ? quoted_names(event.message) : std::vector<std::string_view>();
    return {starts ? event.data.back().value : event.data.front().value};
}

// HV05, as people write names of hosts.
bool in_capitals(std::string_view word) {
    return word.size() <= 15 && std::any_of(word.begin(), word.end(), text::is_digit) &&
           text::is_letter(word.front()) && std::all_of(word.begin(), word.end(), [](char c) {
               return text::is_digit(c) || c == '-' || (c >= 'A' && c <= 'Z');
           });
}

}  // namespace

std::string short_name(std::string_view host) {
    const bool address =
        !host.empty() && std::all_of(host.begin(), host.end(), [](char c) { return text::is_digit(c) || c == '.'; });
    return upper(address ? host : host.substr(0, host.find('.')));
}

const EventRow* find_event(const LogEvent& event) {
    std::string_view provider = event.provider;
    if (provider.starts_with(common)) provider.remove_prefix(common.size());
    const auto all = event_table();
    const auto it = std::find_if(all.begin(), all.end(),
                                 [&](const EventRow& row) { return row.id == event.id && row.provider == provider; });
    return it == all.end() ? nullptr : &*it;
}

bool is_of_hyper_v(const LogEvent& event) {
    return event.provider == "Microsoft-Windows-Hyper-V-VMMS" || event.provider == "Microsoft-Windows-Hyper-V-Worker" ||
           event.provider == "Microsoft-Windows-Hyper-V-High-Availability";
}

Incidents::Incidents(std::span<const LogEvent> events, std::span<const std::string> hosts) {
    for (const std::string& host : hosts) hosts_.insert(short_name(host));
    for (const LogEvent& event : events) learn_hosts(event);
    for (const LogEvent& event : events) learn_move(event);
    for (auto* moves : {&starts_, &frames_}) std::ranges::stable_sort(*moves, {}, &Move::at_us);
}

void Incidents::learn_hosts(const LogEvent& event) {
    if (is_of_hyper_v(event)) hosts_.insert(short_name(event.computer));
    if (event.provider == cluster_provider)
        for (const std::string& node : nodes_in(event)) hosts_.insert(short_name(node));
    if (event.provider == winrm_provider)
        words(event.message, [&](std::string_view word) {
            if (in_capitals(word)) hosts_.insert(std::string(word));
        });
    for (const std::string_view name : named_destinations(event))
        if (like_a_host(name)) hosts_.insert(short_name(name));
}

void Incidents::learn_move(const LogEvent& event) {
    const EventRow* row = find_event(event);
    if (event.provider == winrm_provider)
        frames_of_winrm_.push_back({short_name(event.computer), last_of(mentions(event)), {}, {}, event.time_us});
    if (!row || (row->role != Role::start && row->role != Role::silent && row->role != Role::done)) return;
    const Mentions said = mentions(event);
    Move move{short_name(event.computer), last_of(said), {}, said.vm_id, event.time_us};
    if (!event.data.empty()) move.vm = event.data.front().value;
    if (row->at_destination) std::swap(move.from, move.to);
    if (row->role == Role::done) {
        note_last(done_by_id_, move.vm_id, move.at_us);
        note_last(done_by_name_, move.vm, move.at_us);
    } else {
        (row->role == Role::start ? starts_ : frames_).push_back(std::move(move));
    }
}

void Incidents::note_last(LastDone& last, const std::string& vm, std::int64_t at_us) {
    std::int64_t& latest = last.try_emplace(vm, at_us).first->second;
    latest = std::max(latest, at_us);
}

std::pair<Incidents::Place, Incidents::Place> Incidents::around(const std::vector<Move>& moves, std::int64_t first_us,
                                                                std::int64_t last_us) {
    return {std::ranges::lower_bound(moves, first_us, {}, &Move::at_us),
            std::ranges::upper_bound(moves, last_us, {}, &Move::at_us)};
}

std::string Incidents::last_of(const Mentions& said) { return said.hosts.empty() ? std::string() : said.hosts.back(); }

Incidents::Mentions Incidents::mentions(const LogEvent& event) const {
    Mentions out;
    const std::string here = short_name(event.computer);
    const auto take = [&](std::string_view word) {
        if (is_guid(word) && out.vm_id.empty()) out.vm_id = upper(word);
        std::string name = short_name(word);
        if (name != here && is_host(name) && std::find(out.hosts.begin(), out.hosts.end(), name) == out.hosts.end())
            out.hosts.push_back(std::move(name));
    };
    for (const LogEvent::Datum& datum : event.data) {
        words(datum.value, take);
        out.names.push_back(datum.value);
    }
    words(event.message, take);
    for (const std::string_view name : quoted_names(event.message)) out.names.emplace_back(name);
    return out;
}

// The last start before it that names the same VM; or else, close to it, one of the same two hosts.
const Move* Incidents::started(const LogEvent& event, const Mentions& said) const {
    const std::string here = short_name(event.computer);
    const Move* best = nullptr;
    // A clock in a zone nobody knows is compared with none.
    const auto [first, last] = event.zoneless
                                   ? std::pair(starts_.begin(), starts_.end())
                                   : around(starts_, event.time_us - longest_us, event.time_us + together_us);
    for (const Move& move : std::ranges::subrange(first, last)) {
        const bool same_vm =
            (!said.vm_id.empty() && said.vm_id == move.vm_id) ||
            (!move.vm.empty() && std::find(said.names.begin(), said.names.end(), move.vm) != said.names.end());
        const bool same_hosts = move.from == here && (said.hosts.empty() || said.hosts.back() == move.to);
        const std::int64_t since = event.time_us - move.at_us;
        const bool in_time = event.zoneless || (since >= -together_us && since <= (same_vm ? longest_us : together_us));
        if (!(same_vm || (same_hosts && !event.zoneless)) || !in_time) continue;
        if (!best || move.at_us > best->at_us) best = &move;
    }
    return best;
}

Move Incidents::of(const LogEvent& event) const {
    const Mentions said = mentions(event);
    const std::string here = short_name(event.computer);
    if (const Move* move = started(event, said)) return *move;
    const EventRow* row = find_event(event);
    const bool at_destination = (row && row->at_destination) || event.provider.ends_with("Hyper-V-Worker");
    Move out{here, last_of(said), {}, said.vm_id, event.time_us};
    if (event.provider == winrm_provider && out.to.empty())
        for (const Move& frame : frames_of_winrm_)
            if (frame.from == here && !frame.to.empty() && std::abs(frame.at_us - event.time_us) <= together_us)
                out.to = frame.to;
    if (at_destination) std::swap(out.from, out.to);
    if (event.zoneless) return out;
    const auto [first, last] = around(frames_, event.time_us - together_us, event.time_us + together_us);
    for (const Move& frame : std::ranges::subrange(first, last)) {
        if (frame.from != here && frame.to != here) continue;
        out.vm = frame.vm;
        if (out.vm_id.empty()) out.vm_id = frame.vm_id;
    }
    return out;
}

bool Incidents::made_good(const Move& failed) const {
    const auto later = [&](const LastDone& last, const std::string& vm) {
        const auto it = last.find(vm);
        return !vm.empty() && it != last.end() && it->second > failed.at_us;
    };
    return later(done_by_id_, failed.vm_id) || later(done_by_name_, failed.vm);
}

}  // namespace fairway
