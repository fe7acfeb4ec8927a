// See gates.hpp.
#include "engine/run/gates.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

#include "engine/base/duration.hpp"
#include "engine/base/text.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/plan/premises.hpp"
#include "engine/run/look.hpp"
#include "engine/run/stale.hpp"
#include "engine/run/verify.hpp"

namespace fairway {
namespace {

constexpr std::size_t most_told = 10;

struct Answered {
    bool passed = false;
    std::vector<std::string> saw;
};

Answered passed(std::string saw) { return {true, {std::move(saw)}}; }

// Not passed: the first of many, and how many more there are.
Answered refused(std::vector<std::string> saw) {
    if (saw.size() > most_told) {
        const std::size_t more = saw.size() - most_told;
        saw.resize(most_told);
        saw.push_back(fmt::format("and {} more", more));
    }
    return {false, std::move(saw)};
}

// Hosts that the phase changes.
std::vector<const Host*> hosts_of(const Phase& phase, const Inventory& inventory) {
    std::set<std::string_view> names;
    for (const Change& change : phase.changes) names.insert(change.address.object);
    std::vector<const Host*> out;
    for (const Host& host : inventory.hosts)
        if (names.contains(host.name)) out.push_back(&host);
    return out;
}

// The changes up to the end of that phase that are not made.
std::set<std::string> hosts_behind(const Run& run, const Phase& done) {
    const auto steps = last_steps(run);
    const std::vector<const Change*> changes = numbered(run.plan);
    std::set<std::string> out;
    for (std::size_t number = 0; number < numbers_of(run.plan, done).end; ++number) {
        const auto step = steps.find(number);
        if (step == steps.end() || step->second->outcome != Outcome::done) out.insert(changes[number]->address.object);
    }
    return out;
}

// What is in doubt, and the run goes on without: whoever said so has judged it already.
std::set<Address> borne_in_doubt(const Run& run) {
    const std::vector<const Change*> changes = numbered(run.plan);
    std::set<Address> out;
    for (const auto& [number, step] : last_steps(run))
        if (step->outcome == Outcome::in_doubt) out.insert(changes[number]->address);
    return out;
}

// All gates of one phase look at the same reading, made when the first of them wants it.
class Look {
public:
    explicit Look(const Between& all) : between(all) {}

    const Verified& verified() {
        if (!verified_) verified_ = verify(between.run, between.inventory, between.reader, between.progress);
        return *verified_;
    }
    // As the plan counts them.
    std::vector<Matrix> paths() { return matrices(for_any_caller(verified().ends())); }

