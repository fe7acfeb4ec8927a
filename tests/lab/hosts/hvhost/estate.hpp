// What estate.json declares about this host and its peers, with the defaults of a fresh Windows host.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lab {

// Msvm_VirtualSystemMigrationServiceSettingData. The defaults are those of a fresh host.
struct MigrationSettings {
    std::string instance_id;
    bool enabled = false;
    std::uint32_t max_migrations = 2;
    std::uint32_t max_storage_migrations = 2;
    std::uint32_t authentication = 0;  // 0 CredSSP, 1 Kerberos
    bool compression = true;
    bool smb = false;
};

// Msvm_VirtualSystemMigrationNetworkSettingData.
struct MigrationNetwork {
    std::string instance_id;
    std::string subnet;
    std::uint32_t prefix = 0;
    std::optional<std::uint32_t> metric;
    std::vector<std::string> tags;
};

// What the cluster says of one node [CLUSTER_NODE_STATE, CLUSTER_NODE_DRAIN_STATUS].
struct NodeState {
    std::uint64_t state = 0;  // 0 up, 1 down, 2 paused, 3 joining
    std::uint64_t drain = 0;  // 0 not initiated, 1 in progress, 2 completed, 3 failed
};

// The failover cluster of which a host is a node.
struct Cluster {
    std::string name;
    NodeState node{};                            // of this host
    std::uint32_t max_parallel_migrations = 1;   // MaximumParallelMigrations [KB5017381]
    std::chrono::milliseconds push_after{3000};  // until it puts that over a node's own limit
};

// Win32_Service ClusSvc: it comes with the feature, disabled until the host joins a cluster.
struct ClusterService {
    std::string state = "Running";
    std::string start_mode = "Auto";
};

struct Checkpoint {
    std::string id;
    std::vector<std::string> disks;
};

struct Machine {
    std::string id;
    std::string name;
    std::string notes;
    std::string path = "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V";
    std::vector<std::string> disks;  // their paths; a UNC path can be reached from every host
    std::vector<Checkpoint> checkpoints;
    std::string cd;
    bool running = true;
    std::uint64_t memory_mb = 512;
    std::uint64_t generation = 1;
    std::size_t controllers = 0, drives = 0;  // SCSI controllers, and drives at the first, of a machine that was made
};

enum class JobAnswer { always, never, alternate };

struct JobHabits {
    JobAnswer answer = JobAnswer::alternate;  // whether settings methods answer 4096 or 0
    std::chrono::milliseconds delay{150};     // until a job has its effect; 0: before the reply that names it
    std::chrono::milliseconds keep{300000};   // until an ended job vanishes
    std::uint64_t runs_for = 0;               // so many questions about a job are answered "running", whatever it is
    bool held = false;                        // a job that is started now waits for its release
};

struct Estate {
    std::string realm;
    std::string domain;
    std::string base_dn;
    std::string directory_url;  // from the command line
    std::vector<std::string> administrators;

    std::string host;  // HV01
    std::string address;
    std::vector<std::string> addresses;
    MigrationSettings settings;
    std::vector<MigrationNetwork> networks;
    std::vector<Machine> machines;
    std::optional<Cluster> cluster;
    std::vector<std::string> nodes;  // of that cluster, as the estate declares it
    bool credential_guard = false;
    std::string display_text;  // Caption, Description and ElementName, as the host's language has them; empty: English

    JobHabits jobs;

    [[nodiscard]] std::string fqdn() const;
};

// Throws std::runtime_error with a sentence for the log.
[[nodiscard]] Estate read_estate(const std::string& path, const std::string& host);

// The entry that a cluster adds to its nodes. The text of its tag is INFERENCE; a client must know only its own tags.
[[nodiscard]] MigrationNetwork cluster_network();
[[nodiscard]] bool is_of_cluster(const MigrationNetwork& network);

// The two tagged instances by which PowerShell's "use any network" is stored.
[[nodiscard]] std::vector<MigrationNetwork> any_network();

}  // namespace lab
