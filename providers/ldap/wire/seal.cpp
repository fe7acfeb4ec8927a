// See seal.hpp. Fact: LDAP-37.
#include "providers/ldap/wire/seal.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fmt/format.h>

#include "providers/ldap/wire/library.hpp"
#include "providers/ldap/wire/sasl.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t frame_head = 4;     // a frame's length, most significant byte first
constexpr std::size_t piece = 64u << 10;  // room is made as bytes come, not as a stranger says
constexpr std::size_t seal_takes = 256;   // more than any mechanism adds to a message

std::size_t length_of(std::string_view frame) {
    std::size_t out = 0;
    for (const char byte : frame.substr(0, frame_head)) out = out << 8 | static_cast<unsigned char>(byte);
    return out;
}

Seal& seal_of(sockbuf_io_desc* below) { return *static_cast<Seal*>(below->sbiod_pvt); }

}  // namespace

const sockbuf_io Seal::layer = {
    .sbi_setup = [](sockbuf_io_desc* below, void* seal) { return below->sbiod_pvt = seal, 0; },
    .sbi_remove = nullptr,
    .sbi_ctrl = control,
    .sbi_read = read,
    .sbi_write = write,
    .sbi_close = nullptr,
};

Seal::Seal(std::shared_ptr<gss::Handshake> context, std::size_t most)
    : context_(std::move(context)), most_message_(std::min(most, piece) - seal_takes) {
    static_assert(least_buffer > seal_takes);
}

bool Seal::put_on(::ldap* ld) {
    Sockbuf* buffer = nullptr;
    // The library's table is not const, and is not written to.
    return ldap_get_option(ld, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS && buffer != nullptr &&
           ber_sockbuf_add_io(buffer, const_cast<sockbuf_io*>(&layer), LBER_SBIOD_LEVEL_APPLICATION, this) == 0;
}

long Seal::failed(std::string why) {
    trouble_ = std::move(why);
    errno = EBADMSG;
    return -1;
}

int Seal::control(sockbuf_io_desc* below, int option, void* argument) {
    const Seal& ours = seal_of(below);
    if (option == LBER_SB_OPT_DATA_READY && ours.taken_ < ours.message_.size()) return 1;
    return LBER_SBIOD_CTRL_NEXT(below, option, argument);
}

long Seal::read(sockbuf_io_desc* below, void* out, unsigned long most) {
    Seal& ours = seal_of(below);
    if (ours.taken_ == ours.message_.size()) {
        if (const long got = ours.fill(below); got <= 0) return got;
        if (!ours.open_frame()) return -1;
    }
    const std::size_t part = std::min<std::size_t>(most, ours.message_.size() - ours.taken_);
    std::copy_n(ours.message_.data() + ours.taken_, part, static_cast<char*>(out));
    ours.taken_ += part;
    return static_cast<long>(part);
}

// One frame; what the socket says where there is none yet.
long Seal::fill(sockbuf_io_desc* below) {
    for (;;) {
        const std::size_t have = frame_.size(), length = have < frame_head ? 0 : length_of(frame_);
        if (have >= frame_head && (length == 0 || length > most_buffer))
            return failed(fmt::format("the server sent a sealed message of {} bytes", length));
        const std::size_t whole = frame_head + length;
        if (have >= frame_head && have == whole) return 1;
        frame_.resize(have + std::min(whole - have, piece));
        const long got = LBER_SBIOD_READ_NEXT(below, frame_.data() + have, frame_.size() - have);
        const int why = errno;
        frame_.resize(have + static_cast<std::size_t>(std::max(got, 0L)));
        errno = why;
        if (got <= 0 && !(got < 0 && why == EINTR)) return got;
    }
}

bool Seal::open_frame() {
    Result<std::string> message = context_->unseal(std::string_view(frame_).substr(frame_head));
    frame_.clear();
    taken_ = 0;
    message_ = message ? std::move(*message) : std::string();
    if (!message) failed(message.error().text);
    else if (message_.empty()) failed("the server sent a sealed message of nothing");
    return !message_.empty();
}

bool Seal::frame(std::string_view message) {
    const Result<gss::Sealed> sealed = context_->seal(message);
    if (!sealed) return failed(sealed.error().text) > 0;
    const std::size_t length = sealed->header.size() + sealed->data.size();
    sent_.clear();
    for (int shift = 24; shift >= 0; shift -= 8) sent_ += static_cast<char>(length >> shift & 0xff);
    sent_ += sealed->header;
    sent_ += sealed->data;
    return true;
}

// All of it: the socket waits, so a part that is left over means an error.
long Seal::write(sockbuf_io_desc* below, void* bytes, unsigned long size) {
    Seal& ours = seal_of(below);
    const std::string_view all(static_cast<const char*>(bytes), size);
    for (std::size_t at = 0; at < all.size(); at += ours.most_message_) {
        if (!ours.frame(all.substr(at, ours.most_message_))) return -1;
        for (std::size_t done = 0; done < ours.sent_.size();) {
            const long wrote = LBER_SBIOD_WRITE_NEXT(below, ours.sent_.data() + done, ours.sent_.size() - done);
            if (wrote < 0 && errno == EINTR) continue;
            if (wrote <= 0) return -1;
            done += static_cast<std::size_t>(wrote);
        }
    }
    return static_cast<long>(size);
}

}  // namespace fairway::ldap
