// The door to the LDAP and SASL libraries: their headers, and owners for what they give away. Only session.cpp and
// messages.cpp come through it.
#pragma once

#include <ldap.h>
#include <sasl/sasl.h>

#include <memory>
#include <string>

namespace fairway::ldap {

template <auto Free>
struct FreedBy {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using Message = std::unique_ptr<LDAPMessage, FreedBy<ldap_msgfree>>;
using Text = std::unique_ptr<char, FreedBy<ldap_memfree>>;
using Control = std::unique_ptr<LDAPControl, FreedBy<ldap_control_free>>;
using Controls = std::unique_ptr<LDAPControl*, FreedBy<ldap_controls_free>>;
using Values = std::unique_ptr<berval, FreedBy<ber_memfree>>;  // an array whose bytes are the message's
using Ber = std::unique_ptr<BerElement, decltype([](BerElement* ber) { ber_free(ber, 0); })>;

// The library's structures want char* for what they only read.
inline char* borrowed(const std::string& text) { return const_cast<char*>(text.c_str()); }
inline berval borrowed_bytes(const std::string& text) { return {text.size(), borrowed(text)}; }

}  // namespace fairway::ldap
