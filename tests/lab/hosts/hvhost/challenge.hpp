// An NTLM CHALLENGE as a member of a domain sends it: gss-ntlmssp names no DNS domain in its own (MS-NLMP 2.2.2.1).
// The acceptor checks a code over the message that it sent, so the message is changed in its context as well.
#pragma once

#include <gssapi/gssapi.h>

#include <string>

namespace lab {

// `challenge` with `domain` in it, and `context` as if it had sent that. Throws std::runtime_error where the library
// keeps its context otherwise than version 1.2 did.
[[nodiscard]] std::string name_domain(gss_ctx_id_t& context, const std::string& challenge, const std::string& domain);

}  // namespace lab
