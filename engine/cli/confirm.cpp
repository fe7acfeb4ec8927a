// See confirm.hpp. POSIX.
#include "engine/cli/confirm.hpp"

#include <limits>
#include <poll.h>
#include <unistd.h>

#include "engine/base/clock.hpp"
#include "engine/base/screen.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/interrupt.hpp"

namespace fairway::cli {
namespace {

// A line of the terminal without its end. Empty: it was closed, Ctrl-C was pressed, or `until` came (by the steady
// clock, in milliseconds).
std::optional<std::string> read_line(std::int64_t until = std::numeric_limits<std::int64_t>::max()) {
    constexpr std::size_t longest = 200;
    std::string out;
    while (!interrupted() && out.size() < longest) {
        pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        if (::poll(&input, 1, 100) <= 0) {
            if (steady_now_ms() >= until) return std::nullopt;
            continue;
        }
        char c = 0;
        if (::read(STDIN_FILENO, &c, 1) != 1) return std::nullopt;
        if (c == '\n') return out;
        out += c;
    }
    return std::nullopt;
}

bool is_yes(const std::string& said) { return text::same_folded(said, "y") || text::same_folded(said, "yes"); }

bool somebody_is_there(const Stage& stage) { return stage.terminal && ::isatty(STDIN_FILENO) == 1; }

}  // namespace

bool confirmed(const Request& request, const Stage& stage, const std::string& question) {
    if (request.has("yes") || !somebody_is_there(stage)) return true;
    screen::err(question + " [y/N] ");
    return is_yes(read_line().value_or(""));
}

Result<void> expressly(const Request& request, const Stage& stage, const std::string& question) {
    if (!request.has("yes") && !somebody_is_there(stage))
        return fail(Code::refused,
                    "not confirmed; nothing was changed. Nobody can be asked here, because standard input or standard "
                    "error is no terminal; --yes confirms it");
    if (confirmed(request, stage, question)) return {};
    return fail(Code::refused, "not confirmed; nothing was changed");
}

std::optional<bool> answered_within(const Stage& stage, const std::string& question, int seconds) {
    if (!somebody_is_there(stage)) return std::nullopt;
    screen::err(question + " [y/N] ");
    const std::optional<std::string> said = read_line(steady_now_ms() + std::int64_t{seconds} * 1000);
    if (said) return is_yes(*said);
    screen::err("\n");
    return std::nullopt;
}

}  // namespace fairway::cli
