// Equal things together: what has one key is one group, in the order in which the first of each comes.
#pragma once

#include <functional>
#include <iterator>
#include <map>
#include <type_traits>
#include <vector>

namespace fairway {

// Points into `all`. No group is empty.
template <class Range, class KeyOf>
auto by_key(const Range& all, const KeyOf& key_of) {
    using Element = std::remove_reference_t<decltype(*std::begin(all))>;
    std::vector<std::vector<const Element*>> out;
    std::map<std::decay_t<std::invoke_result_t<KeyOf, const Element&>>, std::size_t> places;
    for (const Element& one : all) {
        const auto [it, fresh] = places.try_emplace(key_of(one), out.size());
        if (fresh) out.emplace_back();
        out[it->second].push_back(&one);
    }
    return out;
}

}  // namespace fairway
