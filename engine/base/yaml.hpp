// A YAML document as a tree of plain nodes, each with its place, so that every complaint can name a line; and such a
// tree as a document. Its source alone includes yaml-cpp. A small YAML on purpose: text, lists and maps of text keys.
// What lets two readers see two documents (anchors, merge keys, tags, repeated keys) is refused in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostic.hpp"

namespace fairway {

struct Entry;

struct Node {
    enum class Kind { nothing, scalar, list, map };  // nothing: no value at all, `~` or `null`
    Kind kind = Kind::nothing;
    Place place;
    std::string text;            // of a scalar
    bool quoted = false;         // of a scalar: in quotes or as a block, so it is text whatever it looks like
    std::vector<Node> items;     // of a list
    std::vector<Entry> entries;  // of a map, in the document's order, no key twice

    bool is(Kind wanted) const { return kind == wanted; }
    const Entry* entry(std::string_view key) const;  // null: not a map, or no such key
    const Node* at(std::string_view key) const;      // its value
};

struct Entry {
    std::string key;
    Place place;
    Node value;
};

struct YamlLimits {
    std::size_t bytes = 4u << 20;
    std::size_t depth = 32;
    std::size_t nodes = 500'000;
};

// A text, a list or a map as YAML, with a line feed at its end: short lists and maps in one line, texts in quotes where
// they need them. parse_yaml() gives the same tree, if its texts are clean.
std::string print_yaml(const Node& node);
std::string indented(std::string_view yaml, std::size_t by);              // each of its lines
std::string yaml_comment(std::string_view text, std::size_t indent = 0);  // one line, with a line feed

// `file` is only for the complaints. An empty document is a node of kind nothing.
Checked<Node> parse_yaml(std::string_view text, const std::string& file, const YamlLimits& limits = {});

}  // namespace fairway
