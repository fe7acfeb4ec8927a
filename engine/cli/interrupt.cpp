// See interrupt.hpp. POSIX signals. A program that nohup started goes on when its terminal is closed.
#include "engine/cli/interrupt.hpp"

#include <array>
#include <csignal>
#include <unistd.h>

namespace fairway::cli {
namespace {

constexpr std::array stops = {SIGINT, SIGTERM, SIGHUP};
volatile std::sig_atomic_t asked = 0;

void on_signal(int) {
    asked = 1;
    for (const int signal : stops) std::signal(signal, SIG_DFL);
    static constexpr char note[] = "\nstopping after the current change; once more to stop at once\n";
    // A note that cannot be written is not worth more.
    if (::write(STDERR_FILENO, note, sizeof note - 1) < 0) return;
}

}  // namespace

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int signal : stops) sigaddset(&action.sa_mask, signal);
    for (const int signal : stops) {
        struct sigaction before {};
        sigaction(signal, nullptr, &before);
        if (signal == SIGHUP && before.sa_handler == SIG_IGN) continue;
        sigaction(signal, &action, nullptr);
    }
}

bool interrupted() { return asked != 0; }

}  // namespace fairway::cli
