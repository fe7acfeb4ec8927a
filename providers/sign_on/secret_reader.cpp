// See secret_reader.hpp. POSIX: open(2), poll(2), posix_spawn(3). Errors name the source and the system's reason, and
// never what was read.
#include "providers/sign_on/secret_reader.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "engine/base/descriptor.hpp"
#include "engine/base/posix.hpp"
#include "engine/base/trusted_file.hpp"

namespace fairway {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

Error too_late(std::string_view source, milliseconds patience) {
    return {Code::unreachable, fmt::format("{} gave no whole password within {} s; is it waiting for somebody?", source,
                                           std::chrono::duration<double>(patience).count())};
}

// To the end, or to the first byte that is too much.
Result<void> fill(Secret& secret, int fd, std::string_view source, Clock::time_point until, milliseconds patience) {
    while (!secret.rest().empty()) {
        const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
        pollfd ready{fd, POLLIN, 0};
        const int polled = left.count() > 0 ? ::poll(&ready, 1, static_cast<int>(left.count())) : 0;
        if (polled == 0) return tl::unexpected(too_late(source, patience));
        const ssize_t n = polled < 0 ? -1 : ::read(fd, secret.rest().data(), secret.rest().size());
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n < 0) return os_error(Code::bad_input, "read", source);
        if (n == 0) break;
        secret.grow(static_cast<std::size_t>(n));
    }
    secret.drop_line_end();
    if (secret.text().size() > Secret::most)
        return fail(Code::bad_input,
                    fmt::format("{} is larger than the limit of {} bytes for a password", source, Secret::most));
    return {};
}

// What no password is, and what would be sent as a wrong one until the account is locked.
Result<SharedSecret> judged(std::shared_ptr<Secret> secret, std::string_view source) {
    const std::string_view text = secret->text();
    if (text.empty()) return fail(Code::bad_input, fmt::format("{} is empty: it must hold the password", source));
    if (text.find('\0') != text.npos)
        return fail(Code::bad_input, fmt::format("{} holds a zero byte: the password must be UTF-8 (not UTF-16, as "
                                                 "some editors of Windows write it)",
                                                 source));
    if (text.find_first_of("\r\n") != text.npos)
        return fail(Code::bad_input, fmt::format("{} holds more than one line, or a line end of Windows: it must hold "
                                                 "the password alone",
                                                 source));
    return SharedSecret(std::move(secret));
}

Result<SharedSecret> read_from_file(const std::string& path, std::shared_ptr<Secret> secret, milliseconds patience) {
    const auto file = open_secret_file(path);
    if (!file) return tl::unexpected(file.error());
    if (auto read = fill(*secret, file->get(), path, Clock::now() + patience, patience); !read)
        return tl::unexpected(read.error());
    return judged(std::move(secret), path);
}

// Everything that this process opens closes itself when a program is started, so a descriptor that does not was left
// open by the caller: a wrong number must not make us read a socket or the journal.
Result<void> check_inherited(int fd, std::string_view source) {
    const int flags = ::fcntl(fd, F_GETFD);
    if (fd < 0 || fd == 1 || fd == 2 || flags < 0 || (fd != 0 && (flags & FD_CLOEXEC) != 0))
        return fail(Code::bad_input, fmt::format("{} was not left open for this program; redirect the password to it, "
                                                 "as in `fairway … {}<FILE`",
                                                 source, fd < 0 ? "3" : std::to_string(fd)));
    if (::isatty(fd))
        return fail(Code::bad_input,
                    fmt::format("{} is a terminal, which would show the password; redirect it from a pipe", source));
    struct stat info {};
    const bool good = ::fstat(fd, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISREG(info.st_mode)) &&
                      (::fcntl(fd, F_GETFL) & O_ACCMODE) != O_WRONLY;
    if (good) return {};
    return fail(Code::bad_input, fmt::format("{} is neither a pipe nor a file to read from", source));
}

