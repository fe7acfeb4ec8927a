// See diagnosis.hpp.
#include "providers/ldap/diagnosis.hpp"

#include <sys/socket.h>

#include "engine/base/distrust.hpp"
#include "providers/ldap/library.hpp"
#include "providers/ldap/names.hpp"

namespace fairway::ldap {
namespace {

constexpr distrust::Wording wording = {"server", "the inventory's `ca`", {}};
constexpr ber_len_t largest_answer = 64u << 10;

// The library's part: a TCP connection and, where it is due, the request for TLS (RFC 4511 4.14). It is given no layer
// of TLS, and its handle is not let out of here.
class Caller {
public:
    Caller() = default;
    ~Caller() {
        if (!ld_) return;
        // Before the library says goodbye in the middle of a handshake.
        if (const int socket = descriptor_of(ld_); socket >= 0) ::shutdown(socket, SHUT_RDWR);
        ldap_unbind_ext_s(ld_, nullptr, nullptr);
    }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    // The socket; negative if there is none.
    int connect(const std::string& uri, std::chrono::milliseconds patience) {
        const int version = LDAP_VERSION3;
        const timeval limit{patience.count() / 1000, patience.count() % 1000 * 1000};
        if (ldap_initialize(&ld_, uri.c_str()) != LDAP_SUCCESS ||
            ldap_set_option(ld_, LDAP_OPT_PROTOCOL_VERSION, &version) != LDAP_OPT_SUCCESS ||
            ldap_set_option(ld_, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) != LDAP_OPT_SUCCESS ||
            ldap_set_option(ld_, LDAP_OPT_NETWORK_TIMEOUT, &limit) != LDAP_OPT_SUCCESS)
            return -1;
        limit_answers(ld_, largest_answer);
        return ldap_connect(ld_) == LDAP_SUCCESS ? descriptor_of(ld_) : -1;
    }
    bool agrees_to_tls() {
        return ldap_extended_operation_s(ld_, LDAP_EXOP_START_TLS, nullptr, nullptr, nullptr, nullptr, nullptr) ==
               LDAP_SUCCESS;
    }

private:
    LDAP* ld_ = nullptr;
};

}  // namespace

std::string why_untrusted(const Refused& refused, const Directory& directory, std::chrono::milliseconds patience) {
    const NoPipeSignal quiet;
    const Result<std::string> uri = server_uri("ldap", refused.address, directory.port);
    Caller caller;
    const int socket = uri ? caller.connect(*uri, patience) : -1;
    if (socket < 0) return {};
    const Deadline deadline(socket, patience);
    if (directory.tls == Tls::starttls && !caller.agrees_to_tls()) return {};
    return distrust::words(distrust::of_peer(socket, {refused.server, refused.ca_file, refused.ca_folder}), wording);
}

}  // namespace fairway::ldap
