// See confined.hpp. seccomp(2): a list of system calls that are let through; any other ends the process.
#include "engine/base/confined.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <fstream>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "engine/base/descriptor.hpp"
#include "engine/base/posix.hpp"

namespace fairway {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t architecture = 0;  // of none: everything ends the process
#endif

constexpr int not_confined = 77;  // how the child ends where it was not let go on
constexpr rlim_t most_seconds = 60, most_memory = 1u << 30;

// Writing, memory, and the end. A thread's locks (futex) are free, but a library may ask.
constexpr int let_through[] = {SYS_write,  SYS_exit_group, SYS_exit,     SYS_brk,   SYS_mmap,        SYS_munmap,
                               SYS_mremap, SYS_madvise,    SYS_mprotect, SYS_futex, SYS_rt_sigreturn};

bool limit(int what, rlim_t most) {
    const rlimit value{most, most};
    return ::setrlimit(static_cast<__rlimit_resource_t>(what), &value) == 0;
}

// Beside what it has as a copy of this process; with sanitizers that is more than there is in any machine.
bool limit_memory() {
    rlim_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return limit(RLIMIT_AS, pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + most_memory);
}

bool allow_only_these_calls() {
    constexpr auto instruction = [](unsigned code, std::uint32_t k, std::uint8_t yes = 0, std::uint8_t no = 0) {
        return sock_filter{static_cast<std::uint16_t>(code), yes, no, k};
    };
    constexpr unsigned load = BPF_LD | BPF_W | BPF_ABS, equal = BPF_JMP | BPF_JEQ | BPF_K, answer = BPF_RET | BPF_K;
    std::vector<sock_filter> program{
        instruction(load, offsetof(seccomp_data, arch)), instruction(equal, architecture, 1, 0),
        instruction(answer, SECCOMP_RET_KILL_PROCESS), instruction(load, offsetof(seccomp_data, nr))};
    for (const int call : let_through) {
        program.push_back(instruction(equal, static_cast<std::uint32_t>(call), 0, 1));
        program.push_back(instruction(answer, SECCOMP_RET_ALLOW));
    }
    program.push_back(instruction(answer, SECCOMP_RET_KILL_PROCESS));
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

// Sanitizers make system calls of their own before _exit, and before what is said not to return.
void end(int status) { ::syscall(SYS_exit_group, status); }

void be_child(int out, const std::function<void(int out)>& work) {
    for (const int one : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(one, SIG_DFL);
    const bool alone = ::dup2(out, STDIN_FILENO) == STDIN_FILENO && ::close_range(STDIN_FILENO + 1, ~0u, 0) == 0;
    if (!alone || !limit(RLIMIT_CPU, most_seconds) || !limit_memory() || !allow_only_these_calls()) end(not_confined);
    try {
        work(STDIN_FILENO);
    } catch (...) {  // out of memory
        end(1);
    }
    end(0);
}

// True if all was taken.
bool take_all(int in, const std::function<bool(std::string_view)>& take) {
    std::array<char, 65536> buffer;
    for (;;) {
        const ssize_t n = ::read(in, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n == 0;
        if (!take({buffer.data(), static_cast<std::size_t>(n)})) return false;
    }
}

}  // namespace

Result<void> run_confined(const std::function<void(int out)>& work,
                          const std::function<bool(std::string_view piece)>& take) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return os_error(Code::bad_input, "make", "a pipe");
    const Descriptor in(ends[0]);
    Descriptor out(ends[1]);
    const pid_t child = ::fork();
    if (child < 0) return os_error(Code::bad_input, "start", "a process");
    if (child == 0) {
        be_child(out.get(), work);
        ::_exit(not_confined);  // no call of the above returns
    }
    out.close();
    const bool whole = take_all(in.get(), take);
    if (!whole) ::kill(child, SIGKILL);
    int status = -1;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!whole || status == 0) return {};
    if (WIFEXITED(status) && WEXITSTATUS(status) == not_confined)
        return fail(Code::bad_input, "this system does not let a process be confined (seccomp)");
    return fail(Code::bad_input, "the library that reads it broke down");
}

}  // namespace fairway
