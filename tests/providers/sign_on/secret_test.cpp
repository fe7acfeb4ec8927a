// Secrets from files, descriptors and programs: what is taken, what is refused and why, and that no word of it shows.
#include "providers/sign_on/secret.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <type_traits>
#include <unistd.h>

namespace fairway::secret_test {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

// A new folder for every test: an answer is remembered by its file's name.
class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "fairway-secret-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        path_ = name;
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string operator/(const char* name) const { return (path_ / name).string(); }
    std::string write(const char* name, std::string_view text, mode_t mode = 0600) const {
        const std::string path = *this / name;
        std::ofstream(path, std::ios::binary) << text;
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        return path;
    }

private:
    fs::path path_;
};

SecretSource file(std::string path) { return {.path = std::move(path)}; }
SecretSource descriptor(int fd) { return {.form = SecretSource::Form::descriptor, .descriptor = fd}; }
SecretSource command(std::vector<std::string> words) {
    return {.form = SecretSource::Form::command, .command = std::move(words)};
}
SecretSource shell(const std::string& script) { return command({"sh", "-c", script}); }

std::string text_of(const SecretSource& source) {
    const auto secret = obtain_secret(source);
    REQUIRE_MESSAGE(secret, secret.error().text);
    return std::string((*secret)->text());
}

void refuses(const Result<SharedSecret>& result, std::string_view says, Code code = Code::bad_input) {
    REQUIRE_FALSE(result);
    CHECK(name(result.error().code) == name(code));
    CHECK_MESSAGE(result.error().text.find(says) != std::string::npos, result.error().text);
    CHECK_MESSAGE(result.error().text.find("hunter2") == std::string::npos, result.error().text);
}

// The reading end of a pipe that holds the text and is closed behind it, as a caller leaves it to us.
int pipe_with(std::string_view text, bool closed_behind = true, int* writer = nullptr) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    if (closed_behind) ::close(ends[1]);
    if (writer) *writer = ends[1];
    // A high number of its own for each test: the answer is remembered by number.
    static int next = 300;
    REQUIRE(::dup2(ends[0], next) == next);
    ::close(ends[0]);
    return next++;
}

bool no_child_left() { return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD; }

}  // namespace

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_move_constructible_v<Secret>);

TEST_CASE("a secret from a file: one final line feed is dropped, and no more") {
    const Folder folder;
    CHECK(text_of(file(folder.write("plain", "hunter2"))) == "hunter2");
    CHECK(text_of(file(folder.write("line", "hunter2\n"))) == "hunter2");
    CHECK(text_of(file(folder.write("blanks", " pass word \n", 0400))) == " pass word ");
    CHECK(text_of(file(folder.write("largest", std::string(Secret::most, 'x') + "\n"))).size() == Secret::most);
}

TEST_CASE("a file that is not there, not ours alone, or no password is refused") {
    const Folder folder;
    refuses(obtain_secret(file(folder / "none")), "none: No such file");
    for (const mode_t mode : {0640, 0604, 0660, 0610, 0601, 0777})
        refuses(obtain_secret(file(folder.write(std::to_string(mode).c_str(), "hunter2", mode))), "chmod 600 it first");
    refuses(obtain_secret(file(folder.write("empty", ""))), "is empty");
    refuses(obtain_secret(file(folder.write("line", "\n"))), "is empty");
    refuses(obtain_secret(file(folder.write("large", std::string(Secret::most + 1, 'x')))), "larger than the limit");
    refuses(obtain_secret(file(folder.write("huge", std::string(1 << 20, 'x')))), "larger than the limit");
    refuses(obtain_secret(file(folder.write("lines", "hunter2\nurl: x\n"))), "more than one line");
    refuses(obtain_secret(file(folder.write("windows", "hunter2\r\n"))), "line end of Windows");
    refuses(obtain_secret(file(folder.write("utf16", std::string("h\0u\0", 4)))), "UTF-16");
    refuses(obtain_secret(file(folder / ".")), "not a regular file");
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    refuses(obtain_secret(file(folder / "pipe")), "not a regular file");
}

TEST_CASE("links are followed while they are ours, and not in circles") {
    const Folder folder;
    folder.write("secret", "hunter2\n");
    fs::create_directory(folder / "deep");
    fs::create_symlink("secret", folder / "near");
    fs::create_symlink("../near", folder / "deep/far");
    fs::create_symlink(folder / "secret", folder / "whole");
    fs::create_symlink("circle", folder / "circle");
    fs::create_symlink("gone", folder / "dangling");
    CHECK(text_of(file(folder / "near")) == "hunter2");
    CHECK(text_of(file(folder / "deep/far")) == "hunter2");
    CHECK(text_of(file(folder / "whole")) == "hunter2");
    refuses(obtain_secret(file(folder / "circle")), "too many symbolic links");
    refuses(obtain_secret(file(folder / "dangling")), "No such file");
    if (::geteuid() != 0) return;  // only root can make a stranger's things
    fs::create_symlink("secret", folder / "strange");
    REQUIRE(::lchown((folder / "strange").c_str(), 12345, 12345) == 0);
    refuses(obtain_secret(file(folder / "strange")), "symbolic link of somebody else");
    const std::string theirs = folder.write("theirs", "hunter2");
    REQUIRE(::chown(theirs.c_str(), 12345, 12345) == 0);
    refuses(obtain_secret(file(theirs)), "belongs to somebody else");
}

