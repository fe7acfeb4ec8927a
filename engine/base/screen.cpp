// See screen.hpp.
#include "engine/base/screen.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <langinfo.h>
#include <poll.h>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

#include "engine/base/characters.hpp"
#include "engine/base/pager.hpp"
#include "engine/base/text.hpp"

namespace fairway::screen {
namespace {

using Clock = std::chrono::steady_clock;

// The bar leaves the cursor at its beginning: whatever somebody else prints there, and however the terminal breaks the
// line when it is made narrower, the bar begins where the cursor is and is the last thing on the screen.
constexpr std::string_view take_back = "\r\033[J";
constexpr std::chrono::milliseconds pause{100};

bool ascii = false, bars = false;
volatile std::sig_atomic_t shown = 0, stopped = 0;
Clock::time_point drawn;
std::function<std::string(std::string_view)> rewriting;

std::string_view terminal() {
    const char* term = std::getenv("TERM");
    return term ? term : "";
}

std::size_t columns_of(int fd) {
    constexpr std::size_t usual = 80;  // of a terminal that does not say, as a serial line
    if (::isatty(fd) != 1) return 0;
    winsize size{};
    return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

// Of the locale; where the machine does not have that one, of its name, as in de_DE.UTF-8@euro.
std::string codeset() {
    if (const locale_t locale = ::newlocale(LC_CTYPE_MASK, "", nullptr)) {
        const std::string out = ::nl_langinfo_l(CODESET, locale);
        ::freelocale(locale);
        return out;
    }
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* set = std::getenv(name);
        if (!set || !*set) continue;
        const std::string_view value = set;
        const auto dot = value.find('.');
        return dot == std::string_view::npos ? "" : std::string(value.substr(dot + 1, value.find('@') - dot - 1));
    }
    return {};
}

bool is_utf8(std::string name) {
    std::erase(name, '-');
    return text::same_folded(name, "utf8");
}

bool print(std::FILE* to, std::string_view bytes) {
    static int lost = 0;  // why, when something was lost
    clear();
    errno = 0;
    if (std::fwrite(bytes.data(), 1, bytes.size(), to) == bytes.size() && std::fflush(to) == 0 && std::ferror(to) == 0)
        return true;
    lost = errno = errno != 0 ? errno : lost;
    return false;
}

std::string as_printed(std::string_view text) {
    const std::string words = rewriting ? rewriting(text) : std::string(text);
    return ascii ? text::ascii(words) : words;
}

// Whether it takes more lines than the terminal has that stdout is.
bool is_longer(std::string_view text) {
    const std::size_t columns = columns_of(STDOUT_FILENO);
    winsize size{};
    if (columns == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return false;
    std::size_t lines = 0;
    while (!text.empty() && lines < size.ws_row) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::size_t wide = text::columns(text.substr(0, end));
        lines += wide <= columns ? 1 : (wide + columns - 1) / columns;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines >= size.ws_row;  // the prompt of the shell takes the last line
}

// As many of the fields "Applying wave 2, 3.2/s, window 3h20m" as fit: a number that is cut is another number.
std::string_view fields_that_fit(std::string_view what, std::size_t most) {
    while (text::columns(what) > most) {
        const auto last = what.rfind(", ");
        if (last == std::string_view::npos) break;
        what = what.substr(0, last);
    }
    return what;
}

// "Reading 12 hosts  ████████░░░░  5/12", as much of it as fits.
std::string drawing(std::string_view what, std::size_t done, std::size_t of, std::size_t most) {
    constexpr std::size_t longest = 20, shortest = 5;
    const std::string numbers = fmt::format("{}/{}", done, of);
    const std::size_t taken = text::columns(what) + numbers.size() + 4;
    const std::size_t blocks = std::min(longest, most > taken ? most - taken : 0);
    if (blocks < shortest) {
        if (most < numbers.size() + 3) return most < numbers.size() ? std::string() : numbers;
        const std::size_t room = most - numbers.size() - 2;
        return fmt::format("{}  {}", text::cut(fields_that_fit(what, room), room, ascii ? "..." : "…"), numbers);
    }
    std::string out = fmt::format("{}  ", what);
    for (std::size_t i = 0; i < blocks; ++i) out += i < done * blocks / of ? "█" : "░";
    return out + "  " + numbers;
}

}  // namespace

void begin() {
    ascii = !is_utf8(codeset());
    bars = ::isatty(STDERR_FILENO) == 1 && !terminal().empty() && terminal() != "dumb";
}

void rewrite(std::function<std::string(std::string_view)> how) { rewriting = std::move(how); }

bool is_ascii() { return ascii; }
bool takes_escapes() { return ::isatty(STDOUT_FILENO) == 1 && terminal() != "dumb"; }
std::size_t columns() { return columns_of(STDOUT_FILENO); }

bool out(std::string_view text) { return print(stdout, as_printed(text)); }
bool out_paged(std::string_view text) {
    const std::string words = as_printed(text);
    if (!takes_escapes() || !is_longer(words)) return print(stdout, words);
    clear();
    return page(words) || print(stdout, words);
}
bool out_exact(std::string_view content) { return print(stdout, content); }
void err(std::string_view text) { print(stderr, as_printed(text)); }

void bar(std::string_view what, std::size_t done, std::size_t of) {
    if (!bars || stopped || of == 0) return;
    const Clock::time_point now = Clock::now();
    // Where a line has taken its place it is drawn at once: the next thing may be a long wait.
    if (done < of && shown && now - drawn < pause) return;
    drawn = now;
    // The last column stays free, because a terminal may go to the next line behind it.
    const std::string line =
        drawing(ascii ? text::ascii(what) : std::string(what), std::min(done, of), of, columns_of(STDERR_FILENO) - 1);
    shown = 1;
    const std::string all = fmt::format("{}{}\r", take_back, ascii ? text::ascii(line) : line);
    std::fwrite(all.data(), 1, all.size(), stderr);
    std::fflush(stderr);
}

void clear() {
    if (!shown) return;
    shown = 0;
    std::fwrite(take_back.data(), 1, take_back.size(), stderr);
    std::fflush(stderr);
}

void stop() {
    stopped = 1;
    // The terminal sends the signal first, and then shows `^C`.
    constexpr int until_echo_ms = 10;
    ::poll(nullptr, 0, until_echo_ms);
    const int terminal = ::isatty(STDERR_FILENO) == 1   ? STDERR_FILENO
                         : ::isatty(STDOUT_FILENO) == 1 ? STDOUT_FILENO
                                                        : -1;
    const std::string_view end = shown ? take_back : "\n";
    shown = 0;
    if (terminal >= 0 && ::write(terminal, end.data(), end.size()) < 0) return;
}

}  // namespace fairway::screen
