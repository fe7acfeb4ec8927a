// See interrupt.hpp. POSIX signals. A program that nohup started goes on when its terminal is closed.
#include "engine/cli/interrupt.hpp"

#include <array>
#include <csignal>
#include <ctime>
#include <unistd.h>

#include "engine/base/screen.hpp"

namespace fairway::cli {
namespace {

constexpr std::array stops = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
constexpr int leaves_within_s = 5;
sigset_t held_before;
volatile std::sig_atomic_t asks = 0, asked = 0, asked_at_s = 0;

// Of a clock that nobody sets. A handler may call it.
std::sig_atomic_t now_s() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::sig_atomic_t>(now.tv_sec);
}

void on_signal(int signal) {
    screen::stop();
    const bool again = asked && now_s() - asked_at_s <= leaves_within_s;
    if (asks && !again && signal != SIGQUIT) {
        asked = 1;
        asked_at_s = now_s();
        static constexpr char note[] = "finishing what is in flight; once more within 5 s to stop at once\n";
        // A note that cannot be written is not worth more.
        if (::write(STDERR_FILENO, note, sizeof note - 1) < 0) return;
        return;
    }
    std::signal(signal, SIG_DFL);
    ::raise(signal);  // it ends the program when this handler returns
}

void catch_signal(int signal) {
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int one : stops) sigaddset(&action.sa_mask, one);
    sigaction(signal, &action, nullptr);
}

}  // namespace

void end_on_interrupts() {
    for (const int signal : stops) {
        struct sigaction before {};
        sigaction(signal, nullptr, &before);
        if (before.sa_handler != SIG_IGN) catch_signal(signal);
    }
}

void catch_interrupts() {
    asks = 1;
    // A shell starts what runs in its background with SIGINT ignored; who sends one to a run means it.
    for (const int signal : {SIGINT, SIGTERM}) catch_signal(signal);
}

bool interrupted() { return asked != 0; }

HeldInterrupts::HeldInterrupts() {
    sigset_t held;
    sigemptyset(&held);
    for (const int one : stops) sigaddset(&held, one);
    sigaddset(&held, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &held, &held_before);
    struct sigaction action {};
    action.sa_handler = [](int) {};  // without one, the end of a child wakes nobody
    sigaction(SIGCHLD, &action, nullptr);
}

HeldInterrupts::~HeldInterrupts() { ::sigprocmask(SIG_SETMASK, &held_before, nullptr); }

void wait_for_interrupts(std::vector<pollfd>& all, std::int64_t ms) {
    const timespec most{.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1'000'000};
    ::ppoll(all.data(), all.size(), &most, &held_before);
}

}  // namespace fairway::cli
