// A complaint about a document, with the place it is about, printed as compilers do. A document gives a
// list of them: every mistake at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway {

struct Place {
    int line = 0;  // 1-based; 0: the document as a whole
    int column = 0;
    int file = 0;  // of a document of several files: which of them; 0: the one that names the others
};

// "line 7"; `file`:7 where that is another file than that of the place it is said at.
std::string line_of(Place place, const std::string& file, Place said_at);

struct Diagnostic {
    std::string file;
    Place place;
    std::size_t width = 1;  // how many characters of the line the mark underlines
    std::string text;
    std::string hint;     // what stands beside the mark, e.g. did you mean `x`?
    bool secret = false;  // the line may hold a secret, so it is not shown
};

using Diagnostics = std::vector<Diagnostic>;

// Either the document's meaning, or everything that is wrong with it (never an empty list).
template <class T>
using Checked = tl::expected<T, Diagnostics>;

// "file:line:col: error: text", the line itself, the mark and the hint. `source` is the document's text.
std::string show(const Diagnostic& diagnostic, std::string_view source);

}  // namespace fairway
