// Why is a server not trusted over TLS, and what is to be done about it: in one wording for hosts and directories. And,
// for a library that does not say: what is wrong with the server's certificate? That is diagnosed by a TLS handshake
// that is always aborted, so that nothing can be sent over it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairway::distrust {

// Who is spoken of, and which settings of the inventory say whom to trust.
struct Wording {
    std::string_view who;  // "host"
    std::string_view ca;   // "`tls: {ca: …}`"
    std::string_view pin;  // "`tls: {fingerprint: …}`"; empty: there is none
};

struct Fault {
    int verdict = 0;     // X509_V_ERR_…
    int depth = 0;       // of whose certificate: 0: the server's own, else of one who vouches for it
    std::string detail;  // for a person: until when, for whom, by whom; or empty. A stranger's text, made printable
};

// Empty: not one of the known faults.
std::string words(const Fault& fault, const Wording& wording);
// Of all of them; what is said twice is said once.
std::string words(const std::vector<Fault>& faults, const Wording& wording);

struct Expected {
    std::string name;       // that the certificate must carry, or an IP address
    std::string ca_file;    // PEM, or empty
    std::string ca_folder;  // as openssl-rehash leaves it, or empty
};

// What is wrong with the certificate that is shown over a connected, blocking socket; empty: nothing, or it cannot be
// told. A server sees a greeting and, when it has shown its certificate, an alert: whoever it is, it is refused. The
// caller sets an end to it (by shutting the socket down) and minds SIGPIPE.
std::vector<Fault> of_peer(int socket, const Expected& expected);

}  // namespace fairway::distrust
