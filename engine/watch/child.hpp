// Work that may hang, crash or take long, in a process of its own: an audit, a message. The service itself goes on
// answering, and ends when it is told to. POSIX, Linux.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "engine/base/descriptor.hpp"
#include "engine/base/error.hpp"

namespace fairway::watch {

struct Ended {
    int status = 0;     // of exit; -1: a signal ended it
    bool late = false;  // it was killed, because its time was over
    std::string said;
};

class Child {
public:
    // `work` gets what it writes its answer to, finds `input` on standard input and standard output closed, and returns
    // the exit status. `limit_ms`: after that it is killed, with all that it started.
    static Result<Child> start(std::string_view input, std::int64_t limit_ms, const std::function<int(int out)>& work);
    Child(Child&& other) noexcept;
    Child& operator=(Child&& other) noexcept;
    Child(const Child&) = delete;
    ~Child();  // kills it

    // Nothing: it is at work. `now_ms`: of the steady clock.
    std::optional<Ended> ended(std::int64_t now_ms);
    std::int64_t deadline_ms() const { return deadline_ms_; }

private:
    Child(pid_t pid, Descriptor out, std::int64_t deadline_ms)
        : pid_(pid), out_(std::move(out)), deadline_ms_(deadline_ms) {}
    void kill();

    pid_t pid_ = 0;  // 0: it is gone
    Descriptor out_;
    std::int64_t deadline_ms_ = 0;
};

// In a child: writes what it has to say, and returns the exit status.
int answer(int out, std::string_view said, int status = 0);
// In a child: becomes that program, which gets the child's input. Returns only if it cannot be started: an exit status.
int become(const std::vector<std::string>& command, int out);

}  // namespace fairway::watch
