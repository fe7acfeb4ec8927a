// The two standard outputs as a person sees them: lines above, a progress bar below the last one, which goes away
// before the next line of either; in ASCII where the locale has no more. All that is printed goes through here. POSIX.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace fairway::screen {

// Looks at the locale and at what the outputs are. Before it: UTF-8, and no bar.
void begin();

// What is done to every text of out and err before it is printed, from now on. (Not to what is printed exactly.)
void rewrite(std::function<std::string(std::string_view)> how);

bool is_ascii();        // the locale is not of UTF-8, so text is printed in ASCII
bool takes_escapes();   // stdout is a terminal, and TERM does not say that it is a dumb one
std::size_t columns();  // of the terminal that stdout is, as it is now; 0: it is none

// To standard output, and there when it returns. False: it did not get there (errno).
bool out(std::string_view text);
// The same by the user's pager (pager.hpp), where stdout is a terminal and the text is longer than it.
bool out_paged(std::string_view text);
// The same for what is a file: JSON, a plan, a script. It is never translated.
bool out_exact(std::string_view content);
// To standard error.
void err(std::string_view text);

// On standard error, where that is a terminal that can take it back. Ten times a second at most, and always the last
// time (done == of). Never wider than the terminal.
void bar(std::string_view what, std::size_t done, std::size_t of);
// Takes the bar away: before somebody else prints, and at the end.
void clear();

// For a signal's handler. The line that the cursor stands in is ended, and there will be no bar any more.
void stop();

}  // namespace fairway::screen
