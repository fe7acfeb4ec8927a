// Can what runs confined do more than compute and write to us, and does whatever becomes of it leave this process as it
// was?
#include "engine/base/confined.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/base/descriptor.hpp"
#include "engine/base/posix.hpp"

namespace fairway::confined_test {
namespace {

struct Said {
    std::string text;
    bool whole;
};

Said confined(const std::function<void(int out)>& work) {
    Said out;
    out.whole = run_confined(work, [&](std::string_view piece) { return out.text += piece, true; }).has_value();
    return out;
}

void say(int out, std::string_view text) { (void)write_all(out, "it", text); }

}  // namespace

TEST_CASE("confined: what it writes comes, however much it is") {
    const auto large = confined([](int out) { say(out, std::string(1'000'000, 'x') + "end"); });
    CHECK(large.whole);
    CHECK(large.text.size() == 1'000'003);
    CHECK(large.text.ends_with("xend"));
    CHECK(confined([](int) {}).whole);
}

TEST_CASE("confined: it opens nothing, connects to nothing, starts nothing and ends no one") {
    const auto tries = {std::function([] { ::open("/dev/null", O_RDONLY); }),
                        std::function([] { ::socket(AF_INET, SOCK_STREAM, 0); }),
                        std::function([] { (void)::fork(); }),
                        std::function([] { ::execl("/bin/true", "true", nullptr); }),
                        std::function([] { ::kill(::getppid(), 0); }),
                        std::function([] { ::unlink("/nowhere/file"); })};
    for (const auto& one : tries) {
        const auto said = confined([&](int out) {
            say(out, "before");
            one();
            say(out, "behind");
        });
        CHECK_FALSE(said.whole);
        CHECK(said.text == "before");
    }
}

TEST_CASE("confined: it has no open file but the one that it writes to") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const Descriptor in(ends[0]), out(ends[1]);
    const auto said = confined([&](int answer) { say(answer, ::write(out.get(), "x", 1) < 0 ? "closed" : "open"); });
    CHECK(said.text == "closed");
    CHECK(said.whole);
}

TEST_CASE("confined: it may break down, take too much memory, or never end") {
    CHECK_FALSE(confined([](int) { std::abort(); }).whole);
    CHECK_FALSE(confined([](int) { throw 1; }).whole);
    const auto greedy = confined([](int out) {
        std::string all;
        for (;;) all.resize(all.size() + (256u << 20)), say(out, ".");
    });
    CHECK_FALSE(greedy.whole);
    CHECK(greedy.text.size() < 5);
    std::size_t pieces = 0;
    CHECK(run_confined(
              [](int out) {
                  for (;;) say(out, "more");
              },
              [&](std::string_view) { return ++pieces < 3; })
              .has_value());
    CHECK(pieces == 3);
}

}  // namespace fairway::confined_test
