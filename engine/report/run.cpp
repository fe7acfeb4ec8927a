// See run.hpp.
#include "engine/report/run.hpp"

#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/text.hpp"

namespace fairway::report {
namespace {

Json time_or_null(std::int64_t at) { return at == 0 ? Json(nullptr) : Json(show_time(at)); }

std::string way_on(const Applied& applied) {
    if (applied.ending == Ending::complete) return {};
    if (applied.ending == Ending::in_doubt)
        return fmt::format(
            "Look at that value first: it is neither what it was nor what was written.\n"
            "Then: fairway rollback {}\n",
            applied.run);
    return fmt::format("Go on:    fairway apply --resume {0}\nGo back:  fairway rollback {0}\n", applied.run);
}

std::string_view transport_words(std::string_view transport) {
    return transport == "smb" ? "SMB" : transport == "compression" ? "TCP, compressed" : "TCP";
}

}  // namespace

std::string text(const Applied& applied, std::size_t changes, const Style& style) {
    const bool complete = applied.ending == Ending::complete;
    std::string out;
    if (!applied.because.empty()) out += style(Paint::bad, fairway::text::printable_lines(applied.because)) + "\n";
    out +=
        fmt::format("{}  run {}: {}  changed {}  left {}  of {}\n", style(complete ? Paint::good : Paint::bad, "RECAP"),
                    applied.run, name(applied.ending), applied.done, applied.left, changes);
    return out + way_on(applied);
}

Json json(const Applied& applied) {
    return {{"run", applied.run},
            {"ending", name(applied.ending)},
            {"changed", applied.done},
            {"left", applied.left},
            {"because", applied.because}};
}

std::string text(const Trial& trial, const Style& style) {
    const bool tour = trial.move.from != trial.move.to;
    const std::string where = tour ? fmt::format("{} → {}", trial.move.from, trial.move.to)
                                   : fmt::format("migration domain {}", trial.move.from);
    if (!trial.proof)
        return fmt::format("  {} trial move {}: {}\n", style(Paint::bad, "✗"), where,
                           fairway::text::printable(trial.proof.error().text));
    const MoveProof& proof = *trial.proof;
    return fmt::format("  {} trial move {} of {}{}{}{}\n", style(Paint::good, "✓"), where, trial.move.vm,
                       proof.disks ? fmt::format(" with {} of its disks", *proof.disks) : "",
                       fmt::format("  by {}", transport_words(proof.transport)),
                       proof.took.count() > 0 ? fmt::format("  {} ms", proof.took.count()) : "");
}

Json json(const Trial& trial) {
    Json out = {{"vm", trial.move.vm},
                {"from", trial.move.from},
                {"to", trial.move.to},
                {"storage", trial.move.storage},
                {"moved", trial.proof.has_value()}};
    if (!trial.proof) {
        out["error"] = trial.proof.error().text;
    } else {
        out["job"] = trial.proof->job;
        out["took_ms"] = trial.proof->took.count();
        out["transport"] = trial.proof->transport;
        if (trial.proof->disks) out["disks"] = *trial.proof->disks;
    }
    return out;
}

std::string text(const std::vector<RunLine>& history, const Style& style) {
    if (history.empty()) return "No run yet.\n";
    std::vector<std::vector<std::string>> rows = {{"run", "what", "ticket", "end", "changes", "by", "started"}};
    for (std::string& head : rows[0]) head = style(Paint::bold, head);
    for (const RunLine& line : history) {
        const std::string what =
            line.rolls_back.empty() ? fairway::text::printable(line.source) : "rollback of " + line.rolls_back;
        const std::string end = line.end.empty() ? style(Paint::bad, "no end: killed, or running now") : line.end;
        rows.push_back({line.id, what, line.ticket.empty() ? "-" : fairway::text::printable(line.ticket), end,
                        fmt::format("{} of {}", line.done, line.changes), line.who + "@" + line.host,
                        show_time(line.started)});
    }
    return table(rows, "");
}

Json json(const std::vector<RunLine>& history) {
    Json out = Json::array();
    for (const RunLine& line : history)
        out.push_back({{"run", line.id},
                       {"estate", line.estate},
                       {"purpose", name(line.purpose)},
                       {"source", line.source},
                       {"rolls_back", line.rolls_back},
                       {"ticket", line.ticket},
                       {"who", line.who},
                       {"host", line.host},
                       {"started", time_or_null(line.started)},
                       {"ended", time_or_null(line.ended)},
                       {"end", line.end},
                       {"changes", line.changes},
                       {"done", line.done}});
    return out;
}

}  // namespace fairway::report