TEST_CASE("a descriptor is read once, to its end, and closed; everybody gets the one answer") {
    const int fd = pipe_with("hunter2\n");
    const auto first = obtain_secret(descriptor(fd));
    REQUIRE(first);
    CHECK((*first)->text() == "hunter2");
    CHECK(::fcntl(fd, F_GETFD) < 0);
    const auto second = obtain_secret(descriptor(fd));
    REQUIRE(second);
    CHECK(first->get() == second->get());
}

TEST_CASE("a descriptor that is none, not ours to read, or never ends is refused") {
    refuses(obtain_secret(descriptor(299)), "descriptor 299 was not left open for this program");
    refuses(obtain_secret(descriptor(-1)), "was not left open");
    refuses(obtain_secret(descriptor(1)), "was not left open");
    refuses(obtain_secret(descriptor(pipe_with(""))), "is empty");
    refuses(obtain_secret(descriptor(pipe_with(std::string(Secret::most + 1, 'x')))), "larger than the limit");
    refuses(obtain_secret(descriptor(pipe_with("hunter2\nmore\n"))), "more than one line");

    const int own = pipe_with("hunter2");  // opened by this process, as a socket or the journal is
    REQUIRE(::fcntl(own, F_SETFD, FD_CLOEXEC) == 0);
    refuses(obtain_secret(descriptor(own)), "was not left open");
    ::close(own);

    int writer = -1;
    const int endless = pipe_with("hunter2", false, &writer);
    refuses(obtain_secret(descriptor(endless), 50ms), "gave no whole password within 0.05 s", Code::unreachable);
    ::close(writer);

    const int folder = 298;
    REQUIRE(::dup2(::open("/", O_RDONLY), folder) == folder);
    refuses(obtain_secret(descriptor(folder)), "neither a pipe nor a file");
    ::close(folder);
}

TEST_CASE("a secret from a program") {
    CHECK(text_of(shell("echo hunter2")) == "hunter2");
    CHECK(text_of(command({"/bin/echo", "two words; $HOME"})) == "two words; $HOME");  // no shell between
    CHECK(text_of(shell("echo other; echo hunter2 >&2")) == "other");
    ::setenv("FAIRWAY_SECRET_TEST", "from outside", 1);
    CHECK(text_of(shell("echo \"$FAIRWAY_SECRET_TEST\"")) == "from outside");
    CHECK(text_of(shell("if read line; then echo something; else echo nothing; fi")) == "nothing");  // to read
    CHECK(no_child_left());
}

TEST_CASE("a program inherits no descriptor of ours but its three") {
    const int fd = pipe_with("hunter2");
    REQUIRE(fs::exists("/proc/self/fd/" + std::to_string(fd)));
    CHECK(text_of(shell("test -e /proc/self/fd/" + std::to_string(fd) + " && echo open || echo closed")) == "closed");
    CHECK(text_of(shell("ls /proc/self/fd | wc -l")) == "4");  // and the one that ls reads the folder by
    ::close(fd);
}

TEST_CASE("a program that fails, hangs, or prints no password is refused by its name") {
    refuses(obtain_secret(command({"/nonexistent/vault", "hunter2"})), "start the password command /nonexistent/vault");
    refuses(obtain_secret(command({"no-such-vault-program"})), "start the password command no-such-vault-program");
    refuses(obtain_secret(command({})), "is empty");
    refuses(obtain_secret(shell("echo hunter2; exit 3")), "the password command sh ended with status 3");
    refuses(obtain_secret(shell("echo hunter2 >&2; exit 1")), "ended with status 1");
    refuses(obtain_secret(shell("kill -TERM $$")), "ended with signal 15");
    refuses(obtain_secret(shell("true")), "printed nothing");
    refuses(obtain_secret(shell("echo")), "printed nothing");
    refuses(obtain_secret(shell("echo hunter2; echo user: x")), "more than one line");
    refuses(obtain_secret(command({"yes", "hunter2"})), "larger than the limit");
    CHECK(no_child_left());
    // Whoever waits for these hangs.
    refuses(obtain_secret(command({"sleep", "100000"}), 50ms), "within 0.05 s", Code::unreachable);
    // Its output ended, itself not.
    refuses(obtain_secret(shell("echo hunter2; exec sleep 100000 >&-"), 50ms), "within 0.05 s", Code::unreachable);
    CHECK(no_child_left());
}

TEST_CASE("a program is asked once, by however many threads, and a failure is remembered too") {
    const Folder folder;
    for (const std::string end : {"echo hunter2", "exit 1"}) {
        const std::string count = folder / (end.substr(0, 4) + "count").c_str();
        const SecretSource source = shell("echo x >> " + count + "; sleep 0.1; " + end);
        std::vector<std::thread> threads;
        std::atomic<int> good = 0;
        for (int i = 0; i < 8; ++i) threads.emplace_back([&] { good += obtain_secret(source) ? 1 : 0; });
        for (std::thread& thread : threads) thread.join();
        CHECK(good == (end == "exit 1" ? 0 : 8));
        CHECK(fs::file_size(count) == 2);
    }
}

TEST_CASE("the memory of a secret stays out of core dumps") {
    const Folder folder;
    const auto secret = obtain_secret(file(folder.write("s", "hunter2")));
    REQUIRE(secret);
    const auto at = reinterpret_cast<std::uintptr_t>((*secret)->text().data());
    std::ifstream maps("/proc/self/smaps");
    bool here = false, undumped = false;
    for (std::string line; std::getline(maps, line);) {
        unsigned long from = 0, to = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx ", &from, &to) == 2) here = from <= at && at < to;
        else if (here && line.starts_with("VmFlags:")) undumped = line.find(" dd") != std::string::npos;
    }
    CHECK(undumped);
}

}  // namespace fairway::secret_test
