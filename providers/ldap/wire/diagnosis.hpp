// Why was a server's TLS refused? The LDAP library says only that it was (2.5 with GnuTLS: "connect error" for a
// stranger's certificate, an expired one and one for another name). So its certificate is read once more, over a
// connection of its own, by a TLS handshake that is always aborted, so no sign-on and no search can be sent. What it
// finds is text for a person; the refusal stays, whatever it says.
#pragma once

#include <chrono>
#include <string>

#include "engine/model/inventory.hpp"
#include "providers/ldap/wire/guards.hpp"

namespace fairway::ldap {

// Of the connection that was refused.
struct Refused {
    std::string server;   // by the name that the certificate must carry
    std::string address;  // that answered: a name may stand for several machines
    std::string ca_file;  // what the library trusted, or empty
    std::string ca_folder;
};

// Empty where it cannot be known. patience: with connecting, and again with the handshake.
std::string why_untrusted(const Refused& refused, const Directory& directory,
                          std::chrono::milliseconds patience = connect_patience);

}  // namespace fairway::ldap
