// Would CredSSP stay open with no end, if this run were undone or gone on with? So it is of a run that ended a
// break-glass run: what it put back has no term any more. The journal alone says so.
#pragma once

#include <optional>
#include <string>

#include "engine/journal/journal.hpp"
#include "engine/model/run.hpp"
#include "engine/model/want.hpp"

namespace fairway {

struct GlassBehind {
    Run opened;           // the break-glass run at the beginning of these rollbacks
    bool closes = false;  // the run puts back what that one opened; else it opens that again
};
// Of a run that rolls back a break-glass run, or a rollback of it, and so on. Nothing: it does no such thing.
Result<std::optional<GlassBehind>> glass_behind(const Run& run, const Journal& journal);

// Code::refused, with what to do: to roll the run back, in whole or in part, would open CredSSP again.
Result<void> may_be_undone(const Run& run, const Journal& journal);
// The same of going on with it.
Result<void> may_go_on(const Run& run, const Journal& journal);

// Code::refused: these wants of a rollback of the run would open again what a break-glass run had opened that is over,
// because the run had taken it over.
Result<void> may_be_put_back(const Desired& wants, const Run& run, const Journal& journal);

// Whether to offer a rollback of the run.
bool is_undoable(const std::string& run, const Journal& journal);

}  // namespace fairway
