// What the LDAP library leaves to its caller: signals from closed sockets, and an end to its patience
// where its own time limits do not reach. POSIX.
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

namespace fairway::ldap {

constexpr std::chrono::seconds connect_patience{10};  // for a connection, and as long again for TLS over it

// The library writes to sockets without MSG_NOSIGNAL: on a connection that the server has closed that
// is a SIGPIPE, which would end us. Blocked for this thread and, where it came from us, taken off.
class NoPipeSignal {
public:
    NoPipeSignal();
    ~NoPipeSignal();
    NoPipeSignal(const NoPipeSignal&) = delete;
    NoPipeSignal& operator=(const NoPipeSignal&) = delete;

private:
    sigset_t pipe_{}, before_{};
    bool ours_ = false;
};

// Cuts the connection when the time is over, so that whoever waits on it wakes up. libldap 2.5 with GnuTLS
// waits for a TLS handshake without end (seen with a server that accepts and says nothing).
class Deadline {
public:
    Deadline(int socket, std::chrono::milliseconds patience);
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    bool passed() const { return passed_; }

private:
    std::atomic<bool> passed_ = false;
    std::jthread watch_;  // last: ends before what it uses
};

}  // namespace fairway::ldap
