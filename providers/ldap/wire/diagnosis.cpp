// See diagnosis.hpp.
#include "providers/ldap/wire/diagnosis.hpp"

#include "providers/ldap/wire/anonymous.hpp"
#include "providers/ldap/wire/library.hpp"
#include "providers/sign_on/distrust.hpp"

namespace fairway::ldap {
namespace {

constexpr distrust::Wording wording = {"server", "the inventory's `ca`", {}};

// The library's part: a TCP connection and, where it is due, the request for TLS (RFC 4511 4.14). It is given no layer
// of TLS.
class Caller : public Anonymous {
public:
    bool agrees_to_tls() {
        return ldap_extended_operation_s(library(), LDAP_EXOP_START_TLS, nullptr, nullptr, nullptr, nullptr, nullptr) ==
               LDAP_SUCCESS;
    }
};

}  // namespace

std::string why_untrusted(const Refused& refused, const Directory& directory, std::chrono::milliseconds patience) {
    const NoPipeSignal quiet;
    Caller caller;
    const int socket = caller.connect(refused.address, directory.port, patience);
    if (socket < 0) return {};
    const Deadline deadline(socket, patience);
    if (directory.tls == Tls::starttls && !caller.agrees_to_tls()) return {};
    return distrust::words(distrust::of_peer(socket, {refused.server, refused.ca_file, refused.ca_folder}), wording);
}

}  // namespace fairway::ldap
