// Where do secrets come from, and where do they stay? A file, a descriptor that the caller left open, or a program
// that is asked; then in memory of their own that is not swapped out, not dumped and wiped at the end. It must not
// know what a secret is for, and no secret stands in an error or a log.
#pragma once

#include <chrono>
#include <iosfwd>
#include <memory>
#include <span>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/secret_source.hpp"

namespace fairway {

// Never copied and never printed: who needs the text borrows it, and wipes what is made of it.
class Secret {
public:
    static constexpr std::size_t most = 4096;  // bytes, without the final line feed

    static Result<std::shared_ptr<Secret>> make();  // empty
    ~Secret();
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

    std::string_view text() const { return {memory_, size_}; }

    // For whoever fills it: the free rest, and how much of it is filled now.
    std::span<char> rest() { return {memory_ + size_, capacity() - size_}; }
    void grow(std::size_t bytes) { size_ += bytes; }
    void drop_line_end();

private:
    explicit Secret(char* memory) : memory_(memory) {}
    static std::size_t capacity();

    char* memory_;  // whole pages
    std::size_t size_ = 0;
};
std::ostream& operator<<(std::ostream&, const Secret&) = delete;
using SharedSecret = std::shared_ptr<const Secret>;

constexpr std::chrono::milliseconds secret_patience{60'000};  // for a descriptor or a command

// Asked once in the life of the process, and the answer, good or bad, is remembered: a descriptor can be read once
// only, and a vault is not asked again for each of a thousand hosts. For any thread.
Result<SharedSecret> obtain_secret(const SecretSource& source, std::chrono::milliseconds patience = secret_patience);

}  // namespace fairway
