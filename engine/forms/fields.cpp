// See fields.hpp.
#include "engine/forms/fields.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/report/style.hpp"

namespace fairway::forms {
namespace {

constexpr std::size_t values_named = 3;
constexpr std::size_t objects_named = 5;

}  // namespace

std::string text_of(const Json& map, std::string_view key) {
    const Json* value = find(map, key);
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::int64_t number_of(const Json& map, std::string_view key) {
    const Json* value = find(map, key);
    return value && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

std::string file_of(const Json& result, const Json& finding) {
    const std::string own = text_of(finding, "file");
    return own.empty() ? text_of(result, "policy_file") : own;
}

std::string digits_of(const Json& map, std::string_view key) { return std::to_string(number_of(map, key)); }

bool is_set(const Json& map, std::string_view key) {
    const Json* value = find(map, key);
    return value && value->is_boolean() && value->get<bool>();
}

const Json& part_of(const Json& map, std::string_view key) {
    static const Json none = Json::array();
    const Json* value = find(map, key);
    return value && value->is_structured() ? *value : none;
}

std::string words_of(std::string word) {
    std::replace(word.begin(), word.end(), '_', ' ');
    return word;
}

std::string counted(std::int64_t n, std::string_view noun) { return report::count(static_cast<std::size_t>(n), noun); }

std::string value_words(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (value.is_number()) return value.dump();
    if (!value.is_array() || value.empty()) return "none";
    return text::some(value, values_named, value_words);
}

std::vector<std::string> texts_of(const Json& list) {
    std::vector<std::string> out;
    for (const Json& one : list) out.push_back(value_words(one));
    return out;
}

std::vector<std::string> names_in(const Group& group, std::string_view key) {
    std::vector<std::string> out;
    for (const Json* one : group) out.push_back(text_of(*one, key));
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::string counted_names(const std::vector<std::string>& names) {
    if (names.size() == 1) return names.front();
    return fmt::format("{}: {}", names.size(), text::some(names, objects_named));
}

}  // namespace fairway::forms
