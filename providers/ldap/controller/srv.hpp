// Where DNS says that a service is (SRV records, RFC 2782): hosts in the order in which they are to be tried. The
// library's resolver asks; what comes back is checked here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway::ldap {

struct ServiceRecord {
    std::string host;  // lower case, without the final dot
    std::uint16_t priority = 0, weight = 0, port = 0;

    friend bool operator==(const ServiceRecord&, const ServiceRecord&) = default;
};

// Code::not_found: DNS says that there is none. Code::unreachable: no DNS server answers.
Result<std::vector<ServiceRecord>> look_up_services(const std::string& name);

// The records of a whole DNS answer; pure. Lowest priority first, then highest weight, then by name: always the same
// order, where RFC 2782 would draw lots, so that two runs begin at the same server.
Result<std::vector<ServiceRecord>> read_services(std::span<const unsigned char> answer);

}  // namespace fairway::ldap
