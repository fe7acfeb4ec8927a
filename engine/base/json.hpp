// JSON as a value: parsed strictly (size, depth, no key twice, nothing behind it), asked with getters that
// answer with the path of what is wrong, printed without an exception. The only file that includes nlohmann-json.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/json_fwd.hpp"

namespace fairway {

struct JsonLimits {
    std::size_t bytes = 64u << 20;
    std::size_t depth = 64;
};

// Code::bad_input; the text says the line and the column.
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

// A document that is too large to stand in memory as one tree: each map that is a member of a map that is a member of
// the root (`{"hosts": {"HV01": {…}}}`) is given to `take` as soon as it is read, and an empty map stays in its place.
using TakeJson = std::function<void(const std::string& section, const std::string& key, const Json& map)>;
Result<Json> parse_json(std::string_view text, const JsonLimits& limits, const TakeJson& take);

// Two blanks for each level and a line feed at the end; `indent` below zero: all in one line, without one.
// Bytes that are not UTF-8 are replaced, so check what comes from outside before it gets here.
std::string print_json(const Json& json, int indent = 2);

// The same bytes for a document that is too large to stand in memory as one tree: it is opened, filled and
// closed part by part. Keys are given inside maps and empty inside lists.
class JsonWriter {
public:
    explicit JsonWriter(int indent) : indent_(indent) {}

    void open_map(std::string_view key = {}) { open(key, '{'); }
    void open_list(std::string_view key = {}) { open(key, '['); }
    void put(std::string_view key, const Json& json);
    void list(std::string_view key, std::span<const std::string> texts);
    void list(std::string_view key, std::span<const std::string_view> texts);
    void close();
    void expect(std::size_t bytes) { out_.reserve(bytes); }  // a large text that grows step by step is copied each time
    std::string take() { return std::exchange(out_, {}); }   // what has been written since the last time

private:
    struct Level {
        char begin;
        bool empty;
    };
    template <class Text>
    void write_list(std::string_view key, std::span<const Text> texts);
    void open(std::string_view key, char begin);
    void start(std::string_view key);  // comma, line, key
    void line(std::size_t depth);

    int indent_;
    std::vector<Level> levels_;
    std::string out_;
};

// The getters. `json` should be a map (if it is not, that is the answer); `path` is where it stands in its
// document ("phases[2]"), only for the error's text. A key that is missing is an error; ask `find` first.
const Json* find(const Json& json, std::string_view key);  // null: not a map, or no such key

Result<std::string> text_at(const Json& json, std::string_view key, std::string_view path = {});
Result<bool> boolean_at(const Json& json, std::string_view key, std::string_view path = {});
// A whole number, written as one (1.0 and "1" are not), within the two bounds.
struct Bounds {
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
};
Result<std::int64_t> integer_at(const Json& json, std::string_view key, std::string_view path = {}, Bounds bounds = {});
Result<std::vector<std::string>> texts_at(const Json& json, std::string_view key, std::string_view path = {});
Result<const Json*> list_at(const Json& json, std::string_view key, std::string_view path = {});
Result<const Json*> map_at(const Json& json, std::string_view key, std::string_view path = {});

// A map, and no key but these.
Result<void> only_keys(const Json& json, std::initializer_list<std::string_view> keys, std::string_view path = {});

// "a.b", "b" where `path` is empty; "a[3]".
std::string path_to(std::string_view path, std::string_view key);
std::string path_to(std::string_view path, std::size_t index);

}  // namespace fairway
