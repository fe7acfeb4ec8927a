// The building blocks of the schema of results: types, lists and maps, and what entries of several commands look like.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "engine/base/json.hpp"

namespace fairway::report::shape {

Json type(std::string_view word);
Json nullable(std::string_view word);
Json one_of(std::initializer_list<std::string_view> all);
Json list(Json of);
Json ref(std::string_view name);  // to one of definitions()

struct Field {
    std::string_view name;
    Json shape;
    bool required = true;
};
Json map(std::vector<Field> fields);

// The words of results and of the lines of --events.
Json kinds();
Json gates();
Json endings();  // of a run
Json reasons();  // why a run begins nothing more

// What most entries are about (address_json, addresses_json), and what they have besides.
Json entry(std::vector<Field> fields);    // one object
Json entries(std::vector<Field> fields);  // several

// The shapes that fields share, by name.
Json definitions();
// Those of trial moves, into them (result_shapes_trials.cpp).
void define_trials(Json& definitions);
// Those of what stands once for many objects (result_shapes_equal.cpp).
void define_equal(Json& definitions);
// That of `watch` (result_shapes_watch.cpp).
void define_watched(Json& definitions);

}  // namespace fairway::report::shape
