// See value.hpp. The algebra walks two sorted sets side by side; Set's order keeps equal keys together
// because a blank sorts before every character that a key can hold.
#include "engine/model/value.hpp"

#include <algorithm>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

bool before(const std::string& a, const std::string& b) {
    const int order = text::compare_folded(a, b);
    return order != 0 ? order < 0 : a < b;
}

int compare(Key key, std::string_view a, std::string_view b) {
    return text::compare_folded(key_of(key, a), key_of(key, b));
}

using Elements = std::vector<std::string>;

// `b`'s elements whose key is not in `a`, and so on: std's set algorithms count repeats, ours are by key.
Elements pick(Key key, const Set& from, const Set& other, bool wanted) {
    Elements out;
    auto it = other.begin();
    const auto end = other.end();
    for (auto at = from.begin(), last = from.end(); at != last; ++at) {
        int order = 1;  // of the other's next element against this one
        while (it != end && (order = compare(key, *it, *at)) < 0) ++it;
        const bool there = it != end && order == 0;
        if (there != wanted) continue;
        if (out.empty()) out.reserve(static_cast<std::size_t>(last - at));
        out.push_back(*at);
    }
    return out;
}

}  // namespace

Set::Set(std::vector<std::string> elements) {
    if (elements.empty()) return;
    if (!std::is_sorted(elements.begin(), elements.end(), before)) std::sort(elements.begin(), elements.end(), before);
    elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
    elements_ = std::make_shared<const Elements>(std::move(elements));
}

Set Set::of_sorted(std::vector<std::string> elements) {
    Set out;
    if (!elements.empty()) out.elements_ = std::make_shared<const Elements>(std::move(elements));
    return out;
}

const std::vector<std::string>& Set::elements() const {
    static const Elements none;
    return elements_ ? *elements_ : none;
}

bool Set::contains(std::string_view element) const {
    const auto less = [](const std::string& a, std::string_view b) {
        const int order = text::compare_folded(a, b);
        return order != 0 ? order < 0 : std::string_view(a) < b;
    };
    const auto it = std::lower_bound(begin(), end(), element, less);
    return it != end() && *it == element;
}

std::string_view key_of(Key key, std::string_view element) {
    return key == Key::first_word ? element.substr(0, element.find(' ')) : element;
}

Set unite(Key key, const Set& a, const Set& b) {
    Elements more = pick(key, b, a, false);
    if (more.empty()) return a;
    if (a.empty()) return b;
    Elements all;
    all.reserve(a.size() + more.size());
    std::merge(a.begin(), a.end(), more.begin(), more.end(), std::back_inserter(all), before);
    return Set::of_sorted(std::move(all));
}

Set subtract(Key key, const Set& a, const Set& b) {
    if (b.empty()) return a;
    return Set::of_sorted(pick(key, a, b, false));
}

Set intersect(Key key, const Set& a, const Set& b) { return Set::of_sorted(pick(key, a, b, true)); }

bool covers(Key key, const Set& a, const Set& b) {
    auto it = a.begin();
    const auto end = a.end();
    for (const std::string& element : b) {
        int order = 1;
        while (it != end && (order = compare(key, *it, element)) < 0) ++it;
        if (it == end || order != 0) return false;
    }
    return true;
}

}  // namespace fairway
