// What may stand where in a document, as tables. One table gives the strict check (every mistake at once)
// and the JSON Schema that editors read, so the two cannot drift apart. Knows no policy and no inventory.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/json_fwd.hpp"
#include "engine/base/yaml.hpp"
#include "engine/policy/complaints.hpp"

namespace fairway {

struct Shape;

struct Field {
    std::string_view key;
    const Shape* shape = nullptr;
    std::string_view doc;            // for the schema's reader
    std::string_view fallback = "";  // what it is when left out, as the document would have it; for the schema
    // Not empty: required. How its lack is worded, "has no end", and what for, "RFC 3339 with a zone".
    std::string_view lack = "", purpose = "";
    std::string_view unless = "";    // a required one may be missing where this key is there
    std::string_view formerly = "";  // its name in earlier versions, which still works (former_keys)
};

// Keys that stand together; of several such groups exactly one is used, and no key of the others. Groups may share
// keys behind the first.
struct Alternative {
    std::span<const std::string_view> keys;  // the first tells which it is
};

struct Shape {
    enum class Form { text, integer, boolean, list, map, either };
    Form form;
    std::string_view what = "";  // after "must be": "a list of hosts"

    // Of a text. `check` says what is wrong with it, behind the text itself ("has host bits set"), or nothing;
    // `pattern` tells as much of the same to JSON Schema.
    std::span<const std::string_view> choices = {};
    std::string_view noun = "";  // of the choices, where there are too many to name: "setting"
    std::string (*check)(std::string_view text) = nullptr;
    std::string_view pattern = "";

    // Of an integer, both inclusive.
    std::int64_t least = 0, most = 0;
    std::string_view unit = "";

    // Of a list.
    const Shape* element = nullptr;
    bool distinct = false;  // without case

    // Of a list or a map that must not be empty: what it is then, "empty", "without a want".
    std::string_view if_empty = "";

    // Of a map.
    std::span<const Field> fields = {};
    std::span<const Alternative> alternatives = {};
    std::string (*label)(const Node& map) = nullptr;  // "rule `x`", for complaints about what it holds
    std::string_view key_noun = "key";                // "setting"
    bool unnamed = false;                             // its own key says nothing: complaints name what holds it
    std::string_view about = "";                      // for `unknown`: which row the shape was made for
    // What to say of a key that has no field, or nothing: then it is an unknown key like any other.
    std::string (*unknown)(const Shape& shape, const Entry& entry) = nullptr;
    std::span<const std::string_view> secrets = {};  // keys whose line would hold a secret
    std::string_view secret_words = "";              // what to say of them

    // Of an either: the options, for different kinds of node where possible.
    std::span<const Shape* const> options = {};
};

// `label` is the whole document's: "the policy".
void check(const Node& node, const Shape& shape, std::string_view label, Complaints& complaints);

// The JSON Schema of a node (draft 2020-12), without the heading of a document.
Json schema_of(const Shape& shape);

// What the tables' complaints say of a scalar, or nothing. `name` is the key that it stands behind.
std::string scalar_complaint(const Node& node, const Shape& shape, std::string_view name);

}  // namespace fairway
