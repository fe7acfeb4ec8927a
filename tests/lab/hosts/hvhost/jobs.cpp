// Jobs as Msvm_ConcreteJob and Msvm_MigrationJob show them.
#include "jobs.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "guid.hpp"

namespace lab {
namespace {

constexpr std::uint64_t kRunning = 4;
constexpr std::uint64_t kCompleted = 7;
constexpr std::uint64_t kException = 10;
constexpr std::uint64_t kGenericError = 32768;

std::string iso(std::chrono::system_clock::time_point when) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(when)));
}

// What is to be seen of a job: its code, its words, and how much of it is done.
struct Seen {
    std::uint64_t state;
    const char* status;
    std::uint64_t percent;
};

Seen seen_of(const Job& job) {
    const bool told_to_run = job.runs_for > 0 && job.asked <= job.runs_for;
    if (!job.ended || told_to_run) return {kRunning, "Job is running", 10};
    if (job.failure) return {kException, "Job has failed", 100};
    return {kCompleted, "Job is completed", 100};
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
    }
}

const std::vector<Job>& JobList::current() {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(jobs_, [&](const Job& job) { return job.ended && *job.ended + keep_ < now; });
    return jobs_;
}

std::size_t JobList::running() const {
    return static_cast<std::size_t>(
        std::count_if(jobs_.begin(), jobs_.end(), [](const Job& job) { return !job.ended; }));
}

void JobList::ask(const std::string& id) {
    for (auto& job : jobs_) {
        if (same_name(job.id, id)) ++job.asked;
    }
}

const Job* JobList::find(const std::string& id) {
    const auto& jobs = current();
    const auto at = std::find_if(jobs.begin(), jobs.end(), [&](const Job& job) { return same_name(job.id, id); });
    return at == jobs.end() ? nullptr : &*at;
}

Instance JobList::describe(const Job& job) const {
    using std::chrono::duration_cast;
    const auto seconds = duration_cast<std::chrono::seconds>(keep_).count();
    const auto seen = seen_of(job);
    const auto failure = seen.state == kException ? job.failure : std::nullopt;
    const auto elapsed = std::chrono::system_clock::now() - job.started;
    // ErrorCode is uint16, so it never holds an HRESULT; that is in the text only.
    Instance instance{
        job.class_name,
        {{"InstanceID", job.id},
         {"Caption", job.caption},
         {"Description", job.caption},
         {"ElementName", job.caption},
         {"JobState", seen.state},
         {"JobStatus", std::string(seen.status)},
         {"JobType", job.type},
         {"PercentComplete", seen.percent},
         {"OperationalStatus", std::vector<std::string>{"2"}},
         {"StatusDescriptions", std::vector<std::string>{"OK"}},
         {"StartTime", Moment{iso(job.started)}},
         {"ElapsedTime", Interval{fmt::format("PT{}S", duration_cast<std::chrono::seconds>(elapsed).count())}},
         {"TimeBeforeRemoval", Interval{fmt::format("PT{}S", seconds)}},
         {"DeleteOnCompletion", true},
         {"Cancellable", false},
         {"ErrorCode", failure ? kGenericError : std::uint64_t{0}},
         {"ErrorDescription", failure ? Value(failure_text(*failure)) : Value()},
         {"ErrorSummaryDescription", failure ? Value(failure->text) : Value()}}};
    instance.properties.insert(instance.properties.end(), job.extra.begin(), job.extra.end());
    return instance;
}

}  // namespace lab
