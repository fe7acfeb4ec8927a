// What would an inventory say of the computers that a first look found? Which of them are hosts, which of these belong
// together, and what somebody must look at. Nothing is asked here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/seen_computer.hpp"

namespace fairway {

struct Candidate {
    std::string name;                  // without the dollar sign
    std::string container;             // distinguished name of what its account is in
    std::string dns;                   // where the inventory must say it; or empty
    bool host = false;                 // it stands in the list
    bool node = false;                 // of a failover cluster
    std::vector<std::string> because;  // why it is no host, or what to look at
    const SeenComputer* seen = nullptr;
};

struct ProposedDomain {
    std::string name;
    std::string by;  // what its hosts have in common, in words
    std::vector<std::string> hosts;
};

struct FirstInventory {
    std::vector<Candidate> computers;   // by container and name
    std::vector<std::string> clusters;  // accounts of failover clusters, with their containers
    std::vector<ProposedDomain> domains;
};

inline constexpr std::int64_t stale_days = 90;

// `now`: seconds since 1970. As long as `seen` is there.
FirstInventory first_inventory(const std::vector<SeenComputer>& seen, const std::string& domain, std::int64_t now);

}  // namespace fairway
