// What was asked since the last reset: counts by kind and by host, and the texts that the first host got, so that
// peers can be given the very same ones. Counting is what the benchmark trusts; clients may say what they like.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fairway::stub {

struct Tally {
    explicit Tally(std::size_t host_count) : hosts(host_count) {}

    std::uint64_t connections = 0, sign_ons = 0, refused = 0, sealed = 0, bytes_in = 0, bytes_out = 0;
    std::map<std::string, std::uint64_t> requests;  // by what they ask
    std::vector<std::uint32_t> hosts;               // requests that each got, sign-ons apart
    std::vector<std::string> first_texts;           // unsealed, in the order in which the first host got them

    std::string json() const;        // least and most are of the hosts that were asked; with our own CPU seconds
    std::string texts_json() const;  // an array
    void reset() { *this = Tally(hosts.size()); }
};

}  // namespace fairway::stub