    const Between& between;

private:
    std::optional<Verified> verified_;
};

Result<Answered> replication(Look& look) {
    const Between& between = look.between;
    std::vector<Address> addresses;
    for (const Address& address : changed_by(between.run))
        if (row_of(address.kind()).in_directory) addresses.push_back(address);
    if (addresses.empty()) return passed("the run wrote nothing in the directory so far");
    const auto replicas = between.replicas();
    if (!replicas) return tl::unexpected(replicas.error());
    const auto converged = converge(**replicas, addresses, between.patience);
    if (!converged) return tl::unexpected(converged.error());
    if (converged->replicas.empty()) return passed("the directory has no replicas");
    if (converged->complete())
        return passed(
            fmt::format("{} domain controllers have all {} values", converged->replicas.size(), addresses.size()));
    std::vector<std::string> saw;
    for (const Lag& lag : converged->lags)
        saw.push_back(lag.silent ? fmt::format("{}: {}", lag.replica.server, lag.silent->text)
                                 : fmt::format("{} lacks {} of {} values", lag.replica.server, lag.behind.size(),
                                               addresses.size()));
    return refused(std::move(saw));
}

Result<Answered> values(Look& look) {
    std::set<Address> written;
    for (const Change& change : look.between.done.changes) written.insert(change.address);
    std::vector<std::string> saw;
    const std::set<Address> in_doubt = borne_in_doubt(look.between.run);
    std::size_t good = 0, doubtful = 0;
    for (const Finding& finding : look.verified().findings) {
        if (!written.contains(finding.address)) continue;
        if (finding.verdict == Verdict::compliant) ++good;
        else if (in_doubt.contains(finding.address)) ++doubtful;
        else saw.push_back(fmt::format("{}: {}", in_words(finding.address), finding.because));
    }
    if (!saw.empty()) return refused(std::move(saw));
    const std::size_t missing = written.size() - good - doubtful;
    return passed(fmt::format("{} as written{}{}", good, missing > 0 ? fmt::format("; {} not made", missing) : "",
                              doubtful > 0 ? fmt::format("; {} in doubt", doubtful) : ""));
}

// Paths that a host which is left out has a part in need not be open.
std::int64_t paths_of(const std::set<std::string>& hosts, const std::vector<Matrix>& matrices) {
    std::int64_t out = 0;
    for (const Matrix& matrix : matrices) {
        const auto all = static_cast<std::int64_t>(matrix.hosts.size());
        const auto behind = std::count_if(matrix.hosts.begin(), matrix.hosts.end(),
                                          [&](const std::string& name) { return hosts.contains(name); });
        out += all * (all - 1) - (all - behind) * (all - behind - 1);
    }
    return out;
}

Result<Answered> paths(Look& look) {
    const std::vector<Matrix> all = look.paths();
    const PathCount now = count(all);
    const std::int64_t planned = look.between.done.paths.open;
    const std::set<std::string> behind = hosts_behind(look.between.run, look.between.done);
    const std::int64_t expected = std::max<std::int64_t>(0, planned - paths_of(behind, all));
    std::string saw = fmt::format("{} paths are open, the plan says {}", now.open, planned);
    if (!behind.empty()) saw += fmt::format("; {} of them without the hosts that were left out", expected);
    if (now.unknown > 0) saw += fmt::format("; {} cannot be judged", now.unknown);
    return now.open >= expected ? passed(std::move(saw)) : refused({std::move(saw)});
}

// What the next phase would disturb. Its changes carry that as a premise.
Result<Answered> idle(Look& look) {
    const Between& between = look.between;
    std::set<Address> asked;
    for (const Change& change : between.next.changes)
        for (const auto& premise : change.premises)
            if (premise->address.setting == &setting::host_running_migrations) asked.insert(premise->address);
    if (asked.empty()) return passed(fmt::format("nothing of {} disturbs a migration", title(between.next)));
    const Snapshot snapshot = between.reader.read(std::vector<Address>(asked.begin(), asked.end()), between.progress);
    std::vector<std::string> saw;
    std::set<const Premise*> judged;
    std::set<std::string> told;
    for (const Change& change : between.next.changes)
        for (const auto& premise : change.premises)
            if (asked.contains(premise->address) && judged.insert(premise.get()).second)
                if (const auto error = broken(*premise, snapshot.at(premise->address));
                    error && told.insert(error->text).second)
                    saw.push_back(error->text);
    if (!saw.empty()) return refused(std::move(saw));
    return passed(fmt::format("no migration runs at {} of {}",
                              asked.size() == 1 ? "the host" : fmt::format("the {} hosts", asked.size()),
                              title(between.next)));
}

// When the first change of the phase was begun.
std::int64_t began(const Run& run, const Phase& phase) {
    const Numbers numbers = numbers_of(run.plan, phase);
    std::int64_t out = 0;
    for (const Step& step : run.steps)
        if (numbers.hold(step.number) && (out == 0 || step.intended < out)) out = step.intended;
    return out;
}

bool is_failure(const LogEvent& event) {
    constexpr std::uint32_t critical = 1, error = 2;
    return event.level == critical || event.level == error;
}

Result<Answered> events(Look& look) {
    const Between& between = look.between;
    const auto logs = between.logs();
    if (!logs) return tl::unexpected(logs.error());
    const std::int64_t since = began(between.run, between.done);
    const std::vector<const Host*> hosts = hosts_of(between.done, between.inventory);
    const std::set<std::string> behind = hosts_behind(between.run, between.done);
    std::vector<std::string> saw, unread;
    for (const Host* host : hosts) {
        const std::int64_t there = earliest_there((*logs)->clock(*host), since);
        const auto seen = (*logs)->events(*host, there);
        if (!seen && behind.contains(host->name)) unread.push_back(host->name);
        else if (!seen || !seen->whole)
            saw.push_back(fmt::format("event logs of {}: {}", host->name, seen ? seen->why : seen.error().text));
        if (!seen) continue;
        for (const LogEvent& event : seen->events)
            if (is_failure(event) && event.time_us >= there * 1'000'000)
                saw.push_back(fmt::format("{} logged {} {} at {}", host->name, event.channel, event.id, event.time));
    }
    if (!saw.empty()) return refused(std::move(saw));
    const std::size_t read = hosts.size() - unread.size();
    return passed(fmt::format(
        "no error in the logs of {} since {}{}",
        hosts.size() == 1 ? hosts.front()->name : fmt::format("{} hosts", read), show_time(since),
        unread.empty() ? "" : fmt::format("; not read: {}, which the run goes on without", text::join(unread, ", "))));
}

// Between which hosts VMs are tried: those of the phase and where the VMs are, as long as every path between them is
// open. Of hosts that are not done yet some paths are closed, and the plan says so.
std::vector<MigrationDomain> domains_to_try(const std::vector<Matrix>& paths, const Phase& phase,
                                            const std::function<bool(const std::string&)>& has_vm) {
    std::set<std::string_view> changed;
    for (const Change& change : phase.changes) changed.insert(change.address.object);
    std::vector<MigrationDomain> out;
    for (const Matrix& matrix : paths) {
        const std::size_t n = matrix.hosts.size();
        std::vector<std::size_t> in;
        const auto add = [&](std::size_t host) {
            const auto open = [&](std::size_t a, std::size_t b) {
                return matrix.state(a * n + b) == PathState::open && matrix.state(b * n + a) == PathState::open;
            };
            if (std::all_of(in.begin(), in.end(), [&](std::size_t one) { return one != host && open(host, one); }))
                in.push_back(host);
        };
        for (std::size_t host = 0; host < n; ++host)
            if (changed.contains(matrix.hosts[host])) add(host);
        if (in.empty()) continue;
        for (std::size_t host = 0; host < n; ++host)
            if (!changed.contains(matrix.hosts[host]) && has_vm(matrix.hosts[host])) add(host);
        for (std::size_t host = 0; host < n && in.size() < 2; ++host) add(host);
        MigrationDomain domain{.name = matrix.domain, .hosts = {}, .where = {}};
        for (const std::size_t host : in) domain.hosts.push_back(matrix.hosts[host]);
        if (in.size() > 1) out.push_back(std::move(domain));
    }
    return out;
}

std::string has_to_begin(const Between& between) {
    return fmt::format("{} has to begin by {}", title(between.next), show_time(between.latest));
}

Result<Answered> trials(Look& look) {
    const Between& between = look.between;
    const std::optional<Rollout>& rollout = between.run.plan.rollout;
    if (!rollout || !rollout->trials) return fail(Code::unsupported, "the plan names no VM for trial moves");
    const auto late = [&] { return between.patience.clock() > between.latest; };
    if (late()) return fail(Code::refused, "no time is left: " + has_to_begin(between));
    const auto mover = between.mover();
    if (!mover) return tl::unexpected(mover.error());
    const auto has_vm = [&](const std::string& host) {
        return std::any_of(rollout->trials->vms.begin(), rollout->trials->vms.end(), [&](const std::string& vm) {
            const auto found = (*mover)->find(host, vm);
            return found && *found;
        });
    };
    Inventory inventory = look.verified().inventory;
    inventory.domains = domains_to_try(look.paths(), between.done, has_vm);
    if (inventory.domains.empty())
        return passed(fmt::format("no path of {} leads there and back yet, so no VM was moved", title(between.done)));
    const Trials tried = try_moves(inventory, *rollout->trials, 0, **mover, between.watch);
    Answered out{true, {}};
    for (const Trial& trial : tried.trials) {
        out.passed = out.passed && !trial.failed;
        out.saw.push_back(fmt::format("{} {} to {}: {}", trial.move.vm, trial.move.from, trial.move.to,
                                      trial.failed ? trial.failed->text : show_duration(trial.ended - trial.began)));
    }
    if (late()) {
        out.passed = false;
        out.saw.push_back("no time was left for other moves: " + has_to_begin(between));
    }
    return out.passed && out.saw.empty() ? refused({"no VM was moved"}) : out;
}

struct GateRow {
    Gate gate;
    Result<Answered> (*ask)(Look&);
    bool moves;  // VMs
};

constexpr std::array gate_rows = {
    GateRow{Gate::replication, replication, false},
    GateRow{Gate::values, values, false},
    GateRow{Gate::paths, paths, false},
    GateRow{Gate::idle, idle, false},
    GateRow{Gate::events, events, false},
    GateRow{Gate::trials, trials, true},
};
static_assert(gate_rows.size() == all_gates.size());

}  // namespace

std::vector<GateSeen> ask_gates(const Between& between, const std::function<void(const GateSeen&)>& seen) {
    std::vector<GateSeen> out;
    Look look(between);
    bool all_passed = true;
    for (const GateRow& row : gate_rows) {
        const std::vector<Gate>& wanted = between.done.then.gates;
        if (std::find(wanted.begin(), wanted.end(), row.gate) == wanted.end()) continue;
        Result<Answered> answered = row.moves && !all_passed
                                        ? fail(Code::refused, "no VM is moved behind a gate that was not passed")
                                        : row.ask(look);
        if (!answered) answered = Answered{false, {"cannot be asked: " + answered.error().text}};
        out.push_back({.phase = title(between.done),
                       .gate = std::string(name(row.gate)),
                       .passed = answered->passed,
                       .saw = std::move(answered->saw),
                       .at = between.patience.clock()});
        all_passed = all_passed && out.back().passed;
        seen(out.back());
    }
    return out;
}

}  // namespace fairway
