// See child.hpp. Files in memory (memfd) are its two ends, so that nobody waits for a pipe.
#include "engine/watch/child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "engine/base/clock.hpp"
#include "engine/base/posix.hpp"

namespace fairway::watch {
namespace {

constexpr std::size_t most_said = 512u << 20;
constexpr int crashed = 70, not_started = 127;

Result<Descriptor> in_memory(std::string_view content) {
    Descriptor out(::memfd_create("fairway-watch", MFD_CLOEXEC));
    if (out.get() < 0) return os_error(Code::storage, "make", "a file in memory");
    if (auto written = write_all(out.get(), "a file in memory", content); !written)
        return tl::unexpected(written.error());
    if (::lseek(out.get(), 0, SEEK_SET) != 0) return os_error(Code::storage, "use", "a file in memory");
    return out;
}

// What only the service is to have: its signals, its group, its standard streams.
void leave_the_service(int input, pid_t service) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != service) ::_exit(crashed);
    for (const int one : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD, SIGPIPE}) std::signal(one, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (::dup2(input, STDIN_FILENO) < 0 || ::dup2(nothing, 1) < 0) ::_exit(crashed);
}

}  // namespace

Result<Child> Child::start(std::string_view input, std::int64_t limit_ms, const std::function<int(int out)>& work) {
    const auto in = in_memory(input);
    if (!in) return tl::unexpected(in.error());
    auto out = in_memory({});
    if (!out) return tl::unexpected(out.error());
    const pid_t service = ::getpid(), pid = ::fork();
    if (pid < 0) return os_error(Code::storage, "start", "a process");
    if (pid == 0) {
        leave_the_service(in->get(), service);
        int status = crashed;
        try {
            status = work(out->get());
        } catch (const std::exception& e) {
            answer(out->get(), e.what());
        }
        ::_exit(status);
    }
    ::setpgid(pid, pid);  // whichever of the two comes first
    return Child(pid, std::move(*out), steady_now_ms() + limit_ms);
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), out_(std::move(other.out_)), deadline_ms_(other.deadline_ms_) {}

Child& Child::operator=(Child&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(out_, other.out_);
    std::swap(deadline_ms_, other.deadline_ms_);
    return *this;
}

Child::~Child() {
    if (pid_ == 0) return;
    kill();
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void Child::kill() {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
}

std::optional<Ended> Child::ended(std::int64_t now_ms) {
    siginfo_t info{};
    const bool over =
        ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid_;
    const bool late = !over && now_ms >= deadline_ms_;
    if (!over && !late) return std::nullopt;
    kill();  // with what it started and did not wait for, while its number is still its own
    int status = 0;
    pid_t done = 0;
    while ((done = ::waitpid(pid_, &status, 0)) < 0 && errno == EINTR) {
    }
    Ended out{.status = done == pid_ && WIFEXITED(status) ? WEXITSTATUS(status) : -1, .late = late, .said = {}};
    pid_ = 0;
    if (::lseek(out_.get(), 0, SEEK_SET) == 0)
        if (auto said = read_most(out_.get(), "a file in memory", most_said, Code::storage))
            out.said = std::move(*said);
    return out;
}

int answer(int out, std::string_view said, int status) {
    return write_all(out, "a file in memory", said) ? status : crashed;
}

int become(const std::vector<std::string>& command, int out) {
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    return answer(out, fmt::format("it cannot be started: {}", std::strerror(errno)), not_started);
}

}  // namespace fairway::watch
