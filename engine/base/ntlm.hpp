// Which domain does an NTLM server say that it belongs to? Read from its CHALLENGE message (MS-NLMP 2.2.1.2), which
// comes before anybody proved anything: whoever asks must use the answer only after the sign-on succeeded. Pure; it
// knows neither GSSAPI nor who carries the message.
#pragma once

#include <string>
#include <string_view>

namespace fairway::ntlm {

// The DNS name of the domain, in lower case; empty where the message is not exactly as it should be, names no domain
// (a server that is in none names itself), or is not of the kind that a client's answer vouches for.
std::string domain_of(std::string_view challenge);

}  // namespace fairway::ntlm
