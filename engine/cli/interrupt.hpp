// Ctrl-C, a service manager's SIGTERM, a terminal that is closed (SIGHUP). A command that only reads ends at once, and
// leaves the terminal a line of its own. A run is asked to stop after what is in flight; a second signal of any kind
// within 5 s ends the program at once, and the journal says what was done.
#pragma once

#include <cstdint>
#include <poll.h>
#include <vector>

namespace fairway::cli {

// For the whole program, at its start.
void end_on_interrupts();
// From now on the first signal asks, and does not end.
void catch_interrupts();
bool interrupted();

// A service that waits for signals: while this is there, they come, and the end of a child wakes it, only while it
// waits. So none comes between a look and a wait.
class HeldInterrupts {
public:
    HeldInterrupts();
    ~HeldInterrupts();
    HeldInterrupts(const HeldInterrupts&) = delete;
    HeldInterrupts& operator=(const HeldInterrupts&) = delete;
};
void wait_for_interrupts(std::vector<pollfd>& all, std::int64_t ms);  // or for one of these

}  // namespace fairway::cli
