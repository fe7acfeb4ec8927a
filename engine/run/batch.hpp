// Changes of different objects that are made at the same time: looked at by one reading, written together, read back by
// one reading. Journals nothing and decides nothing: what became of each stands in its Flight.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/model/plan.hpp"
#include "engine/model/run.hpp"
#include "engine/provider.hpp"

namespace fairway {

// One change on its way, from the reading before to the reading after.
struct Flight {
    std::size_t number = 0;  // in the plan
    const Change* change = nullptr;
    bool torn = false;  // part of it was written by an earlier stretch of the run

    Value held = {};                // before the write
    std::optional<Error> off = {};  // it cannot be made of what is there; nothing was written
    bool begun = false;             // its write was sent
    bool overtaken = false;   // somebody else was first every time, so the same value from another hand is not ours
    Result<void> wrote = {};  // the provider's answer
    std::string moved = {};   // what others did with the rest of the list since the plan was made
    Outcome outcome{};        // after the reading back
    std::optional<Error> lost = {};  // the reading back failed

    bool done() const { return outcome == Outcome::done; }
    // So far; a list that others edited meanwhile is tried again.
    bool failing() const { return begun && !wrote && !(overtaken && as_set(held)); }
    bool refused() const;      // the server itself said no
    std::string note() const;  // for the journal
    Error why_not_done() const;
};

// Fills `held` or `off`.
void look(std::span<Flight> flights, Reader& reader);
// Compare and swap: where others edit a list between reading and writing, it is read again and written again, a few
// times. `may_begin`: see Writer.
void write(std::span<Flight> flights, Reader& reader, Writer& writer, const MayBegin& may_begin);
// Fills `outcome`.
void read_back(std::span<Flight> flights, Reader& reader);

}  // namespace fairway
