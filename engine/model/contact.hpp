// What the journal remembers beside runs: that somebody tried assumptions or a write on a host, and what came of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairway {

struct Contact {
    enum class What { probe, rehearsal_begins, rehearsal };
    What what = What::probe;
    std::string estate, host;                // the host as the inventory spells it
    std::string who, machine;                // account and machine
    std::string outcome = {};                // of a rehearsal, in words: where it stopped, or done
    std::optional<std::int64_t> build = {};  // of a probe: of the host's Windows
    std::int64_t holds = 0, refuted = 0, untried = 0;
    std::int64_t at = 0;  // seconds since 1970, UTC
};
std::string_view name(Contact::What what);  // probe, rehearsal_begins, rehearsal

}  // namespace fairway
