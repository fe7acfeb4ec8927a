// How long does the directory provider take for the accounts of many hosts, and how many requests does it
// send? One reading, one line of output; tests/bench/ldap runs it beside ldapsearch, inside the lab only.
//   ldap_bench HOST...      signs on with the caller's ticket cache
#include <array>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "engine/model/catalogue.hpp"
#include "providers/ldap/handles.hpp"
#include "providers/ldap/ldap.hpp"

namespace fairway::bench {
namespace {

// All that the directory knows of a host, as an audit by the shipped standard asks it.
constexpr std::array questions = {&setting::delegation_services,      &setting::delegation_protocol_transition,
                                  &setting::delegation_unconstrained, &setting::spn_migration,
                                  &setting::account_dns_name,         &setting::account_flags};

std::string lab(const char* name) {
    if (const char* value = std::getenv(name)) return value;
    fmt::print(stderr, "ldap_bench: {} is not set: run this inside tests/lab/lab\n", name);
    std::exit(64);
}

Inventory lab_directory() {
    Inventory out;
    Directory directory;
    directory.domain = lab("LAB_DOMAIN");
    directory.servers = {lab("LAB_DC")};
    directory.credentials.path = "default";
    out.directories.push_back(std::move(directory));
    return out;
}

double ms_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

int read_all(const std::vector<std::string>& hosts) {
    const Inventory inventory = lab_directory();
    std::vector<Address> addresses;
    for (const std::string& host : hosts)
        for (const Setting* setting : questions) addresses.push_back({host, setting});

    const auto start = std::chrono::steady_clock::now();
    const auto reader = ldap::open_reader(ldap::reach(inventory));
    if (!reader) {
        fmt::print(stderr, "ldap_bench: {}\n", reader.error().text);
        return 1;
    }
    const double open_ms = ms_since(start);
    const Snapshot snapshot = (*reader)->read(addresses);
    const double all_ms = ms_since(start);

    std::size_t values = 0;
    for (const auto& [address, reading] : snapshot.readings) {
        if (!reading) {
            fmt::print(stderr, "ldap_bench: {}\n", reading.error().text);
            return 1;
        }
        if (address.setting == &setting::delegation_services && *reading) values += as_set(**reading)->size();
    }
    fmt::print("hosts={} delegation_values={} requests={} open_ms={:.1f} read_ms={:.1f}\n", hosts.size(), values,
               dynamic_cast<const ldap::DirectoryReader&>(**reader).requests(), open_ms, all_ms - open_ms);
    return 0;
}

}  // namespace
}  // namespace fairway::bench

int main(int count, char** arguments) {
    if (count < 2) {
        fmt::print(stderr, "usage: ldap_bench HOST...\n");
        return 64;
    }
    return fairway::bench::read_all({arguments + 1, arguments + count});
}
