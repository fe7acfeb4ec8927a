// What a host says of itself beside Hyper-V: its clock, to which addresses it resolves names, on which ports it
// listens.
#pragma once

#include <string>
#include <vector>

#include "host.hpp"

namespace lab {

// By the host's own clock, in its zone (an hour east of Greenwich).
[[nodiscard]] Moment local_time(std::chrono::milliseconds ahead);
// The same as HTTP says it.
[[nodiscard]] std::string http_date(std::chrono::milliseconds ahead);
// Too far from the domain's for Kerberos.
[[nodiscard]] bool is_skewed(std::chrono::milliseconds ahead);

// Where the name leads at this host; the name itself where that is as everywhere.
[[nodiscard]] std::string address_of(Host& host, const std::string& name);
// Looks the name up, which leaves it in the resolver's cache, and pings it.
[[nodiscard]] Instance ping(Host& host, const std::string& name);
[[nodiscard]] std::vector<Instance> cached_names(const Host::State& state);
// The kernel's own, of the host's address.
[[nodiscard]] std::vector<Instance> listening_endpoints(const Estate& estate);

}  // namespace lab
