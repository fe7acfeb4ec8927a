// The trial moves that prove a policy's paths: which VMs, between which hosts, and what they may be.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fairway {

struct TrialMoves {
    enum class Pairs { ring, all, sample };
    enum class Storage { no, yes, alternate };  // alternate: with every second move
    std::vector<std::string> vms;               // names of small VMs that may be moved
    std::string id;                             // of the VM, where one alone is named; empty: whichever has the name
    Pairs pairs = Pairs::ring;
    std::int64_t sample = 3;  // pairs that Pairs::sample draws, each there and back
    Storage storage = Storage::no;
    std::int64_t max_memory_mb = 1024;  // a VM that starts with more is not touched
    bool blackout = false;              // read from the hosts' logs how long it stood still

    friend bool operator==(const TrialMoves&, const TrialMoves&) = default;
};

std::string_view name(TrialMoves::Pairs pairs);
std::string_view name(TrialMoves::Storage storage);

}  // namespace fairway
