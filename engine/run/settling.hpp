// What became of writes that nobody saw the end of? A later reading shows it: each step that is open is settled by what
// its address holds now. What cannot be read now stays in doubt and stops nothing else.
#pragma once

#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/journal/journal.hpp"
#include "engine/model/run.hpp"
#include "engine/provider.hpp"

namespace fairway {

// What a run is continued or undone without, and why.
struct LeftOut {
    Address address;
    Error why;              // Code::refused: it was read, and holds neither what it did nor what was written
    bool in_doubt = false;  // of a write: nobody knows what became of it
    bool skipped = false;   // it could be made: by choice it is not, or because a host failed
};

struct Settled {
    Run run;  // as it is known now
    std::vector<LeftOut> in_doubt;
};

// Outcomes go to the journal, the world is not touched. An Error: the run is not there, or the journal cannot be used.
Result<Settled> settle_run(const std::string& run, Reader& reader, Journal& journal, const Clock& clock);

}  // namespace fairway
