// The scalars that the tables of shapes are made of: a text, one of some words, a number.
#pragma once

#include "engine/policy/shape.hpp"
#include "engine/policy/spelling.hpp"

namespace fairway {

inline Shape text_of(std::string_view what) { return {.form = Shape::Form::text, .what = what}; }
inline Shape text_of(std::string_view what, const spelling::Rule& rule) {
    return {.form = Shape::Form::text, .what = what, .check = rule.check, .pattern = rule.pattern};
}
inline Shape word_of(std::string_view what, std::span<const std::string_view> choices) {
    return {.form = Shape::Form::text, .what = what, .choices = choices};
}
inline Shape number_of(std::string_view what, std::int64_t least, std::int64_t most, std::string_view unit = {}) {
    return {.form = Shape::Form::integer, .what = what, .least = least, .most = most, .unit = unit};
}

}  // namespace fairway
