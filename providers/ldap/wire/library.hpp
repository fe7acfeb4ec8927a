// The LDAP library: its headers, and owners for what they give away. Only the files that tests/python/layers.py names
// include it.
#pragma once

#include <ldap.h>

#include <memory>
#include <string>

#include "engine/base/freed_by.hpp"

namespace fairway::ldap {

using Message = std::unique_ptr<LDAPMessage, FreedBy<ldap_msgfree>>;
using Text = std::unique_ptr<char, FreedBy<ldap_memfree>>;
using Control = std::unique_ptr<LDAPControl, FreedBy<ldap_control_free>>;
using Controls = std::unique_ptr<LDAPControl*, FreedBy<ldap_controls_free>>;
using Values = std::unique_ptr<berval, FreedBy<ber_memfree>>;  // an array whose bytes are the message's
using Bytes = std::unique_ptr<berval, FreedBy<ber_bvfree>>;
using Ber = std::unique_ptr<BerElement, decltype([](BerElement* ber) { ber_free(ber, 0); })>;

// The library's structures want char* for what they only read.
inline char* borrowed(const std::string& text) { return const_cast<char*>(text.c_str()); }
inline berval borrowed_bytes(const std::string& text) { return {text.size(), borrowed(text)}; }

inline int descriptor_of(LDAP* ld) {
    int socket = -1;
    return ldap_get_option(ld, LDAP_OPT_DESC, &socket) == LDAP_OPT_SUCCESS ? socket : -1;
}

// The server's certificate as DER; empty: none was shown.
inline std::string certificate_of(LDAP* ld) {
    berval der{};
    if (ldap_get_option(ld, LDAP_OPT_X_TLS_PEERCERT, &der) != LDAP_OPT_SUCCESS) return {};
    const Text owned(der.bv_val);
    return {der.bv_val, der.bv_len};
}

// Bytes of one message, of which a server says beforehand how many there will be.
inline void limit_answers(LDAP* ld, ber_len_t largest) {
    Sockbuf* buffer = nullptr;
    if (ldap_get_option(ld, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS && buffer)
        ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &largest);
}

}  // namespace fairway::ldap
