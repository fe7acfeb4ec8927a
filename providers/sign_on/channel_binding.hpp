// What is a TLS channel called for a sign-on inside it, so that the sign-on counts in that channel alone (RFC 5929)?
#pragma once

#include <string>
#include <string_view>

namespace fairway {

// "tls-server-end-point:" and the hash of the server's certificate, which comes as DER; empty: it is no certificate.
std::string end_point_binding(std::string_view certificate);

}  // namespace fairway
