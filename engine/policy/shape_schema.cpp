// The tables of shape.hpp as JSON Schema, draft 2020-12. What a table cannot tell a schema (a check that is
// code, keys that depend on other documents) the loader still says; the schema is never stricter than it.
#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/policy/shape.hpp"

namespace fairway {
namespace {

Json texts(std::span<const std::string_view> words) {
    Json out = Json::array();
    for (std::string_view word : words) out.push_back(std::string(word));
    return out;
}

Json text_schema(const Shape& shape) {
    Json out = {{"type", "string"}};
    if (!shape.choices.empty()) out["enum"] = texts(shape.choices);
    else if (!shape.pattern.empty()) out["pattern"] = std::string(shape.pattern);
    else out["minLength"] = 1;
    return out;
}

Json list_schema(const Shape& shape) {
    Json out = {{"type", "array"}, {"items", schema_of(*shape.element)}};
    if (!shape.if_empty.empty()) out["minItems"] = 1;
    if (shape.distinct) out["uniqueItems"] = true;
    return out;
}

// As the document would have it: a number and a truth value without quotes.
Json fallback(const Field& field) {
    if (field.shape->form == Shape::Form::boolean) return field.fallback == "true";
    if (field.shape->form == Shape::Form::integer) return std::stoll(std::string(field.fallback));
    return std::string(field.fallback);
}

// `any` of the keys that tell an alternative which `key` belongs to.
Json leaders_of(std::string_view key, const Shape& shape) {
    Json out = Json::array();
    for (const Alternative& alternative : shape.alternatives)
        if (std::find(alternative.keys.begin() + 1, alternative.keys.end(), key) != alternative.keys.end())
            out.push_back(std::string(alternative.keys.front()));
    return out;
}

void add_alternatives(Json& out, const Shape& shape) {
    Json one_of = Json::array(), depends = Json::object(), depends_on_any = Json::object();
    for (const Alternative& alternative : shape.alternatives) {
        one_of.push_back({{"required", texts(alternative.keys)}});
        for (std::string_view key : alternative.keys.subspan(1)) {
            const Json leaders = leaders_of(key, shape);
            if (leaders.size() == 1) {
                depends[std::string(key)] = leaders;
                continue;
            }
            Json any_of = Json::array();
            for (const Json& leader : leaders) any_of.push_back({{"required", Json::array({leader})}});
            depends_on_any[std::string(key)] = {{"anyOf", std::move(any_of)}};
        }
    }
    out["oneOf"] = std::move(one_of);
    if (!depends.empty()) out["dependentRequired"] = std::move(depends);
    if (!depends_on_any.empty()) out["dependentSchemas"] = std::move(depends_on_any);
}

Json map_schema(const Shape& shape) {
    Json properties = Json::object(), required = Json::array(), either = Json::array();
    for (const Field& field : shape.fields) {
        Json property = schema_of(*field.shape);
        if (!field.doc.empty()) property["description"] = std::string(field.doc);
        if (!field.fallback.empty()) property["default"] = fallback(field);
        properties[std::string(field.key)] = std::move(property);
        if (field.lack.empty()) continue;
        if (field.unless.empty()) {
            required.push_back(std::string(field.key));
            continue;
        }
        for (const std::string_view key : {field.key, field.unless})
            either.push_back({{"required", {std::string(key)}}});
    }
    Json out = {{"type", "object"}, {"additionalProperties", false}};
    if (!required.empty()) out["required"] = std::move(required);
    if (!either.empty()) out["anyOf"] = std::move(either);
    if (!shape.if_empty.empty()) out["minProperties"] = 1;
    if (!shape.alternatives.empty()) add_alternatives(out, shape);
    out["properties"] = std::move(properties);
    return out;
}

Json either_schema(const Shape& shape) {
    Json any_of = Json::array();
    for (const Shape* option : shape.options) any_of.push_back(schema_of(*option));
    return {{"anyOf", std::move(any_of)}};
}

}  // namespace

Json schema_of(const Shape& shape) {
    switch (shape.form) {
        case Shape::Form::text: return text_schema(shape);
        case Shape::Form::integer: return {{"type", "integer"}, {"minimum", shape.least}, {"maximum", shape.most}};
        case Shape::Form::boolean: return {{"type", "boolean"}};
        case Shape::Form::list: return list_schema(shape);
        case Shape::Form::map: return map_schema(shape);
        case Shape::Form::either: return either_schema(shape);
    }
    return Json::object();
}

}  // namespace fairway
