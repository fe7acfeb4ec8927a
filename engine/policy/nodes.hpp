// Nodes of a YAML document that is being made.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/yaml.hpp"

namespace fairway {

inline Node text_node(std::string text) {
    Node out;
    out.kind = Node::Kind::scalar;
    out.text = std::move(text);
    return out;
}

inline Node list_node(std::vector<Node> items) {
    Node out;
    out.kind = Node::Kind::list;
    out.items = std::move(items);
    return out;
}

inline Node list_node(const std::vector<std::string>& texts) {
    std::vector<Node> items;
    for (const std::string& text : texts) items.push_back(text_node(text));
    return list_node(std::move(items));
}

inline Node map_node(std::vector<std::pair<std::string_view, Node>> entries) {
    Node out;
    out.kind = Node::Kind::map;
    for (auto& [key, value] : entries) out.entries.push_back({std::string(key), {}, std::move(value)});
    return out;
}

}  // namespace fairway
