// Files that a program keeps for itself between runs and may lose: read only where nobody else could have written them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway {

// Code::not_found: there is none. Code::refused: others own it or may write it. `limit` in bytes.
Result<std::string> read_private_file(const std::string& path, std::size_t limit);

// With mode 0600, old content or new, not synced: after a power cut it may be gone.
Result<void> write_private_file(const std::string& path, std::string_view content);

// At the end of such a file, which must still have `size` bytes: another program may have written it anew.
Result<void> append_private_file(const std::string& path, std::size_t size, std::string_view content);

}  // namespace fairway
