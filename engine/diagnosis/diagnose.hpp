// What do events say about why moves fail? Each cause with what supports it, ranked; a failure that a later move of the
// same VM made good is none. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/diagnosis/cause_table.hpp"
#include "engine/model/event.hpp"
#include "engine/model/snapshot.hpp"

namespace fairway {

struct Cause {
    const CauseRow* row = nullptr;
    std::string from = {}, to = {};  // the hosts of the move, by their short names in upper case; empty: not known
    Proof proof = Proof::weak;
    std::int64_t last_us = 0;  // when it was seen last
    std::vector<std::string> evidence = {}, against = {}, not_looked_at = {};
    std::vector<Address> fixes = {};           // whose change would open the path, as the estate shows it
    std::vector<std::string> candidates = {};  // of a family: the ids that it may be
};

// Something that was looked at beside settings and events. Noted: worth knowing, and no cause by itself.
enum class CheckState { fine, bad, unknown, noted };
std::string_view name(CheckState state);

struct Check {
    std::string about;  // "clock of HV02"
    CheckState state{};
    std::string saw;  // a clause; unknown: why it was not seen
};

struct Diagnosis {
    std::vector<Cause> causes = {};               // the likeliest first
    std::vector<std::string> unexplained = {};    // codes of failures that no row explains, with where they stand
    std::vector<std::string> not_looked_at = {};  // that could be a cause all the same, beside unknown checks
    std::vector<Check> checks = {};
    std::size_t made_good = 0;  // failures after which the same VM did move
};

// `hosts`: names that are known to be hosts, beside those that wrote the events.
Diagnosis diagnose(std::span<const LogEvent> events, std::span<const std::string> hosts);

// "HV01" of hv01.corp.example; an address stays whole.
std::string short_name(std::string_view host);

}  // namespace fairway
