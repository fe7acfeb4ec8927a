// See conclusion.hpp.
#include "engine/cli/conclusion.hpp"

#include "engine/plan/judge.hpp"

namespace fairway::cli {

Exit Conclusion::exit() const {
    if (drift && unread) return Exit::changes_unread;
    return unread ? *unread : drift ? Exit::changes : Exit::fine;
}

Conclusion conclude(const std::vector<Finding>& findings, const Snapshot& snapshot) {
    Conclusion out;
    for (const Finding& finding : findings) {
        out.drift = out.drift || finding.verdict == Verdict::drifted;
        if (finding.verdict != Verdict::unreadable && finding.verdict != Verdict::unknown) continue;
        const Code code = why_unread(finding, snapshot).code;
        if (code == Code::refused && finding.verdict == Verdict::unknown) {  // it was read, and a person must decide
            out.drift = true;
            continue;
        }
        const Exit exit = code == Code::refused ? Exit::unreachable : exit_for(code);  // answers beyond a limit of ours
        if (!out.unread || exit == Exit::unreachable) out.unread = exit;
    }
    return out;
}

Exit unread_in(const Snapshot& snapshot) {
    for (const auto& [address, reading] : snapshot.readings)
        if (!reading) return exit_for(reading.error().code);
    return Exit::unreachable;
}

}  // namespace fairway::cli
