// See confirm.hpp. POSIX.
#include "engine/cli/confirm.hpp"

#include <poll.h>
#include <unistd.h>

#include "engine/base/screen.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/interrupt.hpp"

namespace fairway::cli {
namespace {

// A line of the terminal without its end; empty also when it was closed or Ctrl-C was pressed.
std::string read_line() {
    constexpr std::size_t longest = 200;
    std::string out;
    while (!interrupted() && out.size() < longest) {
        pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        if (::poll(&input, 1, 100) <= 0) continue;
        char c = 0;
        if (::read(STDIN_FILENO, &c, 1) != 1 || c == '\n') return out;
        out += c;
    }
    return {};
}

}  // namespace

bool confirmed(const Request& request, const Stage& stage, const std::string& question) {
    if (request.has("yes") || !stage.terminal || ::isatty(STDIN_FILENO) != 1) return true;
    screen::err(question + " [y/N] ");
    const std::string said = text::fold(read_line());
    return said == "y" || said == "yes";
}

}  // namespace fairway::cli
