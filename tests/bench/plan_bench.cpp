// How long do planning and paths take, how much memory do they need, and do both grow no faster than the
// fleet? Prints, asserts nothing. Reads no provider: what a reader would have read is generated.
//   plan_bench                       the table: 1,000 and 10,000 hosts, medians of three fresh processes each
//   plan_bench HOSTS compliant|faulty|mixed|empty    one measurement in this very process, for a profiler
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "engine/base/file.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/identity.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/scope.hpp"
#include "engine/policy/policy_document.hpp"
#include "tests/bench/fleet.hpp"

namespace fairway::bench {
namespace {

constexpr std::size_t runs = 3;
constexpr double mib = 1024.0;  // of what getrusage counts in KiB

// In the order in which a command does them. `planning` of them make a plan out of what was read; then comes the other
// end, where apply takes the file; and last what the machine is measured by: std::sort of all delegation values held.
constexpr std::array<std::string_view, 7> stages = {"desire, scope", "judge", "plan, simulate", "paths",
                                                    "print, digest", "parse", "sort the values"};
constexpr std::size_t planning = 5;

struct Cost {
    double wall_s = 0, cpu_s = 0;
    double peak_mib = 0;  // of the process, when the stage is done
};

// Goes through a pipe as it stands.
struct Report {
    std::array<Cost, stages.size()> costs{};
    double input_mib = 0;  // inventory and snapshot
    std::int64_t held = 0, wanted = 0, changes = 0, bytes = 0;
    PathCount before, now;
    bool same = false;  // printed, parsed and printed again: the same bytes
};

double peak_mib() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / mib;
}

template <class Work>
auto timed(Cost& cost, Work work) {
    const auto wall = std::chrono::steady_clock::now();
    const std::clock_t cpu = std::clock();
    auto result = work();
    cost.cpu_s = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
    cost.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
    cost.peak_mib = peak_mib();
    return result;
}

template <class T, class E>
T sure(tl::expected<T, E> result, std::string_view what) {
    if (result) return std::move(*result);
    fmt::print(stderr, "plan_bench: {}\n", what);
    std::exit(1);
}

Policy standard() {
    const std::string file = FAIRWAY_SOURCE_DIR "/policies/kerberos-live-migration.yaml";
    return sure(load_policy(sure(read_file(file, 1u << 20), "the policy cannot be read"), file), "the policy is wrong");
}

// A canary of each migration domain, half of the others, the rest, so that most paths stay open.
Rollout in_waves() {
    return {.canary = {.count = 1},
            .waves = {{WaveSize::By::percent, 50}},
            .per = Rollout::Per::migration_domain,
            .order = Rollout::Order::paths};
}

Report measure(std::size_t hosts, State state) {
    Report report;
    const Policy policy = standard();
    const Inventory inventory = make_inventory(hosts);
    const Snapshot snapshot = make_snapshot(inventory, state);
    report.held = delegation_values(snapshot);
    report.wanted = delegation_values_wanted(inventory);
    report.input_mib = peak_mib();

    auto cost = report.costs.begin();
    const Desired desired = timed(*cost++, [&] {
        Desired wants = sure(desire(policy, inventory, 1'800'000'000), "the policy does not fit the fleet");
        if (scope(wants, inventory).empty()) std::exit(1);
        return wants;
    });
    const std::vector<Finding> findings = timed(*cost++, [&] {
        if (!doubts(inventory, desired, snapshot).empty()) std::exit(1);
        std::vector<Finding> all = judge(desired, snapshot);
        if (state == State::empty && name_questions(all, inventory).empty()) std::exit(1);
        return all;
    });
    const Plan made = timed(*cost++, [&] {
        return plan({.purpose = Purpose::apply,
                     .source = policy.name,
                     .source_digest = policy.digest,
                     .ticket = {},
                     .rollout = state == State::mixed ? std::optional(in_waves()) : std::nullopt},
                    findings, snapshot, inventory);
    });
    report.now = timed(*cost++, [&] { return count(matrices(meshes(inventory, snapshot))); });
    const std::string file = timed(*cost++, [&] { return print_plan(made); });
    const PlanFile again = timed(*cost++, [&] { return sure(parse_plan(file), "the plan does not survive its file"); });
    std::vector<std::string_view> values;
    for (const auto& [address, reading] : snapshot.readings)
        if (address.setting == &setting::delegation_services)
            for (const std::string_view value : *as_set(**reading)) values.push_back(value);
    timed(*cost++, [&] {
        std::sort(values.begin(), values.end());
        return values.size();
    });
    report.before = made.paths;
    report.changes = static_cast<std::int64_t>(made.size());
    report.bytes = static_cast<std::int64_t>(file.size());
    report.same = again->phases == made.phases;
    return report;
}

// In a process of its own, so that its peak is its own.
Report measure_apart(std::size_t hosts, State state) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) std::exit(1);
    const pid_t child = ::fork();
    if (child == 0) {
        const Report report = measure(hosts, state);
        const bool sent = ::write(ends[1], &report, sizeof report) == static_cast<ssize_t>(sizeof report);
        ::_exit(sent ? 0 : 1);
    }
    ::close(ends[1]);
    Report report;
    const bool came = ::read(ends[0], &report, sizeof report) == static_cast<ssize_t>(sizeof report);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (child > 0 && came && status == 0) return report;
    fmt::print(stderr, "plan_bench: the measurement of {} hosts did not come back\n", hosts);
    std::exit(1);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// Counts are the same in every run; of each figure the median stays.
Report middle(const std::vector<Report>& reports) {
    const auto of = [&](auto figure) {
        std::vector<double> values;
        for (const Report& report : reports) values.push_back(figure(report));
        return median(std::move(values));
    };
    Report out = reports.front();
    out.input_mib = of([](const Report& r) { return r.input_mib; });
    for (std::size_t i = 0; i < stages.size(); ++i)
        out.costs[i] = {.wall_s = of([=](const Report& r) { return r.costs[i].wall_s; }),
                        .cpu_s = of([=](const Report& r) { return r.costs[i].cpu_s; }),
                        .peak_mib = of([=](const Report& r) { return r.costs[i].peak_mib; })};
    return out;
}

Cost sum(const Report& report, std::size_t count) {
    Cost out;
    for (std::size_t i = 0; i < count; ++i) {
        out.wall_s += report.costs[i].wall_s;
        out.cpu_s += report.costs[i].cpu_s;
        out.peak_mib = std::max(out.peak_mib, report.costs[i].peak_mib);
    }
    return out;
}

void print_line(std::string_view what, const Cost& cost) {
    fmt::print("  {:<16}{:>9.3f}{:>9.3f}{:>10.0f}\n", what, cost.wall_s, cost.cpu_s, cost.peak_mib);
}

void print_report(std::size_t hosts, std::string_view state, const Report& r) {
    fmt::print("{} hosts, {}: {} delegation values held, {} wanted; {} changes, plan file {:.1f} MB{}\n", hosts, state,
               r.held, r.wanted, r.changes, static_cast<double>(r.bytes) / 1e6,
               r.same ? "" : ", NOT THE SAME WHEN READ");
    fmt::print("  paths: {} open, {} closed, {} unknown{}\n", r.now.open, r.now.closed, r.now.unknown,
               r.now == r.before ? "" : ", THE PLAN COUNTS OTHERWISE");
    fmt::print("  {:<16}{:>9}{:>9}{:>10}\n", "", "wall s", "CPU s", "peak MiB");
    fmt::print("  {:<16}{:>9}{:>9}{:>10.0f}\n", "what was read", "", "", r.input_mib);
    for (std::size_t i = 0; i < planning; ++i) print_line(stages[i], r.costs[i]);
    print_line("plan and paths", sum(r, planning));
    for (std::size_t i = planning; i < stages.size(); ++i) print_line(stages[i], r.costs[i]);
    if (r.held > 0)
        fmt::print("  plan and paths take {:.2f} times the CPU of the sort\n",
                   sum(r, planning).cpu_s / r.costs.back().cpu_s);
    fmt::print("\n");
}

// 1.00: each host costs the same in the larger fleet.
void print_growth(std::size_t few, const Report& small, std::size_t many, const Report& large) {
    const double times = static_cast<double>(many) / static_cast<double>(few);
    const auto grown = [=](double a, double b) { return a > 0 ? b / a / times : 0; };
    fmt::print("growth for each host, {} to {} (1.00 is linear; CPU, peak):\n", few, many);
    for (std::size_t i = 0; i < stages.size(); ++i)
        fmt::print("  {:<16}{:>9.2f}\n", stages[i], grown(small.costs[i].cpu_s, large.costs[i].cpu_s));
    const Cost a = sum(small, planning), b = sum(large, planning);
    fmt::print("  {:<16}{:>9.2f}{:>9.2f}\n\n", "plan and paths", grown(a.cpu_s, b.cpu_s),
               grown(a.peak_mib, b.peak_mib));
}

std::optional<State> state_named(std::string_view name) {
    if (name == "compliant") return State::compliant;
    if (name == "faulty") return State::faulty;
    if (name == "mixed") return State::mixed;
    if (name == "empty") return State::empty;
    return std::nullopt;
}

Report table_of(std::size_t hosts, std::string_view state) {
    std::vector<Report> reports;
    for (std::size_t i = 0; i < runs; ++i) reports.push_back(measure_apart(hosts, *state_named(state)));
    const Report report = middle(reports);
    print_report(hosts, state, report);
    return report;
}

int main_of(const std::vector<std::string>& arguments) {
    if (arguments.size() == 2) {
        const auto hosts = static_cast<std::size_t>(std::strtoul(arguments[0].c_str(), nullptr, 10));
        if (const auto state = state_named(arguments[1]); state && hosts > 0) {
            print_report(hosts, arguments[1], measure(hosts, *state));
            return 0;
        }
    }
    if (!arguments.empty()) {
        fmt::print(stderr, "usage: plan_bench [HOSTS compliant|faulty|mixed|empty]\n");
        return 64;
    }
    std::setvbuf(stdout, nullptr, _IOLBF, 0);  // nothing is left in it when a process is doubled
    for (const char* state : {"faulty", "mixed", "empty"}) {
        const Report small = table_of(1'000, state), large = table_of(10'000, state);
        print_growth(1'000, small, 10'000, large);
    }
    return 0;
}

}  // namespace
}  // namespace fairway::bench

int main(int count, char** arguments) { return fairway::bench::main_of({arguments + 1, arguments + count}); }
