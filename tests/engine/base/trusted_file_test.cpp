// Whose word counts: files by owner, mode, folder and the links that lead to them.
#include "engine/base/trusted_file.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace fairway::trusted_file_test {

namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() {
        std::string name = (fs::temp_directory_path() / "fairway-trust-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        path = name;
        fs::create_directory(path / "open");
        for (const char* file : {"file", "open/file"}) {
            std::ofstream(path / file) << "word";
            mode(file, 0644);
        }
    }
    ~Folder() { fs::remove_all(path); }
    void mode(const char* name, mode_t bits) const { REQUIRE(::chmod((path / name).c_str(), bits) == 0); }
    void give(const char* name) const { REQUIRE(::lchown((path / name).c_str(), 12345, 12345) == 0); }
    fs::path path;
};

std::string trouble(const Folder& folder, const char* name) {
    const auto file = open_trusted_file((folder.path / name).string());
    if (file) return {};
    CHECK(file.error().code == Code::refused);
    return file.error().text;
}
bool says(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("a file counts where its owner and root alone may write it and its folder") {
    const Folder folder;
    CHECK(trouble(folder, "file").empty());
    for (const mode_t bits : {0646, 0664, 0602, 0620, 0777}) {
        folder.mode("file", bits);
        CHECK(says(trouble(folder, "file"), "others may write"));
    }
    folder.mode("file", 0444);
    CHECK(trouble(folder, "file").empty());
    for (const mode_t bits : {0777, 0775, 0757}) {
        folder.mode("open", bits);
        CHECK(says(trouble(folder, "open/file"), "folder that others may write"));
    }
    folder.mode("open", 01777);
    CHECK(trouble(folder, "open/file").empty());
    CHECK(says(trouble(folder, "open"), "not a regular file"));
    CHECK(says(trouble(folder, "none"), "No such file"));
}

TEST_CASE("a link counts as the file does, and so does the folder that it leads to") {
    const Folder folder;
    fs::create_symlink("open/file", folder.path / "link");
    CHECK(trouble(folder, "link").empty());
    folder.mode("open", 0777);
    CHECK(says(trouble(folder, "link"), "folder that others may write"));
    folder.mode("open", 0755);
    if (::geteuid() != 0) return;  // only root can make a stranger's things
    folder.give("link");
    CHECK(says(trouble(folder, "link"), "symbolic link of somebody else"));
    folder.give("file");
    CHECK(says(trouble(folder, "file"), "belongs to somebody else"));
    folder.give("open");
    CHECK(says(trouble(folder, "open/file"), "folder of somebody else"));
}

}  // namespace fairway::trusted_file_test
