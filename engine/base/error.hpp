// What can go wrong, as a value. The code tells the caller what to do next; the text tells a person
// what is wrong, why it matters and what to do. Exceptions of libraries are caught in the files that include them.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace fairway {

enum class Code {
    bad_input,    // a document, an argument or an answer that a person must correct
    unreachable,  // nobody answered, or the answer was cut: reading again may work
    denied,       // the server knows us and says no, or will not know us
    not_found,    // the object or the property is not there
    stale,        // the world is no longer what the caller saw
    unsupported,  // the server cannot do this
    protocol,     // an answer that breaks the protocol
    storage,      // our own files: full disk, wrong version, broken chain
    refused,      // we will not do this, on purpose
};

struct Error {
    Code code{};
    std::string text;
};

std::string_view name(Code code);

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Code code, std::string text) {
    return tl::unexpected<Error>(Error{code, std::move(text)});
}

}  // namespace fairway
