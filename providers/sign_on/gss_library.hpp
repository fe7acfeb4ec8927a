// GSSAPI (RFC 2744; credential stores are MIT's extension, since 1.11) and MIT's Kerberos: their
// headers, owners for what they give away, and what a failure of theirs means. Only this folder's gss_*.cpp
// include it.
#pragma once

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include <memory>
#include <string>
#include <string_view>

#include "providers/sign_on/gss.hpp"

namespace fairway::gss {

gss_OID oid(Mechanism mechanism);

struct Status {
    OM_uint32 major = GSS_S_COMPLETE, minor = 0;
    bool failed() const { return GSS_ERROR(major); }
};

// What the library says of it, and what to do about it.
Error explain(std::string_view doing, const Status& status, Mechanism mechanism);

// For what the library only reads.
inline gss_buffer_desc buffer_of(std::string_view text) { return {text.size(), const_cast<char*>(text.data())}; }

// What the library gave, which is released.
std::string taken(gss_buffer_desc& buffer);

// A name that is released when it goes.
class Name {
public:
    class Principal;
    Name();
    ~Name();
    Name(const Name&) = delete;
    Name& operator=(const Name&) = delete;

    Status import(std::string_view text, gss_OID type);
    // A service of Kerberos by just this name: in its domain's realm or, without one, where krb5.conf puts the machine
    // or else in the realm that the domain names. GSSAPI's own host-based names ask DNS for another name first (MIT's
    // defaults dns_canonicalize_hostname and rdns), and then whoever answers for DNS says whose ticket is asked for.
    Status import_service(const Service& service);
    gss_name_t get() const { return name_; }
    gss_name_t* out() { return &name_; }
    std::string text() const;

private:
    std::unique_ptr<Principal> principal_;  // the library looks at it for as long as the name lives
    gss_name_t name_ = GSS_C_NO_NAME;
};

}  // namespace fairway::gss
