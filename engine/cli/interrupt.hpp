// Ctrl-C: the first one asks the run to stop after the current change, the second one ends the program.
#pragma once

namespace fairway::cli {

void catch_interrupts();
bool interrupted();

}  // namespace fairway::cli
