// How a service principal name is written: class/host[:port][/service]. What its parts are, and what is odd about its
// spelling; and what a host may be called. Knows no directory and no host.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairway {

// Views into the name, as far as it can be taken apart; what is not there is empty.
struct NameParts {
    std::string_view service_class, host, port, service;
};
NameParts parts_of(std::string_view name);

// Why this is no host's name in an inventory (NetBIOS), in words that stand behind it; empty: it is one.
std::string host_name_oddity(std::string_view name);

// Letters, digits and `-`, `.`, `_` in two parts, as nearly every name is: nothing about it is odd.
bool is_plainly_written(std::string_view name);

// In words, each of them a reason why no client will ever ask for this name; empty: it is well written.
std::vector<std::string> oddities_of(std::string_view name);

}  // namespace fairway
