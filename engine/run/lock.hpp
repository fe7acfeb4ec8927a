// Who may change an estate now? One run at a time on a store, and one on an estate, whatever its store.
// Locks of the operating system: they end with the process that holds them, however it ends.
#pragma once

#include <string>
#include <utility>

#include "engine/base/error.hpp"

namespace fairway {

class Lock {
public:
    // Takes the lock of `path` (the file is made if needed) and writes `holder` into it for others to read.
    // Held by somebody else: Code::refused, with what the holder wrote.
    static Result<Lock> take(const std::string& path, const std::string& holder);

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
