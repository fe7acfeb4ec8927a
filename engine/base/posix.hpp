// What the sources that touch files share: the words of a system call's error, whole reads and writes, and a file that
// takes another's place at once. Whose a file may be, who may read it, and what an error means: the callers'. POSIX.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "engine/base/error.hpp"

namespace fairway {

// "cannot write PATH: No space left on device", by errno as it is now.
tl::unexpected<Error> os_error(Code code, std::string_view doing, std::string_view what);

// To the end, or to the first `most` bytes; `code` is of an error.
Result<std::string> read_most(int fd, const std::string& path, std::size_t most, Code code);

// All of it; not synced. Code::storage.
Result<void> write_all(int fd, const std::string& path, std::string_view content);

// What `path` lies in, as it is written there.
std::string folder_of(const std::string& path);

struct Replacement {
    mode_t mode;    // of the new file, less the umask
    bool synced;    // the content and the folder are on the disk when it is answered
    Code no_place;  // of an error where the folder is not there
};

// Temporary file beside it, which is made anew under a name that nobody can guess; rename. Other errors: Code::storage.
Result<void> replace_file(const std::string& path, std::string_view content, const Replacement& how);

// As replace_file, synced and for its owner alone, by who holds a lock: its temporary file has one name, PATH.new, so
// that crashes leave one at most, and the next call takes it.
Result<void> replace_own_file(const std::string& path, std::string_view content);

// `from` takes the place of `to` at once, and is there after a power cut. Code::storage.
Result<void> put_in_place(const std::string& from, const std::string& to);

}  // namespace fairway
