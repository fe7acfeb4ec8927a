// The mistakes of one document, collected as the readers find them and handed over in the order of its files and lines.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/diagnostic.hpp"
#include "engine/base/yaml.hpp"

namespace fairway {

class Complaints {
public:
    explicit Complaints(std::string file) : files_{std::move(file)} {}

    // Another file of the document. Returns what its places have as their file.
    int begin_file(std::string file);
    // "line 7", or with its file where that is another one; for what is complained of at `said_at`.
    std::string line_of(Place place, Place said_at) const;

    void add(Place place, std::size_t width, std::string text, std::string hint = {});
    // About a node or a key; the mark underlines it.
    void add(const Node& node, std::string text, std::string hint = {});
    void add(const Entry& entry, std::string text, std::string hint = {});
    void add_secret(const Entry& entry, std::string text);  // the line itself is not to be shown

    void add(Diagnostics of_a_file, int file);  // what its parser complained of

    bool empty() const { return all_.empty(); }
    std::size_t size() const { return all_.size(); }
    // Sorted by place; a document that is wrong throughout is cut short.
    Diagnostics take();

    // "did you mean `x`?" or empty. A document with hundreds of mistakes gets no more guesses: they cost time.
    std::string guess(std::string_view wrong, std::span<const std::string_view> known) const;

private:
    std::vector<std::string> files_;
    Diagnostics all_;
};

}  // namespace fairway
