// What one run did, change by change, as the journal records it: before, after, what became of it and when, and which
// runs changed the same value later.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/json_fwd.hpp"
#include "engine/model/run.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

// "in doubt", "stopped (window)": how a run ended, for people. A failure is no news of a failed one.
std::string end_words(std::string_view end, std::string_view reason = {});

// `later`: the runs that wrote after it.
std::string story_text(const Run& run, std::span<const Run> later, const Style& style);
Json story_json(const Run& run, std::span<const Run> later);
// When each phase began and when its last result was known, and how many of its changes are done.
Json timeline_json(const Run& run);

}  // namespace fairway::report
