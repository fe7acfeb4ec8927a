// How are we proved to a directory server, and the server to us: the messages of SASL's GSSAPI (RFC 4752) and
// GSS-SPNEGO (MS-ADTS 5.1.1.1.2) and what they settle about sealing. It moves no bytes; how one bind request is sent is
// given.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/model/inventory.hpp"
#include "providers/sign_on/gss.hpp"

namespace fairway::ldap {

// The longest sealed message that is taken, and the shortest limit of the other side that is worth a connection.
inline constexpr std::size_t most_buffer = 0xffffff, least_buffer = 1024;

// One bind request and its answer. `over`: the server counts us as signed on.
struct Turn {
    bool over = false;
    std::string token;
};
using Say = std::function<Result<Turn>(const std::string& token)>;

// The longest sealed message that the server takes; 0: nothing is sealed (`inside_tls`). Error also when the server did
// not prove itself: then no more was said to it than these tokens.
Result<std::size_t> sign_on(gss::Handshake& handshake, Bind bind, bool inside_tls, const Say& say);

// What to answer to the server's offer of layers (RFC 4752 3.1), and the limit that it holds.
struct LayerChoice {
    std::string answer;
    std::size_t most = 0;
};
Result<LayerChoice> choose_layer(std::string_view offer, bool inside_tls);

}  // namespace fairway::ldap
