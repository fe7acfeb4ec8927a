// What a document's loader said, one line for each complaint, for tables of bad documents.
#pragma once

#include <fmt/format.h>
#include <string>
#include <vector>

#include "engine/base/diagnostic.hpp"

namespace fairway {

// A piece of a document, and everything that is wrong with it: "line:column: text (hint)".
struct Bad {
    std::string piece;
    std::vector<std::string> said;
};

template <class T>
std::vector<std::string> said(const Checked<T>& checked) {
    std::vector<std::string> out;
    if (checked) return out;
    for (const Diagnostic& d : checked.error())
        out.push_back(fmt::format("{}:{}: {}{}", d.place.line, d.place.column, d.text,
                                  d.hint.empty() ? std::string() : fmt::format(" ({})", d.hint)));
    return out;
}

}  // namespace fairway
