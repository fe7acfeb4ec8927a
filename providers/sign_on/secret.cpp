// See secret.hpp. The memory of a secret, and what was asked before. How a source is read: secret_reader.cpp.
#include "providers/sign_on/secret.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/base/file.hpp"
#include "providers/sign_on/secret_reader.hpp"

namespace fairway {

std::size_t Secret::capacity() {
    static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    // One byte for the line feed and one to see that it is too much.
    return (most + 2 + page - 1) / page * page;
}

Result<std::shared_ptr<Secret>> Secret::make() {
    void* memory = ::mmap(nullptr, capacity(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return fail(Code::storage, "there is no memory left for a secret");
    // A limit may forbid the first (RLIMIT_MEMLOCK), an old kernel the second; the secret is needed all the same.
    (void)::mlock(memory, capacity());
    (void)::madvise(memory, capacity(), MADV_DONTDUMP);
    return std::shared_ptr<Secret>(new Secret(static_cast<char*>(memory)));
}

Secret::~Secret() {
    wipe(memory_, capacity());
    ::munmap(memory_, capacity());
}

void Secret::drop_line_end() {
    if (size_ > 0 && memory_[size_ - 1] == '\n') memory_[--size_] = '\0';
}

Result<SharedSecret> obtain_secret(const SecretSource& source, std::chrono::milliseconds patience) {
    struct Asked {
        std::mutex asking;  // so that a slow source holds up only those who want it too
        std::optional<Result<SharedSecret>> answer;
    };
    static std::mutex guard;
    static std::map<SecretSource, std::shared_ptr<Asked>> all;
    std::shared_ptr<Asked> asked;
    {
        const std::scoped_lock lock(guard);
        auto& found = all[source];
        if (!found) found = std::make_shared<Asked>();
        asked = found;
    }
    const std::scoped_lock lock(asked->asking);
    if (!asked->answer) asked->answer = read_secret_source(source, patience);
    return *asked->answer;
}

}  // namespace fairway
