// Files written as a whole: what stands where a file is to be written is followed or written to, never replaced.
#include "engine/base/file.hpp"

#include <array>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <thread>
#include <unistd.h>

namespace fairway::file_test {

namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() {
        std::string name = (fs::temp_directory_path() / "fairway-file-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        path = name;
    }
    ~Folder() { fs::remove_all(path); }
    std::string operator/(const char* name) const { return (path / name).string(); }
    std::string read(const char* name) const {
        std::ifstream in(path / name);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    mode_t mode(const char* name) const {
        struct stat info {};
        REQUIRE(::lstat((path / name).c_str(), &info) == 0);
        return info.st_mode;
    }
    fs::path path;
};

}  // namespace

TEST_CASE("a file is replaced with its mode, and a new one gets the mode that is asked for") {
    const Folder folder;
    REQUIRE(write_file_atomically(folder / "new", "one", 0600));
    CHECK((folder.mode("new") & 0777) == 0600);
    REQUIRE(::chmod((folder / "new").c_str(), 0640) == 0);
    REQUIRE(write_file_atomically(folder / "new", "two"));
    CHECK((folder.mode("new") & 0777) == 0640);
    CHECK(folder.read("new") == "two");
    CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 1);
    CHECK_FALSE(write_file_atomically(folder / "none/file", "x"));
    CHECK_FALSE(write_file_atomically(folder / ".", "x"));
}

TEST_CASE("links are followed, also to what is not there yet, and stay links") {
    const Folder folder;
    fs::create_directory(folder.path / "deep");
    REQUIRE(write_file_atomically(folder / "deep/file", "old"));
    fs::create_symlink("deep/file", folder.path / "link");
    fs::create_symlink("link", folder.path / "second");
    fs::create_symlink("deep/fresh", folder.path / "dangling");
    fs::create_symlink("circle", folder.path / "circle");
    REQUIRE(write_file_atomically(folder / "second", "new"));
    REQUIRE(write_file_atomically(folder / "dangling", "first", 0600));
    CHECK_FALSE(write_file_atomically(folder / "circle", "x"));
    CHECK(folder.read("deep/file") == "new");
    CHECK(folder.read("deep/fresh") == "first");
    CHECK((folder.mode("deep/fresh") & 0777) == 0600);
    for (const char* link : {"link", "second", "dangling"}) CHECK(S_ISLNK(folder.mode(link)));
    CHECK(std::distance(fs::directory_iterator(folder.path / "deep"), {}) == 2);
}

TEST_CASE("a FIFO and a device are written to") {
    const Folder folder;
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    fs::create_symlink("pipe", folder.path / "link");
    for (const char* name : {"pipe", "link"}) {
        std::string got;
        std::thread reader([&] { got = folder.read("pipe"); });
        CHECK(write_file_atomically(folder / name, "through"));
        reader.join();
        CHECK(got == "through");
        CHECK(S_ISFIFO(folder.mode("pipe")));
    }
    // A node of our own, so that a mistake hits nobody's device.
    if (::mknod((folder / "full").c_str(), S_IFCHR | 0600, makedev(1, 7)) != 0) return;  // only root may
    const auto written = write_file_atomically(folder / "full", "x");
    CHECK(S_ISCHR(folder.mode("full")));
    REQUIRE_FALSE(written);
    CHECK(written.error().code == Code::storage);
}

TEST_CASE("what this process prints into is never replaced") {
    const Folder folder;
    const int kept = ::dup(STDOUT_FILENO), file = ::open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    REQUIRE(file >= 0);
    ::fflush(stdout);
    ::dup2(file, STDOUT_FILENO);
    const bool written = write_file_atomically(folder / "out", "plan").has_value();
    ::dup2(kept, STDOUT_FILENO);
    struct stat name {
    }, open{};
    REQUIRE(::fstat(file, &open) == 0);
    REQUIRE(::stat((folder / "out").c_str(), &name) == 0);
    ::close(file);
    ::close(kept);
    CHECK(written);
    CHECK(name.st_ino == open.st_ino);
    CHECK(folder.read("out") == "plan");
}

// Whoever guesses the name of a temporary file could have put a link of his there.
TEST_CASE("no file that stands beside it is written through") {
    const Folder folder;
    REQUIRE(write_file_atomically(folder / "victim", "theirs"));
    fs::create_symlink("victim", folder.path / ("file." + std::to_string(::getpid()) + ".tmp"));
    REQUIRE(write_file_atomically(folder / "file", "ours"));
    CHECK(folder.read("victim") == "theirs");
    CHECK(folder.read("file") == "ours");
}

}  // namespace fairway::file_test
