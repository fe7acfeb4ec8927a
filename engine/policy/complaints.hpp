// The mistakes of one document, collected as the readers find them and handed over in the order of its lines.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/diagnostic.hpp"
#include "engine/base/yaml.hpp"

namespace fairway {

class Complaints {
public:
    explicit Complaints(std::string file) : file_(std::move(file)) {}

    void add(Place place, std::size_t width, std::string text, std::string hint = {});
    // About a node or a key; the mark underlines it.
    void add(const Node& node, std::string text, std::string hint = {});
    void add(const Entry& entry, std::string text, std::string hint = {});
    void add_secret(const Entry& entry, std::string text);  // the line itself is not to be shown

    bool empty() const { return all_.empty(); }
    std::size_t size() const { return all_.size(); }
    // Sorted by place; a document that is wrong throughout is cut short.
    Diagnostics take();

    // "did you mean `x`?" or empty. A document with hundreds of mistakes gets no more guesses: they cost time.
    std::string guess(std::string_view wrong, std::span<const std::string_view> known) const;

private:
    std::string file_;
    Diagnostics all_;
};

}  // namespace fairway
