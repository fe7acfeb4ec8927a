// One process at a time, for a store, an estate or a file. Locks of the operating system: they end with the
// process that holds them, however it ends.
#pragma once

#include <string>
#include <utility>

#include "engine/base/error.hpp"

namespace fairway {

class Lock {
public:
    // Takes the lock of `path` (the file is made if needed) and writes `holder` into it for others to read.
    // Held by somebody else: Code::refused, with what the holder wrote, if the file is ours.
    static Result<Lock> take(const std::string& path, const std::string& holder);

    // Waits for it instead; for holders that are done in a moment.
    static Result<Lock> wait(const std::string& path);

    Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Lock& operator=(Lock&& other) noexcept;
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock();

private:
    explicit Lock(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace fairway
