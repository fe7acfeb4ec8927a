// How long does the WS-Man provider take for all that an audit by the shipped standard asks of N hosts, and how long a
// run that changes one setting of each, and its rollback? One line of output, and an error if a single value is not
// what the stub holds; tests/bench/wsman runs it.
//   wsman_bench HOSTS basic USER PASSWORD-FILE          in the clear
//   wsman_bench HOSTS kerberos|negotiate PRINCIPAL KEYTAB [plain]      sealed, unless told otherwise
//   wsman_bench HOSTS basic USER PASSWORD-FILE change JOURNAL          reads, applies, rolls back
// The hosts are those of fleet.cpp, on the addresses of wsman_stub, port WSMAN_PORT (5985). The directory is left out:
// tests/bench/ldap measures that side.
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/file.hpp"
#include "engine/journal/journal.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/scope.hpp"
#include "engine/policy/policy_document.hpp"
#include "engine/run/apply.hpp"
#include "engine/run/rollback.hpp"
#include "providers/wmi/wmi.hpp"
#include "tests/bench/fleet.hpp"

namespace fairway::bench {
namespace {

[[noreturn]] void give_up(std::string_view what) {
    fmt::print(stderr, "wsman_bench: {}\n", what);
    std::exit(1);
}

std::string words_of(const Error& error) { return ": " + error.text; }
std::string words_of(const auto&) { return {}; }

template <class T, class E>
T sure(tl::expected<T, E> result, std::string_view what) {
    if (result) return std::move(*result);
    give_up(std::string(what) + words_of(result.error()));
}

double ms_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

// Of this program alone: what wait4 reports also counts the process that started it.
double peak_mib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
    return 0;
}

Reach reach_of(std::size_t host, const std::vector<std::string>& words) {
    const char* port = std::getenv("WSMAN_PORT");
    Reach out;
    out.address = fmt::format("127.77.{}.{}", host / 250, host % 250 + 1);
    if (port) out.port = static_cast<std::uint16_t>(std::stoul(port));
    out.credentials = {.form = Credentials::Form::keytab, .path = words[3], .principal = words[2]};
    if (words[1] == "basic") {
        out.authentication = HostAuthentication::basic;
        out.credentials.form = Credentials::Form::password_file;
    } else {
        const bool kerberos = words[1] == "kerberos";
        out.authentication = kerberos ? HostAuthentication::kerberos : HostAuthentication::negotiate;
    }
    out.seal = words[1] != "basic" && words.size() == 4;
    return out;
}

// What is asked of one host is asked of all, so it is found with a fleet of two: wants for a thousand accounts' lists
// are another benchmark's.
std::vector<Address> asked_of_hosts(const Inventory& inventory) {
    const std::string file = FAIRWAY_SOURCE_DIR "/policies/kerberos-live-migration.yaml";
    const Policy policy =
        sure(load_policy(sure(read_file(file, 1u << 20), "the policy cannot be read"), file), "the policy is wrong");
    const Inventory two = make_inventory(2);
    const Desired wants = sure(desire(policy, two, 1'800'000'000), "the policy does not fit the fleet");
    std::vector<Address> out;
    for (const Address& address : scope(wants, two)) {
        if (address.kind() != Kind::host || address.object != two.hosts.front().name) continue;
        for (const Host& host : inventory.hosts) out.push_back({host.name, address.setting});
    }
    return out;
}

// The first reading that is an error, or another value than the fleet's; empty: all are right.
std::string first_wrong(const Snapshot& seen, const Snapshot& fleet, const std::vector<Address>& asked) {
    for (const Address& address : asked) {
        const auto at = seen.readings.find(address);
        if (at == seen.readings.end())
            return fmt::format("{} {} was not answered", address.object, address.setting->name);
        if (!at->second) return at->second.error().text;
        if (*at->second != *fleet.at(address))
            return fmt::format("{} {} is not what the host holds", address.object, address.setting->name);
    }
    return {};
}

Inventory inventory_of(const std::vector<std::string>& words) {
    Inventory out = make_inventory(std::stoul(words[0]));
    for (std::size_t i = 0; i < out.hosts.size(); ++i) out.hosts[i].reach = reach_of(i, words);
    return out;
}

struct Seen {
    std::size_t values;
    double ms, peak_mib;
};

// Each on connections of its own, as a command has them.
Seen read_all(const Inventory& inventory) {
    const std::vector<Address> asked = asked_of_hosts(inventory);
    const auto start = std::chrono::steady_clock::now();
    const auto reader = wmi::open_reader(wmi::reach(inventory));
    const Snapshot snapshot = reader->read(asked);
    const Seen out{asked.size(), ms_since(start), peak_mib()};
    // The state without delegation lists, which are not asked for and take long to make.
    const std::string wrong = first_wrong(snapshot, make_snapshot(inventory, State::empty), asked);
    if (!wrong.empty()) give_up(wrong);
    return out;
}

Plan three_moves_at_once(const Inventory& inventory) {
    Plan out;
    out.estate = out.source = "bench";
    out.inventory_digest = out.source_digest = std::string(64, 'a');
    Phase& phase = out.phases.emplace_back();
    phase.kind = PhaseKind::hosts;
    for (const Host& host : inventory.hosts)
        phase.changes.push_back(
            {{host.name, &setting::migration_max_live}, std::int64_t{2}, std::int64_t{3}, {"r"}, {}});
    return out;
}

// Makes a run of the plan; how long that took.
Result<Applied> make(const PlanFile& plan, const std::string& rolls_back, const Inventory& inventory,
                     Journal& journal) {
    const auto hosts = wmi::reach(inventory);
    const auto reader = wmi::open_reader(hosts);
    const auto writer = wmi::open_writer(hosts);
    auto applied =
        fairway::apply(plan, {.who = "bench", .host = "bench", .rolls_back = rolls_back},
                       {.reader = *reader, .writer = *writer, .journal = journal, .in_flight = FleetLimits().run});
    if (applied && applied->ending != Ending::complete) give_up(applied->because);
    return applied;
}

void roll_back(const std::string& run, const Inventory& inventory, Journal& journal) {
    const auto reader = wmi::open_reader(wmi::reach(inventory));
    const auto no_names = []() -> Result<std::unique_ptr<NameReader>> {
        return fail(Code::unsupported, "there is no directory here");
    };
    const RolledBack back =
        sure(fairway::roll_back({.run = run},
                                {.reader = *reader,
                                 .journal = journal,
                                 .inventory = inventory,
                                 .open_names = no_names,
                                 .apply = [&](const PlanFile& plan) { return make(plan, run, inventory, journal); }}),
             "the run cannot be rolled back");
    if (!back.complete()) give_up("the rollback is not complete");
}

int read(const std::vector<std::string>& words) {
    const Inventory inventory = inventory_of(words);
    const Seen seen = read_all(inventory);
    fmt::print("hosts={} values={} read_ms={:.1f} peak_mib={:.1f}\n", inventory.hosts.size(), seen.values, seen.ms,
               seen.peak_mib);
    return 0;
}

// The hosts are of no migration domain: its paths would be looked at in the directory.
int change(const std::vector<std::string>& words) {
    Inventory inventory = inventory_of(words);
    const double read_ms = read_all(inventory).ms;
    inventory.domains.clear();
    for (Host& host : inventory.hosts) host.domain.clear();
    Journal journal = sure(Journal::open_to_append(words[5]), "the journal cannot be opened");
    auto start = std::chrono::steady_clock::now();
    const Applied applied = sure(make(three_moves_at_once(inventory), {}, inventory, journal), "nothing was applied");
    const double apply_ms = ms_since(std::exchange(start, std::chrono::steady_clock::now()));
    roll_back(applied.run, inventory, journal);
    const double back_ms = ms_since(start);
    const double peak = peak_mib();
    read_all(inventory_of(words));  // all is as before
    fmt::print("hosts={} read_ms={:.1f} apply_ms={:.1f} rollback_ms={:.1f} peak_mib={:.1f}\n", inventory.hosts.size(),
               read_ms, apply_ms, back_ms, peak);
    return 0;
}

}  // namespace
}  // namespace fairway::bench

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    if (words.size() == 6 && words[4] == "change") return fairway::bench::change(words);
    if (words.size() == 4 || words.size() == 5) return fairway::bench::read(words);
    fmt::print(stderr, "usage: wsman_bench HOSTS basic|kerberos|negotiate NAME FILE [plain | change JOURNAL]\n");
    return 64;
}
