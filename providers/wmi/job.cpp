// See job.hpp.
#include "providers/wmi/job.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace fairway::wmi {
namespace {

struct Row {
    std::uint64_t state;
    JobProgress progress;
    std::string_view word;
    bool warned = false;
};

constexpr std::array rows = {
    Row{2, JobProgress::running, "new"},
    Row{3, JobProgress::running, "starting"},
    Row{4, JobProgress::running, "running"},
    Row{5, JobProgress::running, "suspended"},
    Row{6, JobProgress::running, "shutting down"},
    Row{7, JobProgress::done, "completed"},
    Row{8, JobProgress::failed, "terminated"},
    Row{9, JobProgress::failed, "killed"},
    Row{10, JobProgress::failed, "exception"},
    Row{11, JobProgress::running, "service"},
    Row{32768, JobProgress::done, "completed with warnings", true},  // as a ReturnValue the same number is a failure
};

}  // namespace

Result<JobReport> read_job(const cim::Instance& job) {
    const auto state = job.integer("JobState");
    if (!state) return tl::unexpected(state.error());
    if (!*state) return fail(Code::protocol, "a job without JobState");
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.state == **state; });
    JobReport out;
    // A state of a later release: not known to have ended well, not known to have ended.
    out.progress = row == rows.end() ? JobProgress::running : row->progress;
    out.warned = row != rows.end() && row->warned;
    out.state = row == rows.end() ? fmt::format("in state {}", **state) : std::string(row->word);
    out.description = job.text("ErrorDescription").value_or("");
    if (out.description.empty()) out.description = job.text("ErrorSummaryDescription").value_or("");
    if (const auto code = job.integer("ErrorCode"); code && *code) out.error_code = **code;
    if (const auto percent = job.integer("PercentComplete"); percent && *percent)
        out.percent = static_cast<int>(std::min<std::uint64_t>(**percent, 100));
    return out;
}

std::chrono::milliseconds next_pause(std::chrono::milliseconds pause) {
    return std::min(pause + pause / 2, std::chrono::milliseconds(1000));
}

}  // namespace fairway::wmi
