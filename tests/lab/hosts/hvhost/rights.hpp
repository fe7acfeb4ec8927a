// What may an account ask for that is no administrator? WinRM lets in the members of Remote Management Users, WMI those
// who have Remote Enable on the namespace, and Hyper-V shows its objects to Hyper-V Administrators.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace lab {

struct Rights {
    std::set<std::string> groups;         // "Remote Management Users", "Hyper-V Administrators", "Event Log Readers"
    std::set<std::string> remote_enable;  // root/cimv2, …
};

class Host;
struct Caller;
struct Request;

// Throws access_denied (WSManFault code 5).
void check_rights(Host& host, const Caller& caller, const Request& request);
// Hyper-V's objects are there and not shown (FROM MEMORY): an enumeration of them is empty, and no error.
[[nodiscard]] bool sees_nothing(Host& host, const Caller& caller, std::string_view wmi_namespace);

}  // namespace lab
