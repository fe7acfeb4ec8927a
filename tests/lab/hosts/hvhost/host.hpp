// The state of one Hyper-V host, guarded by one lock: settings, networks, machines, jobs.
// Says what is and lets it be changed; the rules of the WMI methods are in methods_*.cpp.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cim.hpp"
#include "estate.hpp"
#include "event_log.hpp"
#include "jobs.hpp"
#include "rights.hpp"

namespace lab {

// What a request was, for those who count round trips.
struct RequestNote {
    std::string action;  // its last word: Get, Enumerate, …, Invoke
    std::string resource;
    std::string method;
    std::string filter;
    bool sealed = false;
    bool tls = false;
    std::string mechanism;
    std::size_t bytes = 0;  // of the plain envelope
    std::string content;    // a digest of what is asked, the message's own id and address aside
};

// How one of the next replies goes wrong; see mischief.hpp.
struct Mischief {
    std::string how;
    unsigned next = 1;          // 1 is the next request; before WinRM: how many of them
    bool before_winrm = false;  // before WinRM sees the request, see http_sys.hpp
    std::chrono::milliseconds delay{0};
    std::string method{};  // requests of other methods do not count
};

// What a move was told, as it came.
struct MoveNote {
    std::string machine, destination, migration_type, transport, compression;
    std::vector<std::string> resources;  // paths
};

class Host {
public:
    explicit Host(Estate estate);

    // Everything that may change. Touch it only inside with().
    struct State {
        MigrationSettings settings;
        std::vector<MigrationNetwork> networks;
        std::vector<Machine> machines;
        std::map<std::string, std::string> files;  // disks on its own drives, by their path in small letters
        std::vector<Machine> planned;              // what an unfinished move or an import left
        std::vector<MoveNote> move_notes;          // what was asked for, for tests
        JobList jobs;
        JobHabits habits;
        std::uint64_t releases = 0;  // of jobs that were held
        std::uint64_t active_migrations = 0;
        std::uint64_t active_storage_migrations = 0;
        bool answer_next_with_job = true;
        std::optional<Failure> fail_next_job;                            // planted by a test
        std::optional<Failure> next_move_dies = std::nullopt;            // once the destination has agreed
        bool check_leaves_planned = false, move_leaves_planned = false;  // here, as the destination
        bool gone = false;                                               // nobody gets an answer
        std::string goes_when;                                           // "moving", "moved" or "taken"
        bool sealing_required = true;                                    // AllowUnencrypted=false, as Windows has it
        bool binding_required = false;                                   // CbtHardeningLevel Strict
        bool ntlm_allowed = false;                                       // off, as hardened domains have it
        std::optional<Cluster> cluster;
        std::optional<ClusterService> cluster_service;
        std::map<std::string, Rights> rights;     // by account; administrators need none
        std::vector<std::string> more_addresses;  // odd ones that a test planted, at the adapter and in the listeners
        bool shows_twice = false;                 // every object, as a query over several associations would
        bool credential_guard = false;
        std::chrono::milliseconds clock_ahead{0};
        bool refuses_tickets = false;                 // while its clock is too far off
        bool migration_port_shut = false;             // whatever the settings say
        std::map<std::string, std::string> resolves;  // in place of what the machine's resolver says
        bool pings_are_answered = true;
        std::map<std::string, std::vector<std::string>> resolved;  // what the resolver's cache holds
        std::chrono::seconds remembers_refusals{0};                // of the KDC
        // By caller and destination: what the KDC refused, and until when it is not asked again.
        std::map<std::string, std::pair<Failure, std::chrono::steady_clock::time_point>> refusals;
        std::optional<Mischief> mischief;
        std::set<std::string> otherwise;  // see otherwise.hpp
        // By class and property: what a test says in place of the host's own value; nothing: it has no such property.
        std::map<std::string, std::map<std::string, std::optional<Value>>> shown;
        std::size_t most_header_bytes = 16384;  // MaxRequestBytes of http.sys
        std::string presents = "own";           // which certificate, see tls.hpp
        std::map<std::string, std::uint64_t> requests;
        std::deque<RequestNote> log;  // the last ones, oldest first
    };

    // Runs `work` on the state under the lock.
    template <class Work>
    auto with(Work&& work) {
        const std::lock_guard hold(lock_);
        return std::forward<Work>(work)(state_);
    }

    [[nodiscard]] const Estate& estate() const { return estate_; }

    // Whether the next settings method answers 4096; alternates when the estate says so.
    [[nodiscard]] bool next_answer_is_job();

    // Starts `work` as the habits say when, and ends the job with its verdict; returns the job's id.
    std::string start(Job job, std::function<std::optional<Failure>()> work);

    // Becomes a node, or leaves its cluster: the cluster brings its network entry and its limit.
    void join(std::optional<Cluster> cluster, std::optional<ClusterService> service);
    // A cluster does not leave a changed limit of its node alone for long. Call it after any change of settings.
    void limit_changed();

    // Called after any change that may open or close the migration port; set once by main.
    std::function<void()> changed = [] {};

    EventLog events;  // has a lock of its own

    void count(const std::string& what);
    void note(RequestNote note);
    // What this request is to suffer; `how` is empty mostly.
    [[nodiscard]] Mischief take_mischief(const std::string& envelope);
    // A move is at that stage; true: the host goes away with it.
    bool goes_away(const std::string& stage);
    [[nodiscard]] bool turns_away(const std::string& how);

private:
    void finish(const std::string& id, const std::function<std::optional<Failure>()>& work);

    const Estate estate_;
    std::mutex lock_;
    State state_;
};

// The addresses on which the host listens for moves: its own, as far as a network of its list holds them.
[[nodiscard]] std::vector<std::string> listener_addresses(const Estate& estate, const Host::State& state);

// All instances of `class_name` (or of classes derived from it) as they are now.
[[nodiscard]] std::vector<Instance> instances_of(Host& host, const ClassInfo& wanted);
// As /lab/otherwise wants it shown.
void show_otherwise(Instance& instance, const Host::State& state);

}  // namespace lab
