// Ctrl-C, a service manager's SIGTERM, a terminal that is closed (SIGHUP): the first asks the run to stop after the
// current change, the second, of whatever kind, ends the program.
#pragma once

namespace fairway::cli {

void catch_interrupts();
bool interrupted();

}  // namespace fairway::cli
