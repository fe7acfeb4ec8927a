// What the laws share: how one is broken, and how elements are told apart without the engine.
#pragma once

#include <fnmatch.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"

namespace fairway::laws {

struct Broken {
    std::string law, because;
};

inline void hold(bool holds, std::string_view law, const std::string& because) {
    if (!holds) throw Broken{std::string(law), because};
}

inline std::set<std::string> keys(const Setting& row, const Value& value) {
    std::set<std::string> out;
    for (const std::string_view element : *as_set(value))
        out.insert(text::fold(row.key == Key::first_word ? element.substr(0, element.find(' ')) : element));
    return out;
}

// By the C library, which has its own idea of * and ?. Both folded already.
inline bool globbed(const std::set<std::string>& patterns, const std::string& key) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return fnmatch(pattern.c_str(), key.c_str(), 0) == 0; });
}

}  // namespace fairway::laws
