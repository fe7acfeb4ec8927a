// Which domain does an NTLM server say that it belongs to, and may its message be shown to NTLM's library? Read from
// its CHALLENGE message (MS-NLMP 2.2.1.2), which comes before anybody proved anything: whoever asks must use the answer
// only after the sign-on succeeded. Pure; it knows neither GSSAPI nor who carries the message.
#pragma once

#include <string>
#include <string_view>

namespace fairway::ntlm {

// The DNS name of the domain, in lower case; empty where the message is not exactly as it should be, names no domain
// (a server that is in none names itself), or is not of the kind that a client's answer vouches for.
std::string domain_of(std::string_view challenge);

// False: a CHALLENGE, bare or inside of SPNEGO, that says it names a server or a domain and names none. Debian 12's
// gss-ntlmssp (1.2.0) does not survive it (its issue 90).
bool names_what_it_says(std::string_view token);

}  // namespace fairway::ntlm
