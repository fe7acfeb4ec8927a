// What is wrong with the estate and is no value of one setting: an account that takes no part, a rule or an exception
// that is for nobody, paths that no rule opens, delegation to what nobody is called. Audits and plans say it; nothing
// is written because of it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairway {

enum class Severity;

enum class EstateFault {
    left_out,          // a found account that can be no host
    no_hyperv,         // a found computer whose host showed no live migration; it is left out
    name_claimed,      // a found account that says it has another host's name; it is left out
    two_domains,       // searches put one host into two migration domains
    lone_host,         // a migration domain of one host
    exception_unused,  // for a host that there is not (now)
    rule_unused,       // selects no host (now)
    paths_closed,      // by a condition that no rule opens
    odd_delegation,    // a host may delegate to a name that no client asks for, or to one of another domain
    no_peers,          // a rule asks for a host's peers, and it has none
    vanished_class,    // a host may delegate to a computer that is gone, by a class that no rule takes
    glass_open,        // a break-glass run changed this host, and is not rolled back yet
    glass_past,        // the same, and it is past its end
};
inline constexpr std::array all_estate_faults = {
    EstateFault::left_out,       EstateFault::no_hyperv,        EstateFault::name_claimed,   EstateFault::two_domains,
    EstateFault::lone_host,      EstateFault::exception_unused, EstateFault::rule_unused,    EstateFault::paths_closed,
    EstateFault::odd_delegation, EstateFault::no_peers,         EstateFault::vanished_class, EstateFault::glass_open,
    EstateFault::glass_past};
std::string_view name(EstateFault fault);
Severity severity_of(EstateFault fault);

struct EstateFinding {
    EstateFault fault{};
    std::string object;      // a host, an account, a migration domain, a rule or a run
    std::string dn;          // of the account, or empty
    std::string condition;   // that closes paths, or empty
    std::int64_t paths = 0;  // that it closes
    std::string because;

    friend bool operator==(const EstateFinding&, const EstateFinding&) = default;
};

}  // namespace fairway
