// See complaints.hpp.
#include "engine/policy/complaints.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

constexpr std::size_t most_guesses = 100;
constexpr std::size_t most_shown = 500;

}  // namespace

void Complaints::add(Place place, std::size_t width, std::string text, std::string hint) {
    all_.push_back(
        {files_[static_cast<std::size_t>(place.file)], place, width, std::move(text), std::move(hint), false});
}

void Complaints::add(const Node& node, std::string text, std::string hint) {
    const std::size_t width = node.is(Node::Kind::scalar) ? node.text.size() + (node.quoted ? 2 : 0) : 1;
    add(node.place, width, std::move(text), std::move(hint));
}

void Complaints::add(const Entry& entry, std::string text, std::string hint) {
    add(entry.place, entry.key.size(), std::move(text), std::move(hint));
}

void Complaints::add_secret(const Entry& entry, std::string text) {
    add(entry, std::move(text));
    all_.back().secret = true;
}

void Complaints::add(Diagnostics of_a_file, int file) {
    for (Diagnostic& one : of_a_file) {
        one.place.file = file;
        all_.push_back(std::move(one));
    }
}

int Complaints::begin_file(std::string file) {
    files_.push_back(std::move(file));
    return static_cast<int>(files_.size()) - 1;
}

std::string Complaints::line_of(Place place, Place said_at) const {
    return fairway::line_of(place, files_[static_cast<std::size_t>(place.file)], said_at);
}

Diagnostics Complaints::take() {
    const auto earlier = [](const Diagnostic& a, const Diagnostic& b) {
        return std::tie(a.place.file, a.place.line, a.place.column) <
               std::tie(b.place.file, b.place.line, b.place.column);
    };
    std::stable_sort(all_.begin(), all_.end(), earlier);
    if (all_.size() > most_shown) {
        const std::size_t more = all_.size() - most_shown;
        all_.resize(most_shown);
        add({}, 1, fmt::format("and {} more mistakes", more));
    }
    return std::move(all_);
}

std::string Complaints::guess(std::string_view wrong, std::span<const std::string_view> known) const {
    if (all_.size() >= most_guesses) return {};
    const std::string_view near = text::did_you_mean(wrong, known);
    return near.empty() ? std::string() : fmt::format("did you mean `{}`?", near);
}

}  // namespace fairway
