// See exit_code.hpp.
#include "engine/cli/exit_code.hpp"

#include <array>

namespace fairway::cli {
namespace {

constexpr std::array table = {
    ExitRow{Exit::fine, "fine", "done, and nothing to do or no drift"},
    ExitRow{Exit::error, "error", "something else went wrong; stderr says what"},
    ExitRow{Exit::changes, "changes",
            "audit found drift or a fault of the estate, spn a fault, or plan has changes; nothing was written"},
    ExitRow{Exit::bad_document, "bad document",
            "a policy, inventory, plan or embedded estate is wrong; nothing was written"},
    ExitRow{Exit::unreachable, "unreachable", "a host or directory server could not be read; nothing was written"},
    ExitRow{Exit::stale, "stale", "the world is no longer what the plan saw; nothing was written"},
    ExitRow{Exit::lock_held, "lock held", "another run holds the store or the estate; nothing was written"},
    ExitRow{Exit::partly_applied, "partly applied",
            "not everything was done: resume the run, roll it back, or see what a rollback left"},
    ExitRow{Exit::in_doubt, "in doubt",
            "it is not known what became of a write: look at it, or try again when it can be read"},
    ExitRow{Exit::not_verified, "not verified",
            "a change is not done or gone, a domain controller lacks it, a trial move failed, or Windows is not as "
            "assumed"},
    ExitRow{Exit::refused, "refused", "a limit, a policy or this program says no; nothing was written"},
    ExitRow{Exit::denied, "denied", "a server knows the caller and says no; nothing was written"},
    ExitRow{Exit::storage, "storage", "the journal or another file of ours cannot be used"},
    ExitRow{Exit::changes_unread, "changes, unread",
            "audit found drift or a fault of the estate, and not everything could be read; nothing was written"},
    ExitRow{Exit::rolled_back, "rolled back", "the run could not make all of its changes, so everything was put back"},
    ExitRow{Exit::rollback_incomplete, "rollback incomplete",
            "the same, and not everything could be put back: see what is left"},
    ExitRow{Exit::past_end, "past its end",
            "audit found a break-glass run that is past its end, whatever else it found; nothing was written"},
    ExitRow{Exit::usage, "usage", "the command line is wrong"},
};

}  // namespace

std::span<const ExitRow> exit_table() { return table; }

Exit exit_for(Code code) {
    switch (code) {
        case Code::bad_input: return Exit::bad_document;
        case Code::unreachable:
        case Code::protocol: return Exit::unreachable;
        case Code::denied: return Exit::denied;
        case Code::stale: return Exit::stale;
        case Code::storage: return Exit::storage;
        case Code::refused: return Exit::refused;
        case Code::not_found:
        case Code::unsupported: break;
    }
    return Exit::error;
}

}  // namespace fairway::cli
