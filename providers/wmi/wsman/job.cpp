// See job.hpp.
#include "providers/wmi/wsman/job.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace fairway::wmi {
namespace {

struct StateRow {
    std::uint64_t state;
    JobProgress progress;
    std::string_view word;
    bool warned = false;
};

constexpr std::array state_rows = {
    StateRow{2, JobProgress::running, "new"},
    StateRow{3, JobProgress::running, "starting"},
    StateRow{4, JobProgress::running, "running"},
    StateRow{5, JobProgress::running, "suspended"},
    StateRow{6, JobProgress::running, "shutting down"},
    StateRow{7, JobProgress::done, "completed"},
    StateRow{8, JobProgress::failed, "terminated"},
    StateRow{9, JobProgress::failed, "killed"},
    StateRow{10, JobProgress::failed, "exception"},
    StateRow{11, JobProgress::running, "service"},
    StateRow{32768, JobProgress::done, "completed with warnings",
             true},  // as a ReturnValue the same number is a failure
};

}  // namespace

Result<JobReport> read_job(const cim::Instance& job) {
    const auto state = job.integer("JobState");
    if (!state) return tl::unexpected(state.error());
    if (!*state) return fail(Code::protocol, "a job without JobState");
    const auto row =
        std::find_if(state_rows.begin(), state_rows.end(), [&](const StateRow& r) { return r.state == **state; });
    JobReport out;
    // A state of a later release: not known to have ended well, not known to have ended.
    out.progress = row == state_rows.end() ? JobProgress::running : row->progress;
    out.warned = row != state_rows.end() && row->warned;
    out.state = row == state_rows.end() ? fmt::format("in state {}", **state) : std::string(row->word);
    out.description = job.text("ErrorDescription").value_or("");
    if (out.description.empty()) out.description = job.text("ErrorSummaryDescription").value_or("");
    if (const auto code = job.integer("ErrorCode"); code && *code) out.error_code = **code;
    if (const auto percent = job.integer("PercentComplete"); percent && *percent)
        out.percent = static_cast<int>(std::min<std::uint64_t>(**percent, 100));
    return out;
}

std::chrono::milliseconds next_pause(std::chrono::milliseconds pause) {
    return std::min(pause + pause / 2, longest_pause);
}

}  // namespace fairway::wmi
