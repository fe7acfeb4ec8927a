// Where a secret is to be found; exactly one of the forms is used. Who reads it, and when: sign-on.
#pragma once

#include <compare>
#include <string>
#include <vector>

namespace fairway {

struct SecretSource {
    enum class Form { file, descriptor, command };
    Form form = Form::file;
    std::string path = {};                  // file: only its owner (we, or root) may read it
    int descriptor = -1;                    // 0, if that is no terminal, or from 3 on
    std::vector<std::string> command = {};  // a program, by path or by name, and its arguments; no shell between

    auto operator<=>(const SecretSource&) const = default;
};

}  // namespace fairway
