// Runs that end by themselves, for people and for machines: until when, by whom, for which ticket, and why.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/report/style.hpp"
#include "engine/run/term.hpp"

namespace fairway::report {

// "break-glass run 2026-11-29-01 is open until …, by anna@desk for CHG1: reason".
std::string term_line(const Termed& one);
// What is wrong where the journal has entries of an open run that are later than now; empty: nothing is.
std::string clock_words(const Termed& one);
// A line for each that is not over.
std::string open_text(const std::vector<Termed>& runs, const Style& style);
Json json(const std::vector<Termed>& runs);
// Lines of the history, each of a break-glass run with its state, reason and hosts.
Json json(const std::vector<RunLine>& history, const std::vector<Termed>& runs);

// A finding for each host at which something of a run of the estate is still to be put back. Of a run past its end that
// has no such host, one about the run.
std::vector<EstateFinding> findings(const std::vector<Termed>& runs, const std::string& estate);

std::vector<std::string> hosts_of(const Run& run);  // those that its plan changes
Json json(const Term& term);
Json json(const std::vector<Term>& terms);

}  // namespace fairway::report
