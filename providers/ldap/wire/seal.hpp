// How is everything on a connection to a directory server sealed, once the two have proved to each other who they are?
// Frames of four bytes of length and a sealed message (RFC 4422 3.7), between the LDAP library and its socket.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "providers/sign_on/gss.hpp"

struct ldap;
struct sockbuf_io;
struct sockbuf_io_desc;

namespace fairway::ldap {

class Seal {
public:
    // `most`: bytes of the longest sealed message that the server takes.
    Seal(std::shared_ptr<gss::Handshake> context, std::size_t most);
    Seal(const Seal&) = delete;
    Seal& operator=(const Seal&) = delete;

    // From now on, for as long as the connection lives; so must the seal. False: the library has no place for it.
    bool put_on(::ldap* ld);
    // Why a frame could not be opened or made; empty: nothing was wrong.
    const std::string& trouble() const { return trouble_; }

private:
    static const sockbuf_io layer;
    static int control(sockbuf_io_desc* below, int option, void* argument);
    static long read(sockbuf_io_desc* below, void* out, unsigned long most);
    static long write(sockbuf_io_desc* below, void* bytes, unsigned long size);

    long fill(sockbuf_io_desc* below);
    bool open_frame();
    bool frame(std::string_view message);
    long failed(std::string why);

    std::shared_ptr<gss::Handshake> context_;
    std::size_t most_message_;
    std::string frame_;      // as far as it came
    std::string message_;    // of the last frame that was whole
    std::size_t taken_ = 0;  // of it, by the library
    std::string sent_;       // a frame on its way out
    std::string trouble_;
};

}  // namespace fairway::ldap
