// Whose file is this, and who else may write or read it? What decides what this program does, or holds a secret, counts
// only where nobody but its caller and root had a hand in it (the rule of git and ssh). POSIX.
#pragma once

#include <string>

#include "engine/base/descriptor.hpp"
#include "engine/base/error.hpp"

namespace fairway {

// A file with a secret: regular, the caller's or root's, and for nobody else to read. Open for reading.
Result<Descriptor> open_secret_file(const std::string& path);
Result<void> is_secret_file(const std::string& path);  // for what a library opens by its name

// A file that decides: regular, of the caller or root, and for nobody else to write; so is the folder that it lies in,
// or that one is sticky. Under sudo the person who called it counts as the caller. Open for reading; Code::refused.
Result<Descriptor> open_trusted_file(const std::string& path);

}  // namespace fairway
