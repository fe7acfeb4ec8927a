// Which runs that end by themselves (break-glass) are still open, and which are past their end? The journal alone
// decides, so that it does not matter which process opened them, or whether it lives.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/journal/journal.hpp"
#include "engine/model/run.hpp"
#include "engine/run/rollback.hpp"

namespace fairway {

enum class TermState {
    open,
    past,  // its end has come, and something of it is left, or nobody has looked
    over   // nothing of it is left to put back
};
std::string_view name(TermState state);

// Of a run that has a term; `later`: the runs that wrote after it.
TermState state_of(const Run& run, std::span<const Run> later, std::int64_t now);

// Whether a rollback of the run, made now, left nothing for another one: what stays is somebody else's, and no write of
// it can arrive any more. One of a rollback may: it brings what the rollback wants.
bool is_done_with(const Run& run, const RolledBack& back, std::int64_t now);

// Whether the run is over after that rollback of it. Where others own all that is left of it, the journal learns that.
Result<bool> over_after(const RolledBack& back, const std::string& run, Journal& journal, const std::string& who,
                        const std::string& host, std::int64_t now);

struct Termed {
    Run run;
    TermState state{};
    std::vector<std::string> left;  // the hosts of which something is still to be put back
    std::int64_t ahead = 0;         // when it was last written of, if the clock is clearly before that; else 0
};
// `later`: the runs that wrote after it.
Termed termed(Run run, std::span<const Run> later, std::int64_t now);
// All of the journal that have a term, as they began.
Result<std::vector<Termed>> termed_runs(const Journal& journal, std::int64_t now);

}  // namespace fairway
