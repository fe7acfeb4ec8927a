// Jobs as Msvm_ConcreteJob and Msvm_MigrationJob show them.
#include "jobs.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "guid.hpp"

namespace lab {
namespace {

constexpr std::uint64_t kCompleted = 7;
constexpr std::uint64_t kException = 10;
constexpr std::uint64_t kGenericError = 32768;

std::string iso(std::chrono::system_clock::time_point when) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(when)));
}

std::string job_status(const Job& job) {
    if (!job.ended) return "Job is running";
    return job.failure ? "Job has failed" : "Job is completed";
}

}  // namespace

std::string failure_text(const Failure& failure) { return fmt::format("{} (0x{:08X}).", failure.text, failure.code); }

std::string JobList::add(Job job) {
    job.id = new_guid();
    job.started = std::chrono::system_clock::now();
    jobs_.push_back(std::move(job));
    return jobs_.back().id;
}

void JobList::end(const std::string& id, const std::optional<Failure>& failure) {
    for (auto& job : jobs_) {
        if (job.id != id) continue;
        job.ended = std::chrono::steady_clock::now();
        job.failure = failure;
        job.state = failure ? kException : kCompleted;
    }
}

const std::vector<Job>& JobList::current() {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(jobs_, [&](const Job& job) { return job.ended && *job.ended + keep_ < now; });
    return jobs_;
}

const Job* JobList::find(const std::string& id) {
    const auto& jobs = current();
    const auto at = std::find_if(jobs.begin(), jobs.end(), [&](const Job& job) { return same_name(job.id, id); });
    return at == jobs.end() ? nullptr : &*at;
}

Instance JobList::describe(const Job& job) const {
    using std::chrono::duration_cast;
    const auto seconds = duration_cast<std::chrono::seconds>(keep_).count();
    const auto elapsed = std::chrono::system_clock::now() - job.started;
    // ErrorCode is uint16, so it never holds an HRESULT; that is in the text only.
    Instance instance{
        job.class_name,
        {{"InstanceID", job.id},
         {"Caption", job.caption},
         {"Description", job.caption},
         {"ElementName", job.caption},
         {"JobState", job.state},
         {"JobStatus", job_status(job)},
         {"JobType", job.type},
         {"PercentComplete", std::uint64_t{job.ended ? 100U : 10U}},
         {"OperationalStatus", std::vector<std::string>{"2"}},
         {"StatusDescriptions", std::vector<std::string>{"OK"}},
         {"StartTime", Moment{iso(job.started)}},
         {"ElapsedTime", Interval{fmt::format("PT{}S", duration_cast<std::chrono::seconds>(elapsed).count())}},
         {"TimeBeforeRemoval", Interval{fmt::format("PT{}S", seconds)}},
         {"DeleteOnCompletion", true},
         {"Cancellable", false},
         {"ErrorCode", job.failure ? kGenericError : std::uint64_t{0}},
         {"ErrorDescription", job.failure ? Value(failure_text(*job.failure)) : Value()},
         {"ErrorSummaryDescription", job.failure ? Value(job.failure->text) : Value()}}};
    instance.properties.insert(instance.properties.end(), job.extra.begin(), job.extra.end());
    return instance;
}

}  // namespace lab
