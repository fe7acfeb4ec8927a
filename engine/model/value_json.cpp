// See value_json.hpp.
#include "engine/model/value_json.hpp"

#include "engine/base/json.hpp"

#include <fmt/format.h>

namespace fairway {

Json to_json(const Value& value) {
    if (const Set* set = as_set(value)) return Json(set->elements());
    if (const bool* on = std::get_if<bool>(&value)) return Json(*on);
    if (const auto* number = std::get_if<std::int64_t>(&value)) return Json(*number);
    return Json(std::get<std::string>(value));
}

Result<Value> value_from_json(const Setting& setting, const Json& json, std::string_view path) {
    const auto wrong = [&] {
        return fail(Code::bad_input, fmt::format("{}: {} is a {}", path, setting.name, name(setting.type)));
    };
    switch (setting.type) {
        case Type::boolean:
            if (!json.is_boolean()) return wrong();
            return Value(json.get<bool>());
        case Type::integer:
            if (!json.is_number_integer() || (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX))
                return wrong();
            return Value(json.get<std::int64_t>());
        case Type::word:
            if (!json.is_string()) return wrong();
            return Value(json.get<std::string>());
        case Type::set: break;
    }
    if (!json.is_array()) return wrong();
    std::vector<std::string> elements;
    elements.reserve(json.size());
    for (const Json& element : json) {
        if (!element.is_string()) return wrong();
        elements.push_back(element.get<std::string>());
    }
    return Value(Set(elements));
}

}  // namespace fairway
