// Does a recording keep numbered files of its owner alone, and refuse a folder in which something is?
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include "engine/base/file.hpp"
#include "engine/base/recording.hpp"

namespace fairway::recording_test {
namespace fs = std::filesystem;

TEST_CASE("recording: a folder that is new or empty, numbered files in it") {
    std::string base = (fs::temp_directory_path() / "fairway-recording.XXXXXX").string();
    REQUIRE(::mkdtemp(base.data()) != nullptr);
    const std::string folder = base + "/a/b";
    {
        const auto nothing = Recording::open(folder);
        REQUIRE(nothing);
        CHECK_FALSE(fs::exists(folder));  // made with the first file, so that no empty one is left
        CHECK((*nothing)->kept() == 0);
    }
    const auto recording = Recording::open(folder);
    REQUIRE(recording);
    (*recording)->learn([](StandIns& names) { names.know("west", StandIns::Kind::host); });
    for (int i = 0; i < 2; ++i)
        (*recording)->keep([](StandIns& names) { return Recording::Note{names.in("west-x"), names.in("at west")}; });
    CHECK((*recording)->kept() == 2);
    CHECK_FALSE((*recording)->trouble());
    CHECK(read_file(folder + "/0002-west-x.txt", 100) == "at HOST001");
    struct stat info {};
    REQUIRE(::stat((folder + "/0001-west-x.txt").c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    for (const char* made : {"/a", "/a/b"}) {
        REQUIRE(::stat((base + made).c_str(), &info) == 0);
        CHECK((info.st_mode & 0777) == 0700);
    }
    for (const std::string& taken : {folder, folder + "/0001-west-x.txt"}) {
        const auto refused = Recording::open(taken);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Code::refused);
        CHECK(refused.error().text.find("new or empty") != std::string::npos);
    }
    CHECK(Recording::open("").error().code == Code::bad_input);
    fs::remove_all(folder);
    std::ofstream(folder) << "a file where the folder was";
    (*recording)->keep([](StandIns&) { return Recording::Note{"x", "y"}; });
    CHECK((*recording)->trouble().has_value());
    CHECK((*recording)->kept() == 2);
    fs::remove_all(base);
}

}  // namespace fairway::recording_test
