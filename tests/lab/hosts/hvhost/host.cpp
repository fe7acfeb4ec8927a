// Running jobs and deriving the listener list; the rest of Host is its header.
#include "host.hpp"

#include <algorithm>
#include <thread>

#include "subnet.hpp"

namespace lab {

Host::Host(Estate estate)
    : estate_(std::move(estate)),
      state_{.settings = estate_.settings,
             .networks = estate_.networks,
             .machines = estate_.machines,
             .files = {},
             .planned = {},
             .move_notes = {},
             .jobs = JobList(estate_.jobs.keep),
             .habits = estate_.jobs,
             .releases = 0,
             .fail_next_job = std::nullopt,
             .goes_when = {},
             .cluster = std::nullopt,
             .cluster_service = std::nullopt,
             .rights = {},
             .more_addresses = {},
             .credential_guard = estate_.credential_guard,
             .resolves = {},
             .resolved = {},
             .refusals = {},
             .mischief = std::nullopt,
             .otherwise = {},
             .shown = {},
             .requests = {},
             .log = {}} {}

bool Host::next_answer_is_job() {
    return with([](State& state) {
        if (state.habits.answer != JobAnswer::alternate) return state.habits.answer == JobAnswer::always;
        const bool job = state.answer_next_with_job;
        state.answer_next_with_job = !job;
        return job;
    });
}

std::string Host::start(Job job, std::function<std::optional<Failure>()> work) {
    const auto [habits, releases] = with([](State& state) { return std::pair(state.habits, state.releases); });
    job.runs_for = habits.runs_for;
    const auto id = with([&](State& state) { return state.jobs.add(std::move(job)); });
    if (!habits.held && habits.delay.count() == 0) {
        finish(id, work);
        return id;
    }
    // Detached on purpose: a job outlives the connection that asked for it, and dies with the process.
    std::thread([this, id, habits = habits, releases = releases, work = std::move(work)] {
        std::this_thread::sleep_for(habits.delay);
        const auto held = [&] { return with([&](State& state) { return habits.held && state.releases == releases; }); };
        while (held()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        finish(id, work);
    }).detach();
    return id;
}

void Host::finish(const std::string& id, const std::function<std::optional<Failure>()>& work) {
    const auto planted = with([](State& state) { return std::exchange(state.fail_next_job, std::nullopt); });
    const auto failure = planted ? planted : work();
    with([&](State& state) { state.jobs.end(id, failure); });
    changed();
}

void Host::join(std::optional<Cluster> cluster, std::optional<ClusterService> service) {
    with([&](State& state) {
        std::erase_if(state.networks, is_of_cluster);
        if (cluster) state.networks.push_back(cluster_network());
        state.cluster = std::move(cluster);
        state.cluster_service = std::move(service);
    });
    changed();
    limit_changed();
}

void Host::limit_changed() {
    const auto pushed = with([](State& state) -> std::optional<Cluster> {
        const bool differs = state.cluster && state.settings.max_migrations != state.cluster->max_parallel_migrations;
        return differs ? state.cluster : std::nullopt;
    });
    if (!pushed) return;
    std::thread([this, pushed] {
        std::this_thread::sleep_for(pushed->push_after);
        with([&](State& state) {
            if (state.cluster) state.settings.max_migrations = state.cluster->max_parallel_migrations;
        });
    }).detach();
}

void Host::count(const std::string& what) {
    with([&](State& state) { ++state.requests[what]; });
}

Mischief Host::take_mischief(const std::string& envelope) {
    return with([&](State& state) -> Mischief {
        if (!state.mischief || state.mischief->before_winrm) return {};
        const auto& method = state.mischief->method;
        if (!method.empty() && envelope.find(method + "_INPUT") == std::string::npos) return {};
        if (--state.mischief->next > 0) return {};
        return *std::exchange(state.mischief, std::nullopt);
    });
}

bool Host::goes_away(const std::string& stage) {
    return with([&](State& state) {
        if (state.goes_when != stage) return false;
        state.goes_when.clear();
        state.gone = true;
        return true;
    });
}

bool Host::turns_away(const std::string& how) {
    return with([&](State& state) {
        if (!state.mischief || state.mischief->how != how) return false;
        if (--state.mischief->next == 0) state.mischief.reset();
        return true;
    });
}

void Host::note(RequestNote note) {
    constexpr std::size_t kMostNotes = 200;
    with([&](State& state) {
        state.log.push_back(std::move(note));
        if (state.log.size() > kMostNotes) state.log.pop_front();
    });
}

std::vector<std::string> listener_addresses(const Estate& estate, const Host::State& state) {
    std::vector<std::string> listening;
    if (!state.settings.enabled) return listening;
    for (const auto& text : estate.addresses) {
        const auto address = boost::asio::ip::make_address(text);
        const bool held = std::any_of(state.networks.begin(), state.networks.end(), [&](const MigrationNetwork& n) {
            const auto subnet = parse_subnet(n.subnet, n.prefix);
            return subnet && subnet->contains(address);
        });
        if (held) listening.push_back(text);
    }
    listening.insert(listening.end(), state.more_addresses.begin(), state.more_addresses.end());
    return listening;
}

}  // namespace lab
