// What somebody saw who tried what this program assumes of Windows on one host, or of Active Directory in one domain,
// assumption by assumption: which hold, which are refuted and by what, which could not be tried and why.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/model/probe.hpp"
#include "engine/model/snapshot.hpp"

namespace fairway {

enum class Tried { holds, refuted, untried };
std::string_view name(Tried state);  // holds, refuted, untried

// What whoever looked at the answers makes of them.
struct Judgement {
    Tried state = Tried::untried;
    std::string saw;
    std::string told;  // for a file that is given away; see Assumption
};
Judgement holds(std::string saw);
// What of it is the server's own text stands between `…`.
Judgement refuted(std::string saw);
Judgement untried(std::string why);
Judgement untried(const Error& why);

struct Assumption {
    // Of the provider's table, which lives as long as the program: WMI-12; what is assumed; how it is tried; what would
    // refute it.
    std::string_view fact, assumed, how, refuted_by;
    Tried state = Tried::untried;
    std::string saw;                     // for the screen: what was seen, or why it could not be tried
    std::string told;                    // the same for a file that is given away: no words of the host's own
    std::vector<std::size_t> exchanges;  // their numbers in the record
};

// `row`: of a provider's table, with the same first four.
template <class Row>
Assumption assumption(const Row& row, Judgement judged) {
    return {.fact = row.fact,
            .assumed = row.assumed,
            .how = row.how,
            .refuted_by = row.refuted_by,
            .state = judged.state,
            .saw = std::move(judged.saw),
            .told = std::move(judged.told),
            .exchanges = {}};
}
std::size_t count(std::span<const Assumption> all, Tried state);

struct FirstContact {
    Probe probe;
    std::optional<std::int64_t> build;  // of the host's Windows; nothing: it was not told
    std::vector<Assumption> assumptions;
    Readings values;  // all that this program reads of the host, from the recorded answers

    std::size_t count(Tried state) const { return fairway::count(assumptions, state); }
};

// The same with a domain's directory.
struct DirectoryContact {
    std::string domain, controller;  // the latter empty: none is known
    std::optional<Error> stopped;    // why nobody could be connected to
    std::vector<Assumption> assumptions;

    std::size_t count(Tried state) const { return fairway::count(assumptions, state); }
};

}  // namespace fairway
