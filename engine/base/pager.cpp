// See pager.hpp.
#include "engine/base/pager.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace fairway::screen {
namespace {

// PAGER as words; no shell reads it. `cat` is how many say that they want none.
std::vector<std::string> pager() {
    const char* named = std::getenv("PAGER");
    std::vector<std::string> out = {""};
    for (const char* at = named ? named : "less"; *at; ++at) {
        if (*at != ' ') out.back() += *at;
        else if (!out.back().empty()) out.emplace_back();
    }
    if (out.back().empty()) out.pop_back();
    if (out.size() == 1 && out[0] == "cat") return {};
    return out;
}

// The pager with the reading end of a pipe as its input. Less than 0: it did not start.
pid_t start(const std::vector<std::string>& words, const std::array<int, 2>& pipe) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    // Colours are shown, and a text that fits after all is left on the screen.
    ::setenv("LESS", "FRX", 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[0], STDIN_FILENO);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t usual;
    ::sigemptyset(&usual);
    ::sigaddset(&usual, SIGPIPE);
    ::sigaddset(&usual, SIGINT);
    ::posix_spawnattr_setsigdefault(&attributes, &usual);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t child = -1;
    if (::posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ) != 0) child = -1;
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return child;
}

// Until all is written, or the user has left the pager.
void write_all(int to, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(to, text.data(), text.size());
        if (written < 0 && errno != EINTR) return;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

bool page(std::string_view text) {
    const std::vector<std::string> words = pager();
    std::array<int, 2> pipe{};
    if (words.empty() || ::pipe2(pipe.data(), O_CLOEXEC) != 0) return false;
    // Ctrl-C is the pager's; here everything is done by now.
    struct sigaction ignore {
    }, before{};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGINT, &ignore, &before);
    const pid_t child = start(words, pipe);
    ::close(pipe[0]);
    if (child > 0) write_all(pipe[1], text);
    ::close(pipe[1]);
    int ended = 0;
    while (child > 0 && ::waitpid(child, &ended, 0) < 0 && errno == EINTR) continue;
    ::sigaction(SIGINT, &before, nullptr);
    return child > 0;
}

}  // namespace fairway::screen
