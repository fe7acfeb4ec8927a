// What somebody saw who tried what this program assumes of Windows on one host, assumption by assumption: which hold,
// which are refuted and by what, which could not be tried and why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

struct FirstContact {
    Probe probe;
    std::optional<std::int64_t> build;  // of the host's Windows; nothing: it was not told
    std::vector<Assumption> assumptions;
    Readings values;  // all that this program reads of the host, from the recorded answers

    std::size_t count(Tried state) const;
};

}  // namespace fairway
