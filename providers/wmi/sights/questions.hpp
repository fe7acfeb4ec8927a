// What is a host asked about itself beside its settings (its clock, its ports, its resolver), and what do the answers
// say? One WQL question each; pure.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "providers/wmi/wsman/cim.hpp"

namespace fairway::wmi {

struct WqlQuestion {
    std::string resource;  // the namespace that it is about
    std::string wql;
};

WqlQuestion ask_clock();
struct ShownTime {
    std::int64_t ms = 0;      // since 1970, UTC
    std::int64_t finest = 1;  // ms that it shows no finer
};
Result<ShownTime> read_clock(const std::vector<cim::Instance>& answer);

WqlQuestion ask_listening();
Result<std::set<std::uint16_t>> read_listening(const std::vector<cim::Instance>& answer);

// By a ping, which looks the name up; it names an address only if that one answers.
WqlQuestion ask_ping(const std::string& name);
struct Pinged {
    bool known = true;         // the host's resolver knows the name
    std::string address = {};  // that answered; empty: nobody did
};
Result<Pinged> read_ping(const std::vector<cim::Instance>& answer);
// What its resolver holds of a name that was looked up.
WqlQuestion ask_resolver_cache(const std::string& name);
std::vector<std::string> read_resolver_cache(const std::vector<cim::Instance>& answer);

}  // namespace fairway::wmi
