// What a setting can hold. Canonical: the provider normalises at its border, and from there on the
// engine compares with == only. A set is shared and never changes, so copies cost a pointer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway {

// How the elements of a set are distinguished: two elements with one key are two spellings of one thing.
enum class Key {
    whole,       // the text without case: service principal names, addresses, flags
    first_word,  // up to the first blank: networks, whose preference stands behind it ("10.1.0.0/16 metric 5")
};

// Distinct texts in one order: without case first, exact bytes second. Equality is exact. The bytes of all elements
// stand side by side in one text, which a part of a set shares with the whole: estates hold millions of them.
class Set {
public:
    using Elements = std::vector<std::string_view>;

    Set() = default;
    explicit Set(const std::vector<std::string>& elements);  // in any order, with or without repeats
    static Set of(Elements elements);

    auto begin() const { return elements().begin(); }
    auto end() const { return elements().end(); }
    std::size_t size() const { return elements().size(); }
    bool empty() const { return elements().empty(); }
    bool contains(std::string_view element) const;
    const Elements& elements() const;  // as long as this set, or one that shares its text, is there

    // Those at these places. Precondition: ascending, and less than size().
    Set at(std::span<const std::uint32_t> places) const;

    friend bool operator==(const Set& a, const Set& b) {
        return a.elements_ == b.elements_ || a.elements() == b.elements();
    }

private:
    friend Set unite(Key key, const Set& a, const Set& b);
    friend Set subtract(Key key, const Set& a, const Set& b);
    friend Set intersect(Key key, const Set& a, const Set& b);
    friend Set subtract_exact(const Set& a, const Set& b);
    static Set of_sorted(const Elements& elements);  // a text of their own
    Set part(Elements elements) const;               // some of ours

    std::shared_ptr<const std::string> text_;
    std::shared_ptr<const Elements> elements_;
};

std::string_view key_of(Key key, std::string_view element);

// Set algebra by key. What stays, stays in the spelling of `a`.
Set unite(Key key, const Set& a, const Set& b);
Set subtract(Key key, const Set& a, const Set& b);
Set subtract_exact(const Set& a, const Set& b);  // another spelling is another element
Set intersect(Key key, const Set& a, const Set& b);
bool covers(Key key, const Set& a, const Set& b);  // every key of b is in a

// Tells of one text after another whether a set has its key, in one walk instead of a search for each. The texts come
// in the order of Set; the set, or one that shares its text, is there as long as this is.
class Abreast {
public:
    Abreast(Key key, const Set& set) : key_(key), at_(set.begin()), end_(set.end()) {}

    bool meets(std::string_view text);

private:
    Key key_;
    Set::Elements::const_iterator at_, end_;
};

using Value = std::variant<bool, std::int64_t, std::string, Set>;

// Empty: it was read, and nothing is there (an older host without the property, say). A set that holds
// nothing is an empty Set, not an empty Held. Error: it could not be read; never compliant, never drifted.
using Held = std::optional<Value>;
using Reading = Result<Held>;

inline const Set* as_set(const Value& v) { return std::get_if<Set>(&v); }

}  // namespace fairway
