// See failed_move.hpp.
#include "engine/diagnosis/failed_move.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/error_codes.hpp"
#include "engine/diagnosis/codes.hpp"
#include "engine/diagnosis/with_estate.hpp"

namespace fairway {
namespace {

constexpr std::uint32_t warning = 3;  // LogEvent::level: and below it errors

bool has_row(std::uint32_t code) { return find_code(code) != nullptr; }

bool tells_cause(std::uint32_t code) { return !find_code(code)->cause.empty(); }

std::optional<std::uint32_t> telling_code(const std::string& error) {
    const auto codes = codes_in(error, has_row);
    std::optional<std::uint32_t> known;
    for (const std::uint32_t code : codes) {
        if (!has_row(code)) continue;
        if (tells_cause(code)) return code;
        if (!known) known = code;
    }
    return known;
}

bool is_between(const Cause& cause, const std::string& from, const std::string& to) {
    return (cause.from.empty() || cause.from == from) && (cause.to.empty() || cause.to == to);
}

// The job's error speaks for a cause as an event would.
void add_code(std::vector<Cause>& causes, std::uint32_t code, const std::string& from, const std::string& to) {
    const CodeCause& row = *find_code(code);
    if (row.cause.empty()) return;
    const CauseRow& cause = cause_row(row.cause);
    const std::string says = fmt::format("the error of the move: {}", show_code(code));
    const auto same = std::find_if(causes.begin(), causes.end(), [&](const Cause& one) { return one.row == &cause; });
    if (same != causes.end()) same->evidence.push_back(says);
    else causes.push_back({.row = &cause, .from = from, .to = to, .proof = row.proof, .evidence = {says}});
}

}  // namespace

WhyFailed why_failed(FailedMove move) {
    const std::string from = short_name(move.path.from), to = short_name(move.path.to);
    WhyFailed out;
    for (const Condition& condition : move.path.conditions)
        if (condition.state == PathState::closed) out.closed.push_back(condition);
    out.code = telling_code(move.error);
    const std::string hosts[] = {from, to};
    Diagnosis diagnosis = diagnose(move.events, hosts);
    std::erase_if(diagnosis.causes, [&](const Cause& cause) { return !is_between(cause, from, to); });
    for (Cause& cause : diagnosis.causes) cause.from = from, cause.to = to;
    if (out.code) add_code(diagnosis.causes, *out.code, from, to);
    const PairSeen pair[] = {{.path = std::move(move.path)}};
    out.causes = with_estate(std::move(diagnosis), pair).causes;
    for (LogEvent& event : move.events)
        if (event.level > 0 && event.level <= warning) out.events.push_back(std::move(event));
    return out;
}

}  // namespace fairway
