// What a run left behind, as wants: back to what was before it (rollback), or still as it left it (verify). And which
// of it other runs have changed since: that is no longer this run's to put back. Pure.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/run.hpp"
#include "engine/model/want.hpp"

namespace fairway {

// The wants of a rollback: every address that the run wrote, or may have written, back to its before. `later`: the runs
// that wrote after this one first did. What rollbacks of this run put back already is wanted no more.
Desired baseline(const Run& run, std::span<const Run> later = {});

// The wants that say "the run's changes are still there", for verifying it later.
Desired results(const Run& run);

// The objects at which something of the run is still to be put back: it is done or may be, no rollback of the run put
// it back for good, and it belongs to no other run now.
std::set<std::string> still_changed(const Run& run, std::span<const Run> later);

// What other runs did with the run's changes, or with some of them.
struct Undone {
    std::vector<std::string> by;     // its rollbacks that put something back
    std::vector<std::string> again;  // the runs that other changes of its values belong to now
    bool all = false;                // nothing of the run is left to put back
};
// `wanted`: of which values; an element of a list by its key, folded, or the whole of another value (an empty one).
Undone undone(
    const Run& run, std::span<const Run> later,
    const std::function<bool(const Address&, std::string_view element)>& wanted = [](const Address&, auto) {
        return true;
    });

}  // namespace fairway
