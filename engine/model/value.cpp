// See value.hpp. The algebra walks two sorted sets side by side; Set's order keeps equal keys together
// because a blank sorts before every character that a key can hold.
#include "engine/model/value.hpp"

#include <algorithm>
#include <iterator>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

bool before(std::string_view a, std::string_view b) {
    const int order = text::compare_folded(a, b);
    return order != 0 ? order < 0 : a < b;
}

int compare(Key key, std::string_view a, std::string_view b) {
    return text::compare_folded(key_of(key, a), key_of(key, b));
}

using Elements = Set::Elements;

// `from`'s elements whose key is in the other, or is not: std's set algorithms count repeats, ours are by key.
Elements pick(Key key, const Set& from, const Set& other, bool wanted) {
    Elements out;
    Abreast walk(key, other);
    for (auto at = from.begin(), last = from.end(); at != last; ++at) {
        if (walk.meets(*at) != wanted) continue;
        if (out.empty()) out.reserve(static_cast<std::size_t>(last - at));
        out.push_back(*at);
    }
    return out;
}

}  // namespace

Set::Set(const std::vector<std::string>& elements) : Set(of({elements.begin(), elements.end()})) {}

Set Set::of(Elements elements) {
    if (!std::is_sorted(elements.begin(), elements.end(), before)) std::sort(elements.begin(), elements.end(), before);
    elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
    return of_sorted(elements);
}

Set Set::of_sorted(const Elements& elements) {
    Set out;
    if (elements.empty()) return out;
    std::size_t size = 0;
    for (const std::string_view element : elements) size += element.size();
    std::string text;
    text.reserve(size);
    for (const std::string_view element : elements) text += element;
    out.text_ = std::make_shared<const std::string>(std::move(text));
    Elements own;
    own.reserve(elements.size());
    std::size_t at = 0;
    for (const std::string_view element : elements) {
        own.push_back(std::string_view(*out.text_).substr(at, element.size()));
        at += element.size();
    }
    out.elements_ = std::make_shared<const Elements>(std::move(own));
    return out;
}

Set Set::part(Elements elements) const {
    Set out;
    if (elements.empty()) return out;
    out.text_ = text_;
    out.elements_ = std::make_shared<const Elements>(std::move(elements));
    return out;
}

Set Set::at(std::span<const std::uint32_t> places) const {
    Elements some;
    some.reserve(places.size());
    for (const std::uint32_t place : places) some.push_back(elements()[place]);
    return part(std::move(some));
}

const Set::Elements& Set::elements() const {
    static const Elements none;
    return elements_ ? *elements_ : none;
}

bool Set::contains(std::string_view element) const { return std::binary_search(begin(), end(), element, before); }

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
    return Set::of_sorted(all);
}

Set subtract(Key key, const Set& a, const Set& b) {
    if (b.empty()) return a;
    return a.part(pick(key, a, b, false));
}

Set subtract_exact(const Set& a, const Set& b) {
    Elements out;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out), before);
    return a.part(std::move(out));
}

Set intersect(Key key, const Set& a, const Set& b) { return a.part(pick(key, a, b, true)); }

bool covers(Key key, const Set& a, const Set& b) {
    Abreast walk(key, a);
    return std::all_of(b.begin(), b.end(), [&](std::string_view element) { return walk.meets(element); });
}

// Lists that are compared mostly hold the same, so the next element is looked at before any is ordered.
bool Abreast::meets(std::string_view text) {
    if (at_ == end_) return false;
    if (*at_ == text) return true;
    if (at_ + 1 != end_ && at_[1] == text) {
        ++at_;
        return true;
    }
    int order = 1;  // of the set's next element against the text
    while (at_ != end_ && (order = compare(key_, *at_, text)) < 0) ++at_;
    return at_ != end_ && order == 0;
}

}  // namespace fairway
