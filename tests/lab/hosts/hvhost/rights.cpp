// See rights.hpp. Windows' own defaults: ASSUMED.md.
#include "rights.hpp"

#include <algorithm>

#include "fault.hpp"
#include "host.hpp"
#include "methods.hpp"
#include "names.hpp"

namespace lab {
namespace {

Rights rights_of(Host& host, const Caller& caller) {
    return host.with([&](Host::State& state) {
        const auto at = std::find_if(state.rights.begin(), state.rights.end(),
                                     [&](const auto& entry) { return same_name(entry.first, caller.principal); });
        return at == state.rights.end() ? Rights{} : at->second;
    });
}

bool holds(const std::set<std::string>& set, std::string_view wanted) {
    return std::any_of(set.begin(), set.end(), [&](const std::string& one) { return same_name(one, wanted); });
}

bool is_allowed(const Rights& rights, const Request& request) {
    if (!holds(rights.groups, "Remote Management Users")) return false;
    if (request.resource_uri == uri::event_log) return holds(rights.groups, "Event Log Readers");
    if (!holds(rights.remote_enable, request.ns)) return false;
    const bool acts = request.action.starts_with(request.resource_uri + "/");
    return !acts || holds(rights.groups, "Hyper-V Administrators");
}

}  // namespace

void check_rights(Host& host, const Caller& caller, const Request& request) {
    if (caller.administrator || is_allowed(rights_of(host, caller), request)) return;
    host.count("denied");
    throw faults::access_denied();
}

bool sees_nothing(Host& host, const Caller& caller, std::string_view wmi_namespace) {
    return !caller.administrator && same_name(wmi_namespace, kVirtualization) &&
           !holds(rights_of(host, caller).groups, "Hyper-V Administrators");
}

}  // namespace lab
