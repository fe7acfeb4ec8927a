// What one handshake holds, for its two files: gss_handshake.cpp, where it comes about, and gss_seal.cpp, where it is
// used.
#pragma once

#include <fmt/format.h>

#include "providers/sign_on/gss_library.hpp"

namespace fairway::gss {

struct Handshake::Security {
    SharedLogin login;
    Service service;
    std::string binding;
    Purpose purpose;
    std::string named = {};  // the domain, by an NTLM server that has not signed us on yet
    Name target = {};
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    ~Security() {
        OM_uint32 minor = 0;
        gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    }
    std::string who() const {
        const std::string name = fmt::format("{}/{}", service.type, service.host);
        return service.domain.empty() ? name : fmt::format("{}/{}", name, service.domain);
    }
};

}  // namespace fairway::gss