Result<SharedSecret> read_from_descriptor(int fd, std::shared_ptr<Secret> secret, milliseconds patience) {
    const std::string source = fd == 0 ? "standard input (descriptor 0)" : fmt::format("descriptor {}", fd);
    if (auto good = check_inherited(fd, source); !good) return tl::unexpected(good.error());
    const Descriptor owned(fd == 0 ? -1 : fd);  // read once, then closed: nobody else inherits it
    if (auto read = fill(*secret, fd, source, Clock::now() + patience, patience); !read)
        return tl::unexpected(read.error());
    return judged(std::move(secret), source);
}

// What a started program gets: nothing to read, our end of the pipe to write to, no place for complaints (they may
// hold the secret), no other descriptor of ours, and the signals as they are for a program of a shell.
class Start {
public:
    explicit Start(int out) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        sigset_t none, usual;
        sigemptyset(&none);
        sigemptyset(&usual);
        for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) sigaddset(&usual, signal);
        posix_spawnattr_init(&attributes_);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &usual);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Start() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    Start(const Start&) = delete;
    Start& operator=(const Start&) = delete;

    // An errno, or 0.
    int operator()(const std::vector<std::string>& command, pid_t& pid) const {
        std::vector<char*> arguments;
        for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
        arguments.push_back(nullptr);
        return ::posix_spawnp(&pid, arguments[0], &actions_, &attributes_, arguments.data(), environ);
    }

private:
    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

// The wait status, or nothing if it had to be killed.
std::optional<int> ended(pid_t pid, Clock::time_point until) {
    int status = 0;
    while (true) {
        const pid_t done = ::waitpid(pid, &status, WNOHANG);
        if (done == pid) return status;
        if (done < 0 && errno != EINTR) return -1;  // somebody else took the status: not known to be good
        if (Clock::now() >= until) break;
        std::this_thread::sleep_for(milliseconds(2));
    }
    ::kill(pid, SIGKILL);
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return std::nullopt;
}

Result<void> check_status(int status, std::string_view source) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    const std::string how = WIFEXITED(status)     ? fmt::format("status {}", WEXITSTATUS(status))
                            : WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                                                  : "an unknown status";
    return fail(Code::bad_input, fmt::format("{} ended with {}; run it by hand to see why", source, how));
}

Result<SharedSecret> read_from_command(const std::vector<std::string>& command, std::shared_ptr<Secret> secret,
                                       milliseconds patience) {
    if (command.empty() || command.front().empty()) return fail(Code::bad_input, "the command for a password is empty");
    // The arguments are not shown: who knows what stands in them.
    const std::string source = fmt::format("the password command {}", command.front());
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return os_error(Code::bad_input, "make a pipe for", source);
    const Descriptor out(ends[0]);
    Descriptor in(ends[1]);
    pid_t pid = 0;
    if (const int wrong = Start(in.get())(command, pid); wrong != 0) {
        errno = wrong;
        return os_error(Code::bad_input, "start", source);
    }
    in.close();
    const auto until = Clock::now() + patience;
    const Result<void> read = fill(*secret, out.get(), source, until, patience);
    // Who wrote too much or too late is not waited for.
    const auto status = ended(pid, read ? until : Clock::now());
    if (!read) return tl::unexpected(read.error());
    if (!status) return tl::unexpected(too_late(source, patience));
    if (auto good = check_status(*status, source); !good) return tl::unexpected(good.error());
    if (secret->text().empty()) return fail(Code::bad_input, source + " printed nothing");
    return judged(std::move(secret), source);
}

}  // namespace

Result<SharedSecret> read_secret_source(const SecretSource& source, milliseconds patience) {
    auto secret = Secret::make();
    if (!secret) return tl::unexpected(secret.error());
    switch (source.form) {
        case SecretSource::Form::file: return read_from_file(source.path, std::move(*secret), patience);
        case SecretSource::Form::descriptor:
            return read_from_descriptor(source.descriptor, std::move(*secret), patience);
        case SecretSource::Form::command: break;
    }
    return read_from_command(source.command, std::move(*secret), patience);
}

}  // namespace fairway
