// The jobs of a host: started, running, finished, and gone after a while.
// Knows nothing of what a job does; host.cpp runs them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cim.hpp"

namespace lab {

// Why a job failed: a Windows code such as 0x8009030E, and the words that Hyper-V would use.
struct Failure {
    std::uint32_t code = 0;
    std::string text;
};

struct Job {
    std::string id{};
    std::string class_name;  // Msvm_ConcreteJob, or Msvm_MigrationJob for moves
    std::string caption;
    std::uint64_t type = 0;
    std::chrono::system_clock::time_point started{};
    std::optional<std::chrono::steady_clock::time_point> ended{};
    std::optional<Failure> failure{};
    std::uint64_t asked = 0;        // how often somebody has looked at it
    std::uint64_t runs_for = 0;     // so many of them are told that it runs
    std::vector<Property> extra{};  // what Msvm_MigrationJob adds
};

class JobList {
public:
    explicit JobList(std::chrono::milliseconds keep) : keep_(keep) {}

    std::string add(Job job);
    void end(const std::string& id, const std::optional<Failure>& failure);
    void keep_for(std::chrono::milliseconds keep) { keep_ = keep; }
    // Those not yet removed; a job vanishes `keep` after its end, as TimeBeforeRemoval promises.
    [[nodiscard]] const std::vector<Job>& current();
    [[nodiscard]] const Job* find(const std::string& id);
    [[nodiscard]] std::size_t running() const;
    // Somebody looks at that job.
    void ask(const std::string& id);
    [[nodiscard]] Instance describe(const Job& job) const;

private:
    std::chrono::milliseconds keep_;
    std::vector<Job> jobs_;
};

// "… ('text') (0x8009030E)." as Hyper-V ends its error texts.
[[nodiscard]] std::string failure_text(const Failure& failure);

}  // namespace lab
