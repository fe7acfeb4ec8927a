// Do all inputs that a fuzzer ever found worth keeping still pass? Every file of corpus/<target>/ goes through its
// target; a folder that is empty, or that belongs to no target, is a failure. usage: fuzz_replay CORPUS
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

// FAIRWAY_FUZZ_TARGETS is `X(name)` for each target, from CMakeLists.txt.
#define X(name) extern "C" int fuzz_##name(const unsigned char* data, std::size_t size);
FAIRWAY_FUZZ_TARGETS
#undef X

namespace {

struct Target {
    const char* name;
    int (*run)(const unsigned char* data, std::size_t size);
};

#define X(name) Target{#name, fuzz_##name},
constexpr Target targets[] = {FAIRWAY_FUZZ_TARGETS};
#undef X

int replay(const Target& target, const std::filesystem::path& folder) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string input((std::istreambuf_iterator<char>(file)), {});
        if (!file) return -1;
        // Said beforehand: the one that crashes is the last one named.
        std::printf("%s %s\n", target.name, entry.path().filename().c_str());
        std::fflush(stdout);
        target.run(reinterpret_cast<const unsigned char*>(input.data()), input.size());
        ++count;
    }
    return count;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 64;
    const std::filesystem::path corpus(argv[1]);
    for (const Target& target : targets) {
        const int count =
            std::filesystem::is_directory(corpus / target.name) ? replay(target, corpus / target.name) : 0;
        if (count <= 0) return std::fprintf(stderr, "nothing to replay for %s\n", target.name), 1;
        std::printf("%s: %d inputs passed\n", target.name, count);
    }
    for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
        bool known = false;
        for (const Target& target : targets) known = known || entry.path().filename() == target.name;
        if (!known) return std::fprintf(stderr, "%s belongs to no target\n", entry.path().c_str()), 1;
    }
    return 0;
}
