// What writers ask of a result: a field that may be missing, a value in words, the names of many objects. A result is
// JSON of our own, so what is not there is empty and no error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

std::string text_of(const Json& map, std::string_view key);
std::int64_t number_of(const Json& map, std::string_view key);
std::string digits_of(const Json& map, std::string_view key);
bool is_set(const Json& map, std::string_view key);  // a boolean that is true
// A list or a map; an empty one where there is none.
const Json& part_of(const Json& map, std::string_view key);

// The policy's file in which the rule of a finding is.
std::string file_of(const Json& result, const Json& finding);

// A word of JSON as people read it: "not done" of not_done.
std::string words_of(std::string word);

// "1 change", "2 changes".
std::string counted(std::int64_t n, std::string_view noun);

// A value of a setting: "kerberos", "yes", "4", "a, b and 3 more", "none".
std::string value_words(const Json& value);
std::vector<std::string> texts_of(const Json& list);  // each of its values in words

// What is asked of many that are shown as one, each name once: "3: HV01, HV02, HV03", "40: HV01, HV02 and 38 more".
using Group = std::vector<const Json*>;
std::vector<std::string> names_in(const Group& group, std::string_view key);
std::string counted_names(const std::vector<std::string>& names);

}  // namespace fairway::forms
