// How long does the WS-Man provider take for all that an audit by the shipped standard asks of N hosts? One reading,
// one line of output, and an error if a single value is not what the stub holds; tests/bench/wsman runs it.
//   wsman_bench HOSTS basic USER PASSWORD-FILE          in the clear
//   wsman_bench HOSTS kerberos|negotiate PRINCIPAL KEYTAB [plain]      sealed, unless told otherwise
// The hosts are those of fleet.cpp, on the addresses of wsman_stub, port WSMAN_PORT (5985). The directory is left out:
// tests/bench/ldap measures that side.
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <vector>

#include "engine/base/file.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/scope.hpp"
#include "engine/policy/policy_document.hpp"
#include "providers/wmi/wmi.hpp"
#include "tests/bench/fleet.hpp"

namespace fairway::bench {
namespace {

template <class T, class E>
T sure(tl::expected<T, E> result, std::string_view what) {
    if (result) return std::move(*result);
    fmt::print(stderr, "wsman_bench: {}\n", what);
    std::exit(1);
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

int read_all(const std::vector<std::string>& words) {
    Inventory inventory = make_inventory(std::stoul(words[0]));
    for (std::size_t i = 0; i < inventory.hosts.size(); ++i) inventory.hosts[i].reach = reach_of(i, words);
    const std::vector<Address> asked = asked_of_hosts(inventory);

    const auto start = std::chrono::steady_clock::now();
    const auto reader = wmi::open_reader(wmi::reach(inventory));
    const Snapshot snapshot = reader->read(asked);
    const double read_ms = ms_since(start);
    const double peak = peak_mib();

    // The state without delegation lists, which are not asked for and take long to make.
    const std::string wrong = first_wrong(snapshot, make_snapshot(inventory, State::empty), asked);
    if (!wrong.empty()) {
        fmt::print(stderr, "wsman_bench: {}\n", wrong);
        return 1;
    }
    fmt::print("hosts={} values={} read_ms={:.1f} peak_mib={:.1f}\n", inventory.hosts.size(), asked.size(), read_ms,
               peak);
    return 0;
}

}  // namespace
}  // namespace fairway::bench

int main(int count, char** arguments) {
    if (count < 5 || count > 6) {
        fmt::print(stderr, "usage: wsman_bench HOSTS basic|kerberos|negotiate NAME FILE [plain]\n");
        return 64;
    }
    return fairway::bench::read_all({arguments + 1, arguments + count});
}
