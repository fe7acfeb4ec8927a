// What does the directory provider take for the accounts BENCH0000, BENCH0001 … of tests/bench/ldap, and how many
// requests? One line of output for one task; the script runs it beside its peers, inside the lab only, with the
// caller's tickets.
//   ldap_bench read HOSTS            everything that an audit asks of the accounts
//   ldap_bench recall HOSTS FOLDER   the same with what FOLDER remembers
//   ldap_bench apply HOSTS JOURNAL   four values more in each list, other ones by each journal: a plan, applied
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <vector>

#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/run/apply.hpp"
#include "providers/ldap/handles.hpp"
#include "providers/ldap/ldap.hpp"

namespace fairway::bench {
namespace {

// All that the directory knows of a host, as an audit by the shipped standard asks it.
constexpr std::array questions = {&setting::delegation_services,      &setting::delegation_protocol_transition,
                                  &setting::delegation_unconstrained, &setting::spn_migration,
                                  &setting::account_dns_name,         &setting::account_flags};

[[noreturn]] void give_up(std::string_view why) {
    fmt::print(stderr, "ldap_bench: {}\n", why);
    std::exit(1);
}

template <class T>
T sure(Result<T> result) {
    if (!result) give_up(result.error().text);
    return std::move(*result);
}

std::string lab(const char* name) {
    if (const char* value = std::getenv(name)) return value;
    give_up(fmt::format("{} is not set: run this inside tests/lab/lab", name));
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

// Of this program alone: what wait4 reports also counts the process that started it.
double peak_mib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
    return 0;
}

class Watch {
public:
    double ms() {
        const auto now = std::chrono::steady_clock::now();
        return std::chrono::duration<double, std::milli>(now - std::exchange(start_, now)).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string name_of(std::size_t host) { return fmt::format("BENCH{:04}", host); }

std::vector<Address> addresses_of(std::size_t hosts) {
    std::vector<Address> out;
    for (std::size_t host = 0; host < hosts; ++host)
        for (const Setting* setting : questions) out.push_back({name_of(host), setting});
    return out;
}

void read(std::size_t hosts, std::optional<ldap::Recall> recall) {
    const std::vector<Address> addresses = addresses_of(hosts);
    Watch watch;
    const auto reader = sure(ldap::open_reader(ldap::reach(lab_directory()), std::move(recall)));
    const double open_ms = watch.ms();
    const Snapshot snapshot = reader->read(addresses);
    const double read_ms = watch.ms();
    std::size_t values = 0;
    for (const auto& [address, reading] : snapshot.readings) {
        if (!reading) give_up(reading.error().text);
        if (address.setting == &setting::delegation_services && *reading) values += as_set(**reading)->size();
    }
    fmt::print("hosts={} values={} requests={} open_ms={:.1f} read_ms={:.1f} peak_mib={:.0f}\n", hosts, values,
               dynamic_cast<const ldap::DirectoryReader&>(*reader).requests(), open_ms, read_ms, peak_mib());
}

// Where an apply's time goes: each reading and all writes, in milliseconds.
class TimedReader : public Reader {
public:
    explicit TimedReader(Reader& reader) : reader_(reader) {}
    Snapshot read(std::span<const Address> addresses, const Progress& progress) override {
        Watch watch;
        Snapshot out = reader_.read(addresses, progress);
        took.push_back(fmt::format("{:.0f}", watch.ms()));
        return out;
    }
    std::vector<std::string> took;

private:
    Reader& reader_;
};

class TimedWriter : public Writer {
public:
    explicit TimedWriter(Writer& writer) : writer_(writer) {}
    void write_all(std::span<const Write> writes, const MayBegin& may_begin, const WriteAnswered& answered) override {
        Watch watch;
        writer_.write_all(writes, may_begin, answered);
        took_ms += watch.ms();
    }
    double took_ms = 0;

private:
    Writer& writer_;
};

void apply(std::size_t hosts, const std::string& journal_file) {
    const std::string by = std::filesystem::path(journal_file).stem();
    const auto controllers = ldap::reach(lab_directory());
    const auto reader = sure(ldap::open_reader(controllers));
    const auto writer = sure(ldap::open_writer(controllers));
    std::vector<Address> addresses;
    for (std::size_t host = 0; host < hosts; ++host)
        addresses.push_back({name_of(host), &setting::delegation_services});
    const Snapshot snapshot = reader->read(addresses);
    Plan plan;
    plan.estate = plan.source = "bench";
    plan.inventory_digest = plan.source_digest = std::string(64, 'a');
    Phase phase;
    phase.kind = PhaseKind::directory_additions;
    for (const Address& address : addresses) {
        const Set before = *as_set(*sure(snapshot.at(address)));
        std::vector<std::string> more;
        for (int i = 0; i < 4; ++i) more.push_back(fmt::format("bench/{}-{}{}", address.object, by, i));
        phase.changes.push_back({address, before, unite(Key::whole, before, Set(std::move(more))), {"bench"}, {}});
    }
    plan.phases.push_back(std::move(phase));
    Journal journal = sure(Journal::open_to_append(journal_file));
    TimedReader timed_reader(*reader);
    TimedWriter timed_writer(*writer);
    Watch watch;
    const Applied applied = sure(fairway::apply(
        plan, {.who = "bench", .host = "bench", .rolls_back = {}},
        {.reader = timed_reader, .writer = timed_writer, .journal = journal, .in_flight = FleetLimits().run}));
    if (applied.ending != Ending::complete) give_up(applied.because);
    fmt::print("hosts={} values={} apply_ms={:.1f} write_ms={:.0f} readings_ms={}\n", hosts, 4 * hosts, watch.ms(),
               timed_writer.took_ms, text::join(timed_reader.took, "+"));
}

int run(const std::vector<std::string>& words) {
    const std::size_t hosts = words.size() < 2 ? 0 : std::stoul(words[1]);
    if (words.size() == 2 && words[0] == "read") read(hosts, {});
    else if (words.size() == 3 && words[0] == "recall") read(hosts, ldap::Recall{words[2], false, system_now});
    else if (words.size() == 3 && words[0] == "apply") apply(hosts, words[2]);
    else {
        fmt::print(stderr, "usage: ldap_bench read HOSTS | recall HOSTS FOLDER | apply HOSTS JOURNAL\n");
        return 64;
    }
    return 0;
}

}  // namespace
}  // namespace fairway::bench

int main(int count, char** arguments) { return fairway::bench::run({arguments + 1, arguments + count}); }
