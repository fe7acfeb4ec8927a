// What stands behind the id that a finding carries: a setting or fact, a cause of failed moves, a condition of a path,
// a fault of the estate or of service principal names. It is printed from the tables that decide; only what a fault is,
// is said here.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/model/setting.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

struct Topic {
    std::string id;
    std::string kind;  // "boolean of a host", "cause of failed moves"
    std::string what;
    std::vector<std::pair<std::string_view, std::string>> lines = {};  // label and text: risk, fix, source …
};

Topic topic_of(const Setting& row);

// All that have this id, or the words that findings show for it (`closed paths` for `paths_closed`); case, `-`, `_` and
// blanks make no difference. Empty: there is none.
std::vector<Topic> topics(std::string_view id);
std::vector<std::string> topic_ids();

std::string text(const Topic& topic, const Style& style);
Json json(const std::vector<Topic>& topics);

}  // namespace fairway::report
