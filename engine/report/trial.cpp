// See trial.hpp.
#include "engine/report/trial.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace fairway::report {
namespace {

using fairway::text::join;
using fairway::text::printable;

std::string_view by(std::string_view transport) {
    return transport == "smb" ? "SMB" : transport == "compression" ? "TCP, compressed" : "TCP";
}

std::string_view word_of(MoveProof::Stage stage) {
    switch (stage) {
        case MoveProof::Stage::preparing: return "preparing";
        case MoveProof::Stage::checking: return "checking";
        case MoveProof::Stage::moving: return "moving";
        case MoveProof::Stage::arriving: return "arriving";
        case MoveProof::Stage::proved: break;
    }
    return "proved";
}

// A tour that was refused has no move: it stands between a domain's name and itself.
std::string ends_of(const TrialMove& move) {
    return move.from == move.to ? fmt::format("migration domain {}", move.from)
                                : fmt::format("{} → {}", move.from, move.to);
}

std::string proof_line(const TrialMove& move, const MoveProof& proof) {
    std::string out = proof.check.empty() ? "" : "checked; ";
    if (!proof.job.empty()) out += fmt::format("job {}: {}; ", printable(proof.job), join(proof.states, " > "));
    out += fmt::format("gone at {}, running at {} under the same id", move.from, move.to);
    if (!proof.paths.empty()) out += fmt::format("; {} at their paths", count(proof.paths.size(), "virtual hard disk"));
    return out;
}

Json seats_json(const Account& account) {
    Json out = Json::array();
    for (const Seat& seat : account.seats) {
        Json one = {{"host", seat.host}};
        if (!seat.seen) {
            one["unread"] = seat.seen.error().text;
        } else {
            one["there"] = seat.seen->machine.has_value();
            one["running"] = seat.seen->machine && seat.seen->machine->running;
            one["planned"] = seat.seen->planned;
        }
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace

std::string under_way(const Trial& trial) {
    const std::string which = trial.home ? "home" : fmt::format("move {} of {}", trial.number, trial.of);
    return fmt::format("{} {} from {} to {}, {}", trial.proof.stage < MoveProof::Stage::moving ? "Checking" : "Moving",
                       trial.move.vm, trial.move.from, trial.move.to, which);
}

std::string text(const Trial& trial, const Style& style) {
    const TrialMove& move = trial.move;
    const MoveProof& proof = trial.proof;
    const std::string what = trial.home ? "move home" : "trial move";
    if (trial.failed) {
        std::string out =
            fmt::format("  {} {} {}: {}\n", style(Paint::bad, "✗"), what, ends_of(move), printable(trial.failed->text));
        if (trial.account) out += fmt::format("    {}: {}\n", move.vm, printable(in_words(*trial.account)));
        return out;
    }
    return fmt::format("  {} {} {} of {}{}{}{}\n      {}\n", style(Paint::good, "✓"), what, ends_of(move), move.vm,
                       proof.disks ? fmt::format(" with {} of its disks", *proof.disks) : "",
                       fmt::format("  by {}", by(proof.transport)),
                       proof.took.count() > 0 ? fmt::format("  {} ms", proof.took.count()) : "",
                       proof_line(move, proof));
}

Json json(const Trial& trial) {
    const MoveProof& proof = trial.proof;
    Json out = {{"vm", trial.move.vm},           {"from", trial.move.from}, {"to", trial.move.to},
                {"storage", trial.move.storage}, {"home", trial.home},      {"moved", !trial.failed},
                {"stage", word_of(proof.stage)}};
    if (!trial.move.id.empty()) out["id"] = trial.move.id;
    if (!proof.check.empty()) out["check"] = proof.check;
    if (!proof.job.empty()) out["job"] = proof.job;
    if (!proof.states.empty()) out["states"] = proof.states;
    if (!proof.transport.empty()) out["transport"] = proof.transport;
    if (proof.disks) out["disks"] = *proof.disks;
    if (!trial.failed) {
        out["took_ms"] = proof.took.count();
        out["paths"] = proof.paths;
    } else {
        out["error"] = trial.failed->text;
    }
    if (trial.account) {
        out["vm_at"] = seats_json(*trial.account);
        out["done"] = trial.account->done;
    }
    return out;
}

std::string text(const Toured& vm, const Style& style) {
    if (vm.at == vm.home) return {};
    const std::string where = vm.at.empty() ? fmt::format("nobody knows which host has {} now", vm.vm)
                                            : fmt::format("{} is on {} now", vm.vm, vm.at);
    return style(Paint::bad, fmt::format("! {} and not at home on {}", where, vm.home)) +
           fmt::format("; when both hosts answer: Move-VM -Name {} -DestinationHost {}\n", vm.vm, vm.home);
}

Json json(const Toured& vm) {
    return {{"vm", vm.vm}, {"id", vm.id}, {"home", vm.home}, {"at", vm.at.empty() ? Json(nullptr) : Json(vm.at)}};
}

}  // namespace fairway::report
