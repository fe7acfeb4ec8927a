// What the JSON of a plan comes to, in sentences for every form that people read: what a change manager reads first.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/forms/fields.hpp"

namespace fairway::forms {

// "19 of 56 paths are open now, and 56 after this plan. It makes 7 changes on 6 hosts; the highest risk is medium. …"
std::string plan_sentence(const Json& plan);

// "hosts, wave 2", "directory additions".
std::string phase_words(const Json& phase);
// As results say beside the plan which phase they are about: "wave 2", "directory additions".
std::string phase_title(const Json& phase);

// "wait at least 15 minutes; then gates events, trials"; empty: the next phase follows at once.
std::string then_words(const Json& phase);

// The window of its rules: "from … until … Europe/Berlin"; empty: it has none.
std::string window_words(const Json& plan);
// Of a result: "up to 40s, and 15m of waiting between phases; 20s to undo it (assumed)"; empty where it was not
// estimated.
std::string estimate_words(const Json& result);

// How many values a list of a plan has: it stands there, or as numbers of the plan's names ("3-17").
std::size_t values_in(const Json& list);
std::vector<std::string> values_of(const Json& list, const Json& plan);

std::string id_of(const Json& plan);  // as people read it

}  // namespace fairway::forms
