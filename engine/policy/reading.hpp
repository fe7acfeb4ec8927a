// Taking values out of a checked document. What is missing or malformed was complained of by then, so these
// answer with an empty value and the reader goes on, to find the mistakes that no table can see.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/text.hpp"
#include "engine/base/yaml.hpp"

namespace fairway {

inline const Node* scalar_at(const Node& map, std::string_view key) {
    const Node* value = map.at(key);
    return value && value->is(Node::Kind::scalar) ? value : nullptr;
}

inline std::string text_at(const Node& map, std::string_view key) {
    const Node* value = scalar_at(map, key);
    return value ? value->text : std::string();
}

inline std::optional<std::int64_t> integer_of(const Node& node) { return text::number<std::int64_t>(node.text); }

inline std::optional<std::int64_t> integer_at(const Node& map, std::string_view key) {
    const Node* value = scalar_at(map, key);
    return value ? integer_of(*value) : std::nullopt;
}

// A list's elements; of anything else none.
inline const std::vector<Node>& items_at(const Node& map, std::string_view key) {
    static const std::vector<Node> none;
    const Node* value = map.at(key);
    return value ? value->items : none;
}

inline std::vector<std::string> texts_of(const std::vector<Node>& items) {
    std::vector<std::string> out;
    for (const Node& item : items)
        if (item.is(Node::Kind::scalar)) out.push_back(item.text);
    return out;
}

// The enumerator whose name the text is, counting from the first; `otherwise` if none is.
template <class Enum, std::size_t N>
Enum word_at(const Node& map, std::string_view key, const std::array<std::string_view, N>& words, Enum otherwise) {
    const std::string text = text_at(map, key);
    for (std::size_t i = 0; i < N; ++i)
        if (words[i] == text) return static_cast<Enum>(i);
    return otherwise;
}

}  // namespace fairway
