// Files as whole values: read with a limit, written so that a reader (or a crash) sees the old content or
// the new one, never a part. POSIX lives here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "engine/base/error.hpp"

namespace fairway {

// A regular file (or a pipe), at most `limit` bytes.
Result<std::string> read_file(const std::string& path, std::size_t limit);

enum class NoFile { written, refused };  // what becomes of a device or a FIFO

// A file: temporary file beside it, fsync, rename, fsync of the folder. A link is followed as the kernel does; what is
// no file is written to. `fresh` is the mode of a new file, less the umask.
Result<void> write_file_atomically(const std::string& path, std::string_view content, mode_t fresh = 0644,
                                   NoFile other = NoFile::written);

// Makes the folder that `path` lies in, and those above it, where they are missing; for their owner alone (0700).
Result<void> make_folder_of(const std::string& path);

// Overwrites the bytes in a way that the compiler keeps.
void wipe(char* bytes, std::size_t size);
void wipe(std::string& secret);

// A secret that is overwritten when it goes.
struct Wiped {
    std::string text;
    ~Wiped() { wipe(text); }
};

}  // namespace fairway
