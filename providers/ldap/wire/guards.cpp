// See guards.hpp.
#include "providers/ldap/wire/guards.hpp"

#include <condition_variable>
#include <ctime>
#include <mutex>
#include <stop_token>
#include <sys/socket.h>

namespace fairway::ldap {

NoPipeSignal::NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    ours_ = sigismember(&pending, SIGPIPE) == 0;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
}

NoPipeSignal::~NoPipeSignal() {
    const timespec now{};
    if (ours_) sigtimedwait(&pipe_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

Deadline::Deadline(int socket, std::chrono::milliseconds patience)
    : watch_([this, socket, patience](const std::stop_token& over) {
          std::mutex mutex;
          std::condition_variable_any bell;
          std::unique_lock lock(mutex);
          if (bell.wait_for(lock, over, patience, [&over] { return over.stop_requested(); })) return;
          passed_ = true;
          ::shutdown(socket, SHUT_RDWR);
      }) {}

}  // namespace fairway::ldap
