// One audit of `watch`, in a process of its own: what it found, as text for the process that keeps the state.
#pragma once

#include <span>
#include <string>

#include "engine/cli/exit_code.hpp"
#include "engine/cli/options.hpp"
#include "engine/watch/child.hpp"
#include "engine/watch/state.hpp"

namespace fairway::cli {

struct WatchAudit {
    watch::Seen seen;
    Exit exit = Exit::error;  // as that of `fairway audit`
    std::string metrics;      // of the audit, in the form of Prometheus
};

// In the child. `known`: the episodes that there are.
std::string audit_for_watch(const Request& request, std::span<const watch::Episode> known);
// In the parent.
WatchAudit read_audit(const watch::Ended& ended);

}  // namespace fairway::cli
