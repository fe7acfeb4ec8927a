// See schema.hpp.
#include "engine/policy/schema.hpp"

#include "engine/base/json.hpp"
#include "engine/policy/inventory_shape.hpp"
#include "engine/policy/policy_shape.hpp"

namespace fairway {
namespace {

std::string document(const char* title, const char* description, const Shape& shape) {
    Json out = {
        {"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}, {"description", description}};
    const Json body = schema_of(shape);
    for (const auto& [key, value] : body.items()) out[key] = value;
    return print_json(out);
}

}  // namespace

std::string policy_schema() {
    return document("Fairway policy", "The standard that every Hyper-V host and its computer account is held to.",
                    policy_shape());
}

std::string inventory_schema() {
    return document("Fairway inventory", "The Hyper-V hosts of an estate, and how they and the directory are reached.",
                    inventory_shape());
}

}  // namespace fairway
