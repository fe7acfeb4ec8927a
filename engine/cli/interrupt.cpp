// See interrupt.hpp. POSIX signals; SIGTERM counts as Ctrl-C, as a service manager would send it.
#include "engine/cli/interrupt.hpp"

#include <csignal>
#include <unistd.h>

namespace fairway::cli {
namespace {

volatile std::sig_atomic_t asked = 0;

void on_signal(int signal) {
    asked = 1;
    std::signal(signal, SIG_DFL);
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
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return asked != 0; }

}  // namespace fairway::cli
