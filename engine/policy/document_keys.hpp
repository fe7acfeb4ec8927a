// Every key of a document and what may stand behind it, from the table that checks it; for the document's manual.
#pragma once

#include <string>
#include <vector>

#include "engine/policy/shape.hpp"

namespace fairway {

struct DocumentKey {
    std::string path;              // rollout.limits.hosts, rules[].id
    std::string may;               // what must stand there: "one of low, medium"
    std::string_view fallback;     // what it is when left out; empty: see the manual's text
    bool needed = false;           // it, or all of an alternative, must be there
    std::string_view unless = {};  // needed only where this key is not there
    std::string as = {};           // the key below which the same keys are listed
};

std::vector<DocumentKey> document_keys(const Shape& document);

}  // namespace fairway
